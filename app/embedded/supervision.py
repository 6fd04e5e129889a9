"""Keeping one child process alive until it is no longer wanted."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from threading import Lock, Thread

from app.embedded.locks import wait_exclusive

PR_SET_PDEATHSIG = 1
PATIENCE_S = 3.0  # The remains of a killed server may need a moment to vanish before the next one can start.
STOPPING_S = 30.0
LIBC = ctypes.CDLL(None)


class Supervision:
    """Starts the command again when it is killed; gives up when it keeps failing by itself."""

    def __init__(self, command: list[str], stop_signal: signal.Signals) -> None:
        self._command = command
        self._stop_signal = stop_signal
        self._guard = Lock()
        self._unused = False

    def until_unused(self, users: int) -> None:
        """Return once the users' lock could be taken alone, which is then held, and the command has ended."""
        # The parent-death signal belongs to the thread that forks, so only this one, the main thread, ever does.
        process = self._process = self._start()
        Thread(target=self._stop_when_unused, args=[users], daemon=True).start()
        try:
            patience_ends = time.monotonic() + PATIENCE_S
            while True:
                started = time.monotonic()
                code = process.wait()
                if code < 0 or time.monotonic() > started + PATIENCE_S:
                    patience_ends = time.monotonic() + PATIENCE_S
                elif time.monotonic() > patience_ends:
                    return
                else:
                    time.sleep(0.1)
                with self._guard:
                    if self._unused:
                        return
                    process = self._process = self._start()
        finally:
            self._stop(process)

    def _stop_when_unused(self, users: int) -> None:
        wait_exclusive(users)
        with self._guard:
            self._unused = True
        self._stop(self._process)

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(self._stop_signal)
        try:
            process.wait(STOPPING_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        keeper = os.getpid()

        def die_with_the_keeper() -> None:
            if sys.platform == "linux":
                LIBC.prctl(PR_SET_PDEATHSIG, self._stop_signal)
                if os.getppid() != keeper:
                    os._exit(1)

        return subprocess.Popen(self._command, stdin=subprocess.DEVNULL, preexec_fn=die_with_the_keeper)  # noqa: S603
