"""The Telegram channel against a Bot API that we did not write: `make test-telegram` installs it from npm."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.providers.telegram import TOKEN
from app.web import create_app
from booking_core.tables import AppointmentRow, InboxRow
from channels.telegram import Telegram
from tests.app.eventually import eventually
from tests.app.ports import free_port
from tests.app.serving import open_port, serving
from tests.app.test_conversations import book
from tests.app.test_serve import WERKSTATT
from tests.app.town import EVERY_DAY, answer_to
from tests.booking_core.builders import a_garage
from tests.channels.accounts import our_channels

Connected = Callable[[Engine, httpx.Client], AbstractContextManager[None]]
HERE = Path(__file__).parent / "telegram_test_api"
NODE = shutil.which("node")

pytestmark = pytest.mark.skipif(
    NODE is None or not (HERE / "node_modules").exists(), reason="needs Node and its package: make test-telegram"
)


@dataclass
class Phone:
    """A customer of that Bot API."""

    api: httpx.Client

    def write(self, text: str) -> int:
        kind = "sendCommand" if text.startswith("/") else "sendMessage"
        entities = [{"offset": 0, "length": len(text), "type": "bot_command"}] if kind == "sendCommand" else []
        return self._ask(kind, {**self._told(), "text": text, "entities": entities})

    def choose(self, label: str, nth: int = 0) -> int:
        shown = next(one for one in reversed(self._shown()) if one["message"].get("reply_markup"))
        buttons = [button for row in shown["message"]["reply_markup"]["inline_keyboard"] for button in row]
        data = [button["callback_data"] for button in buttons if label in button["text"]][nth]
        message = {**self._told(), "message_id": shown["messageId"]}
        return self._ask("sendCallback", {**self._told(), "message": message, "data": data})

    @property
    def heard(self) -> list[str]:
        return [one["message"]["text"] for one in self._shown()]

    def _shown(self) -> list[dict[str, Any]]:
        history = self.api.post("/getUpdatesHistory", json={"token": TOKEN}).json()["result"]
        return [one for one in history if "chat_id" in one.get("message", {})]

    def _told(self) -> dict[str, Any]:
        person = {"id": 77, "first_name": "Petra", "language_code": "de"}
        return {
            "botToken": TOKEN,
            "date": 1_795_000_000,
            "from": {**person, "is_bot": False},
            "chat": {**person, "type": "private"},
        }

    def _ask(self, kind: str, message: dict[str, Any]) -> int:
        return self.api.post(f"/{kind}", json=message).status_code


@pytest.fixture
def api() -> Iterator[httpx.Client]:
    port = free_port()
    command = [str(NODE), "server.js", str(port)]
    with subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            yield client
        running.terminate()


@pytest.fixture
def workshop(database: Engine) -> Engine:
    with Session(database) as session, session.begin():
        a_garage(session, opening_hours=EVERY_DAY, cancel_cutoff=0, state="BE")
    return database


@contextmanager
def called(engine: Engine, api: httpx.Client) -> Iterator[None]:
    """As `werkstatt serve` does it: the Bot API calls our webhook."""
    with ExitStack() as stack:
        listening, url = stack.enter_context(open_port())
        channels = stack.enter_context(our_channels(telegram=str(api.base_url), public_url=url))
        telegram = channels["telegram"]
        assert isinstance(telegram, Telegram)
        stack.enter_context(serving(create_app(engine, {"telegram": telegram}), listening))
        telegram.connect(url)
        yield


@contextmanager
def fetching(engine: Engine, api: httpx.Client) -> Iterator[None]:
    """`werkstatt telegram poll`: we ask the Bot API."""
    settings = {
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": str(api.base_url),
    }
    with subprocess.Popen([*WERKSTATT, "telegram", "poll"], env=os.environ | settings) as polling:
        yield
        polling.terminate()


@pytest.mark.parametrize("connected", [called, fetching])
def test_a_customer_books(workshop: Engine, api: httpx.Client, connected: Connected) -> None:
    with connected(workshop, api):
        assert "Gebucht" in book(Phone(api))
    with Session(workshop) as session:
        booked = select(AppointmentRow.status).where(AppointmentRow.status != "expired")
        assert list(session.scalars(booked)) == ["confirmed"]


def test_a_call_without_our_secret_is_no_call_of_theirs(workshop: Engine, api: httpx.Client) -> None:
    with called(workshop, api):
        phone = Phone(api)
        assert answer_to(phone, "hallo")
        hook = api.post(f"/bot{TOKEN}/getWebhookInfo").json()["result"]
        for secret, text in (("guessed", "noch da?"), (hook["secret_token"], "danke")):
            api.post(f"/bot{TOKEN}/setWebhook", json={"url": hook["url"], "secret_token": secret})
            phone.write(text)
        eventually(lambda: len(phone.heard) == 2)
        with Session(workshop) as session:
            heard = session.scalars(select(InboxRow.body).order_by(InboxRow.id))
            assert [body["text"] for body in heard] == ["hallo", "danke"]
