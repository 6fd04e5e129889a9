"""A wire that can be cut: what goes over it is passed on, delayed, swallowed or torn off, as it is told."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum

CHUNK = 65_536
GLANCE = 0.02


class Mood(StrEnum):
    FINE = "everything passes"
    DEAD = "whoever calls is hung up on"
    SILENT = "calls are taken, and nobody ever says a word"


class Wire:
    """From a port of its own to `there`: a port of this machine, or the path of a socket."""

    def __init__(self, there: int | str) -> None:
        self._there = there
        self.mood, self.delay = Mood.FINE, 0.0
        self._swallow_after: tuple[bytes, bytes] | None = None
        self.swallowed = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = int(self._listening.getsockname()[1])

    def cut(self, mood: Mood = Mood.DEAD) -> None:
        """End all that is open; what comes next meets this mood."""
        self.mood = mood
        self._hang_up()

    def freeze(self) -> None:
        """Leave open what is open, but let nothing through any more, as a machine does whose cable was pulled."""
        self.mood = Mood.SILENT

    def mend(self) -> None:
        self.mood, self.delay = Mood.FINE, 0.0
        self._hang_up()

    def swallow_answer_to(self, words: bytes, *, after: bytes) -> None:
        """Once, on a line on which something was said before: these words get there, but nobody hears the answer."""
        self._swallow_after = after, words

    @contextmanager
    def open(self) -> Iterator["Wire"]:
        thread = threading.Thread(target=self._accept, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._hang_up()
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:
                return
            if self.mood is Mood.DEAD:
                caller.close()
                continue
            threading.Thread(target=self._connect, args=(caller,), daemon=True).start()

    def _connect(self, caller: socket.socket) -> None:
        try:
            if isinstance(self._there, int):
                called = socket.create_connection(("127.0.0.1", self._there))
            else:
                called = socket.socket(socket.AF_UNIX)
                called.connect(self._there)
        except OSError:
            caller.close()
            return
        with self._lock:
            self._open |= {caller, called}
        threading.Thread(target=self._carry, args=(called, caller), daemon=True).start()
        self._carry(caller, called, asking=True)

    def _carry(self, source: socket.socket, target: socket.socket, *, asking: bool = False) -> None:
        said = b""
        with suppress(OSError):
            while data := source.recv(CHUNK):
                while self.mood is Mood.SILENT:
                    time.sleep(GLANCE)
                if self.delay:
                    time.sleep(self.delay)
                if asking and self._swallow_after:
                    said += data
                    if _follows(said, *self._swallow_after):
                        self._swallow(source, target, data)
                        break
                target.sendall(data)
        self._close(source, target)

    def _swallow(self, caller: socket.socket, called: socket.socket, data: bytes) -> None:
        """Nobody hears the answer, but it is given: the caller is gone before the words get there."""
        self._swallow_after = None
        with suppress(OSError):
            caller.shutdown(socket.SHUT_RDWR)
        called.sendall(data)
        self.swallowed += 1
        time.sleep(0.2)

    def _hang_up(self) -> None:
        with self._lock:
            mine = tuple(self._open)
        self._close(*mine)

    def _close(self, *ends: socket.socket) -> None:
        with self._lock:
            self._open.difference_update(ends)
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def _follows(said: bytes, after: bytes, words: bytes) -> bool:
    return words in said.partition(after)[2]
