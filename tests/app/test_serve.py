"""`werkstatt serve` as a process of its own: it dies, and nothing is lost."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app.providers.telegram import SECRET, TOKEN, Telegram
from tests.app.eventually import eventually
from tests.app.ports import free_port
from tests.booking_core.builders import a_garage

WERKSTATT = [sys.executable, "-c", "from app.cli import main; main()"]


def answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def served(engine: Engine, telegram: Telegram, port: int) -> Iterator[subprocess.Popen[bytes]]:
    settings = {
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "TELEGRAM_API_URL": telegram.url,
    }
    process = subprocess.Popen([*WERKSTATT, "serve", "--port", str(port)], env=os.environ | settings)
    try:
        eventually(lambda: answers(f"http://127.0.0.1:{port}/readyz"), seconds=60)
        yield process
    finally:
        process.kill()
        process.wait()


def test_a_killed_process_has_lost_nothing(database: Engine) -> None:
    with Session(database) as session, session.begin():
        a_garage(session)
    port = free_port()
    with Telegram(webhook=f"http://127.0.0.1:{port}/webhooks/telegram").running() as telegram:
        with served(database, telegram, port) as process:
            for number in range(10):
                assert telegram.write(str(number + 1), "hallo") == 200
            process.send_signal(signal.SIGKILL)
            process.wait()
        earlier = "UPDATE {} = {} - interval '5 minutes'"
        with database.begin() as connection:  # Leases and patience run out while nobody is there.
            connection.execute(text(earlier.format("inbox SET received_at", "received_at")))
            connection.execute(text(earlier.format("outbox SET lease_until", "lease_until")))
        with served(database, telegram, port):
            eventually(lambda: all(len(shown) >= 1 for shown in telegram.chats.values()), seconds=40)
        assert len(telegram.chats) == 10
        assert all(len(shown) <= 2 for shown in telegram.chats.values())


def test_half_an_account_does_not_start(server: str) -> None:
    told = subprocess.run(
        [*WERKSTATT, "serve"],
        env=os.environ | {"DATABASE_URL": server, "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": ""},
        capture_output=True,
        check=False,
    )
    assert told.returncode == 1
    assert b"TELEGRAM_WEBHOOK_SECRET" in told.stderr
