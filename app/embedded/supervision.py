"""Keeping one child process alive until it is no longer wanted."""

import ctypes
import os
import signal
import subprocess
import sys
import time

from app.embedded.locks import try_exclusive

PR_SET_PDEATHSIG = 1
GLANCE_S = 0.05
PATIENCE_S = 3.0  # With one that ends by itself.
SERVED_S = 10.0
"""Who has served so long can do it: when it ends, something around it is amiss, such as a full disk, and may pass."""

PAUSE_S = 1.0
REMAINS_S = 60.0  # What a killed server leaves behind keeps the next one from starting; on a busy machine for long.
STOPPING_S = 30.0
LIBC = ctypes.CDLL(None)


def supervise(command: list[str], stop_signal: signal.Signals, users: int) -> None:
    """Run the command until the users' lock could be taken alone, which is then held.

    It is started again when it was killed or has served before, and given up when it keeps ending by itself. Looking
    from time to time spares the second thread that waiting for two things would need, and forking with threads is
    asking for trouble.
    """
    process, began, has_served = _start(command, stop_signal), time.monotonic(), False
    patience_ends = began + PATIENCE_S
    try:
        while not try_exclusive(users):
            time.sleep(GLANCE_S)
            code = process.poll()
            if code is None:
                continue
            has_served |= time.monotonic() - began > SERVED_S
            if code < 0:
                patience_ends = time.monotonic() + REMAINS_S
            elif has_served:
                time.sleep(PAUSE_S)
            elif time.monotonic() > patience_ends:
                return
            process, began = _start(command, stop_signal), time.monotonic()
    finally:
        _stop(process, stop_signal)


def _start(command: list[str], stop_signal: signal.Signals) -> subprocess.Popen[bytes]:
    keeper = os.getpid()

    def die_with_the_keeper() -> None:
        if sys.platform == "linux":
            LIBC.prctl(PR_SET_PDEATHSIG, stop_signal)
            if os.getppid() != keeper:
                os._exit(1)

    return subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=die_with_the_keeper)  # noqa: S603


def _stop(process: subprocess.Popen[bytes], stop_signal: signal.Signals) -> None:
    process.send_signal(stop_signal)
    try:
        process.wait(STOPPING_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
