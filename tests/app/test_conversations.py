"""The same booking on every chat channel: webhook in, provider's API out, appointment in PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.web import create_app
from booking_core.tables import AppointmentRow
from channels.telegram import Telegram as TelegramChannel
from tests.app.eventually import eventually
from tests.app.serving import open_port, serving
from tests.booking_core.builders import a_garage
from tests.providers import telegram


@pytest.fixture
def chat(database: Engine) -> Iterator[telegram.Telegram]:
    with Session(database) as session, session.begin():
        a_garage(session)
    with open_port() as (listening, url), telegram.Telegram(webhook=f"{url}/webhooks/telegram").running() as provider:
        channel = TelegramChannel(telegram.TOKEN, secret=telegram.SECRET, api_url=provider.url)
        with serving(create_app(database, {"telegram": channel}), listening):
            yield provider


def test_telegram(chat: telegram.Telegram, database: Engine) -> None:
    def heard(count: int) -> str:
        eventually(lambda: len(chat.chats["77"]) >= count)
        return "\n".join(f"{one.text} {one.buttons}" for one in chat.chats["77"])

    chat.write("77", "Moin, Ölwechsel in 50667 bitte, so bald wie möglich")
    print(heard(1))
    chat.press("77", chat.chats["77"][-1].buttons[0][0])
    print(heard(2))
    chat.write("77", "nein")
    print(heard(3))
    assert 0
