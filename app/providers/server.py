"""What all providers over HTTP have in common: a server, a ledger, and bad days."""

import json
import random
import threading
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class Fault(StrEnum):
    """How a request can go wrong. The last three have accepted it nevertheless."""

    TOO_MANY = "429"
    BROKEN = "500"
    LOST_ANSWER = "the answer never comes"
    GARBAGE = "the answer makes no sense"
    SLOW = "the answer takes its time"

    @property
    def accepts(self) -> bool:
        return self in {Fault.LOST_ANSWER, Fault.GARBAGE, Fault.SLOW}


@dataclass
class Mood:
    """How often what goes wrong; the same seed goes wrong in the same order."""

    rate: float = 0.0
    seed: int = 0
    faults: tuple[Fault, ...] = tuple(Fault)
    pause: float = 0.05
    planned: list[Fault | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._lock = threading.Lock()

    def next(self) -> Fault | None:
        with self._lock:
            if self.planned:
                return self.planned.pop(0)
            return self._dice.choice(self.faults) if self._dice.random() < self.rate else None


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    status: int
    body: object = None
    headers: tuple[tuple[str, str], ...] = ()


class Provider(ABC):
    """A provider that answers requests; `handle` is told of a fault only where it must not accept.

    Its `clock` dates what is written; whoever moves ours ahead moves this one too.
    """

    def __init__(self, mood: Mood | None = None) -> None:
        self.mood = mood or Mood()
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.lock = threading.RLock()
        self.url = ""

    @abstractmethod
    def handle(self, request: Request) -> Reply: ...

    @abstractmethod
    def sends(self, request: Request) -> bool:
        """Whether the request is one that our mood may spoil."""

    @abstractmethod
    def busy(self) -> Reply:
        """What it says when there were too many requests."""

    @contextmanager
    def running(self, port: int = 0) -> Iterator[Self]:
        server = _Server(("127.0.0.1", port), _handler(self))
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: object) -> None:
        """Somebody hung up."""


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: Any) -> None:
            return

        def do_POST(self) -> None:
            self._answer("POST")

        def do_GET(self) -> None:
            self._answer("GET")

        def do_DELETE(self) -> None:
            self._answer("DELETE")

        def _answer(self, method: str) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path, _, query = self.path.partition("?")
            request = Request(method, path, query, {k.lower(): v for k, v in self.headers.items()}, body)
            fault = provider.mood.next() if provider.sends(request) else None
            if fault is Fault.TOO_MANY:
                reply = provider.busy()
            elif fault is Fault.BROKEN:
                reply = Reply(500, {"ok": False, "error_code": 500, "description": "Internal Server Error"})
            else:
                reply = provider.handle(request)
            match fault:
                case Fault.LOST_ANSWER:
                    self.close_connection = True
                    return
                case Fault.GARBAGE:
                    reply = Reply(200, b"<html>everything is fine</html>")
                case Fault.SLOW:
                    threading.Event().wait(provider.mood.pause)
            self._send(reply)

        def _send(self, reply: Reply) -> None:
            content = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in (("Content-Type", "application/json"), *reply.headers):
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    return Handler


def call(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """POST to a webhook; the status, 0 if nobody answers."""
    request = urllib.request.Request(url, body, dict(headers), method="POST")  # noqa: S310 - our own address.
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def call_until_taken(url: str, body: bytes, headers: Mapping[str, str], tries: int = 6) -> int:
    """POST as Telegram does: at once, then after longer and longer pauses, until it is taken."""
    status = 0
    for attempt in range(tries):
        status = call(url, body, headers)
        if 200 <= status < 300:
            break
        threading.Event().wait(0.05 * 2**attempt)
    return status
