"""What leaves our processes besides letters: logs, traces, crash reports, metrics, and what Redis is told."""

import base64
import gzip
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
from redis import Redis, RedisError

BASE64 = re.compile(rb"[A-Za-z0-9+/]{24,}={0,2}")


@dataclass
class ListeningPost:
    """`heard` are bytes by where they were heard."""

    logs: Path
    url: str = ""
    heard: dict[str, list[bytes]] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        """By which a process reports here."""
        return {
            "OTEL_EXPORTER_OTLP_ENDPOINT": f"{self.url}/otlp",
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            "SENTRY_DSN": f"{self.url.replace('//', '//key@')}/1",
            "LOG_LEVEL": "INFO",
        }

    def note(self, where: str, what: bytes) -> None:
        self.heard.setdefault(where, []).append(what)

    def scrape(self, *ports: int) -> None:
        for port in ports:
            self.note("metrics", httpx.get(f"http://127.0.0.1:{port}/metrics").content)

    def places_of(self, *words: str) -> set[str]:
        """Where one of these words was heard, also where it was wrapped as Celery wraps its messages."""
        heard = self.heard | {"logs": [self.logs.read_bytes()]}
        return {where for where, found in heard.items() if any(_has(word.encode(), found) for word in words)}


def _has(word: bytes, found: list[bytes]) -> bool:
    return any(word in one or any(word in _unwrapped(part) for part in BASE64.findall(one)) for one in found)


def _unwrapped(part: bytes) -> bytes:
    """As far as it goes: not all that looks like it is."""
    whole = part.rstrip(b"=")
    whole = whole[:-1] if len(whole) % 4 == 1 else whole
    return base64.b64decode(whole + b"=" * (-len(whole) % 4))


@contextmanager
def listening(folder: Path, redis_url: str) -> Iterator[ListeningPost]:
    post = ListeningPost(folder / "logs")
    post.logs.touch()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            packed = self.headers.get("Content-Encoding") == "gzip"
            post.note("traces" if self.path.startswith("/otlp") else "crash reports", _open(body, packed=packed))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    post.url = f"http://127.0.0.1:{server.server_port}"
    threads = [
        threading.Thread(target=server.serve_forever, daemon=True),
        threading.Thread(target=_overhear, args=(redis_url, post), daemon=True),
    ]
    for thread in threads:
        thread.start()
    yield post
    server.shutdown()
    server.server_close()


def _open(body: bytes, *, packed: bool) -> bytes:
    return gzip.decompress(body) if packed else body


def _overhear(redis_url: str, post: ListeningPost) -> None:
    """Every command that Redis gets, with its key and its value, until it goes."""
    try:
        with Redis.from_url(redis_url, socket_timeout=None) as client, client.monitor() as monitor:
            for command in monitor.listen():
                post.note("redis", _told(command))
    except (RedisError, OSError, ValueError):
        return


def _told(command: Mapping[str, object]) -> bytes:
    return str(command["command"]).encode()
