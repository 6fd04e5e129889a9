"""Where processes of ours are born quickly: each is forked from one that has loaded everything already.

What they run is `werkstatt …` itself, or Celery's own command, with an environment of their own.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.app.eventually import eventually

LOADED = ("app.web", "app.shift", "app.commands.serve", "app.commands.worker", "uvicorn", "celery.bin.celery")


def _birth(pid: int) -> str:
    """When this process began, in the kernel's own count; nothing where there is none, or no such count."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    return ""


@dataclass(frozen=True)
class Child:
    """A process that was born here, and when; `log` is what it says on stderr and stdout.

    Numbers of processes are given again: hundreds of deaths later somebody else has this one.
    """

    pid: int
    birth: str
    log: Path

    @property
    def alive(self) -> bool:
        with suppress(ProcessLookupError):
            os.kill(self.pid, 0)
            return _birth(self.pid) == self.birth
        return False

    def kill(self) -> None:
        """As `kill -9`, with all its own children; returns once it is gone."""
        self.tell_all(signal.SIGKILL)
        self.wait()

    def tell(self, sign: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            if self.alive:
                os.kill(self.pid, sign)

    def tell_all(self, sign: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            if self.alive:
                os.killpg(self.pid, sign)

    def wait(self, seconds: float = 60) -> None:
        eventually(lambda: not self.alive, seconds=seconds)

    def says(self, words: str) -> bool:
        return words in self.log.read_text(errors="replace")


class Nursery:
    def __init__(self, process: "subprocess.Popen[str]", place: Path) -> None:
        self._process, self._place, self._born = process, place, 0

    def bear(self, command: Sequence[str], environment: Mapping[str, str]) -> Child:
        """A process that runs `werkstatt` with these words, or Celery where the first one says so."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._born += 1
        log = self._place / f"{self._born}-{command[0]}.log"
        log.touch()
        order = {"command": list(command), "environment": dict(environment), "log": str(log)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        pid = int(self._process.stdout.readline())
        return Child(pid, _birth(pid), log)


@contextmanager
def a_nursery(place: Path) -> Iterator[Nursery]:
    """Its children die with it, and it dies with us."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.nursery"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        yield Nursery(process, place)
        process.communicate()


def _live(command: list[str], environment: dict[str, str], log: str) -> None:
    os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    output = os.open(log, os.O_WRONLY | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, nothing), (1, output), (2, output)):
        os.dup2(source, target)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(number, mode) for number, mode in ((0, "r"), (1, "w"), (2, "w")))
    os.environ.update(environment)
    if command[0] == "celery":
        from celery.bin.celery import main as run

        from app.worker import celery

        celery.conf.broker_url = environment["REDIS_URL"]  # It was loaded before it could be known.
    else:
        from app.cli import main as run

        command = ["werkstatt", *command]
    sys.argv = command
    run()


def _bear_whoever_is_asked_for() -> None:
    for module in LOADED:
        __import__(module)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Nobody waits for them, so that whoever is dead is gone.
    born: list[tuple[int, str]] = []
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                _live(**order)
                code = 0
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 1
            finally:
                sys.stderr.flush()
                os._exit(code)
        with suppress(OSError):  # It does so itself too; whoever is first.
            os.setpgid(pid, pid)
        born.append((pid, _birth(pid)))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    for pid, birth in born:
        with suppress(ProcessLookupError, PermissionError):
            if _birth(pid) in {birth, ""}:  # Without a leader the group may still have members.
                os.killpg(pid, signal.SIGKILL)
    time.sleep(0)


if __name__ == "__main__":
    _bear_whoever_is_asked_for()
