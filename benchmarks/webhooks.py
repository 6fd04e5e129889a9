"""How fast webhooks are answered while the bot is at work: `python -m benchmarks.webhooks [--rate 50] [--seconds 30]`.

`werkstatt serve` in a process of its own on a throw-away database, a stand-in for Telegram in another; customers write
at a steady rate, whether answers come or not. Beside it, at the same rate, an endpoint that does nothing: what that
costs is the machine's share. Times count from the moment at which a call was due; the first seconds, in which
libraries and catalogues are loaded, do not count.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from statistics import median, quantiles
from threading import local

from sqlalchemy import create_engine, text

from app.demo import SOURCES, fill
from app.embedded import Postgres, shared, temporary_home
from app.providers.telegram import SECRET, TOKEN, Telegram
from app.throwaway import template_database, throwaway_database

CHATS, CALLERS = 100, 24
WARM_UP = 5
TEXTS = ("Moin, Ölwechsel nächste Woche in 50667", "Dienstag vormittag", "hallo", "Was kostet eine Inspektion?", "2")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def process(*command: str, **settings: str) -> Iterator[None]:
    running = subprocess.Popen([sys.executable, "-c", *command], env=os.environ | settings, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        running.terminate()
        running.wait()


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


def steadily(call: Callable[[int], int], *, rate: int, seconds: int) -> list[float]:
    """Milliseconds from when each call was due until it was answered; fails unless each answer is a good one."""
    begin = time.perf_counter() + 0.1

    def at_its_time(number: int) -> float:
        due = begin + number / rate
        time.sleep(max(0.0, due - time.perf_counter()))
        status = call(number)
        assert status == 200, f"answered {status}"
        return (time.perf_counter() - due) * 1_000

    with ThreadPoolExecutor(CALLERS) as callers:
        return list(callers.map(at_its_time, range(rate * (WARM_UP + seconds))))[rate * WARM_UP :]


def until_ready(call: Caller) -> None:
    for _ in range(600):
        if call("GET", "/readyz") == 200:
            return
        time.sleep(0.1)
    raise SystemExit("werkstatt serve does not start")


def told(name: str, times: list[float]) -> None:
    p95 = quantiles(times, n=20)[-1]
    print(
        f"{name:<28} p50 {median(times):7.1f} ms   p95 {p95:7.1f} ms   max {max(times):7.1f} ms   ({len(times)} calls)"
    )


def answered(url: str) -> tuple[int, int]:
    """How many messages were stored, and how many of them were answered."""
    with create_engine(url).connect() as connection:
        stored, done = connection.execute(text("select count(*), count(processed_at) from inbox")).one()
    return stored, done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=50, help="messages a second")
    parser.add_argument("--seconds", type=int, default=30)
    asked = parser.parse_args()
    port, provider = free_port(), free_port()
    with ExitStack() as stack:
        server = stack.enter_context(shared(Postgres(), stack.enter_context(temporary_home())))
        template = template_database(server, kind="demo", fill=fill, sources=SOURCES)
        url = stack.enter_context(throwaway_database(server, template))
        stand_in = "from app.providers.telegram import main; main()"
        stack.enter_context(process(stand_in, "--port", str(provider)))
        serve = process(
            "from app.cli import main; main()",
            "serve",
            "--port",
            str(port),
            DATABASE_URL=url,
            TELEGRAM_TOKEN=TOKEN,
            TELEGRAM_WEBHOOK_SECRET=SECRET,
            TELEGRAM_API_URL=f"http://127.0.0.1:{provider}",
        )
        stack.enter_context(serve)
        call, customers = Caller(port), Telegram()
        until_ready(call)
        updates = [
            json.dumps(customers.text_update(str(number % CHATS + 1), TEXTS[number % len(TEXTS)])).encode()
            for number in range(asked.rate * (WARM_UP + asked.seconds))
        ]
        print(f"load before {os.getloadavg()[0]:.1f}, {os.cpu_count()} CPUs, {asked.rate} messages a second")
        with ThreadPoolExecutor(2) as both:
            bare = both.submit(steadily, lambda _: call("GET", "/healthz"), rate=asked.rate, seconds=asked.seconds)
            webhook = both.submit(
                steadily,
                lambda number: call("POST", "/webhooks/telegram", updates[number], customers.headers),
                rate=asked.rate,
                seconds=asked.seconds,
            )
            told("webhook, stored", webhook.result())
            told("bare endpoint beside it", bare.result())
        stored, done = answered(url)
        print(f"{stored} messages stored, {done} of them answered meanwhile; load after {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
