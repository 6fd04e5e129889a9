"""Servers in processes of their own, and callers who come at a steady rate, whether answers come or not."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from threading import local

CALLERS = 24


@contextmanager
def process(*command: str, **settings: str) -> Iterator[int]:
    """Python code with arguments, and these settings in its environment; its process id."""
    running = subprocess.Popen([sys.executable, "-c", *command], env=os.environ | settings, stderr=subprocess.DEVNULL)
    try:
        yield running.pid
    finally:
        running.terminate()
        running.wait()


def resident(pid: int) -> float:
    """Megabytes of memory that a process has in use."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def used(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    return sum(map(int, _facts(pid)[11:13])) / os.sysconf("SC_CLK_TCK")


def used_with_children(pid: int) -> float:
    """The same of a process, its children, and those of them that have ended."""
    others = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
    children = 0.0
    for other in others:
        with suppress(OSError):  # It may just have ended.
            children += used(other) if parent_of(other) == pid else 0
    return sum(map(int, _facts(pid)[11:15])) / os.sysconf("SC_CLK_TCK") + children


def parent_of(pid: int) -> int:
    return int(_facts(pid)[1])


def _facts(pid: int) -> list[str]:
    """As of proc(5), from the third on: the second is a name that may hold spaces."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()


class Caller:
    """A connection for each thread, kept open as providers keep theirs."""

    def __init__(self, port: int) -> None:
        self._port, self._local = port, local()

    def __call__(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> int:
        if not hasattr(self._local, "line"):
            self._local.line = HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            self._local.line.request(method, path, body, headers or {})
            answer = self._local.line.getresponse()
            answer.read()
        except OSError:
            self._local.line.close()
            return 0
        return int(answer.status)


def steadily(
    call: Callable[[int], int], *, rate: int, calls: int, good: frozenset[int] = frozenset({200})
) -> list[float]:
    """Milliseconds from when each call was due until it was answered; fails unless each answer is a good one."""
    begin = time.perf_counter() + 0.1

    def at_its_time(number: int) -> float:
        due = begin + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        status = call(number)
        assert status in good, f"answered {status}"
        return (time.perf_counter() - due) * 1_000

    with ThreadPoolExecutor(CALLERS) as callers:
        return list(callers.map(at_its_time, range(calls)))


def until_ready(call: Caller, path: str = "/readyz") -> None:
    for _ in range(600):
        if call("GET", path) == 200:
            return
        time.sleep(0.1)
    raise SystemExit("the server does not start")
