"""What providers bring counts once, however often and however late it comes, and while their secrets are changed."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.clock import set_clock
from app.http.site import Site
from app.providers.telegram import SECRET, Telegram
from app.providers.twilio import Twilio
from app.web import create_app
from booking_core.tables import InboxRow, OutboxRow
from channels import open_channels
from tests.app.eventually import eventually
from tests.app.forgeries import SMS, Call, an_sms, an_update, signed
from tests.app.serving import client_of
from tests.booking_core.builders import NOW, a_garage
from tests.channels.accounts import PUBLIC_URL, our_channels, our_settings, telegram_call

LATER = [timedelta(seconds=1), timedelta(days=1), timedelta(days=30)]


@pytest.fixture
def door(database: Engine) -> Iterator[httpx.Client]:
    with Session(database) as session, session.begin():
        a_garage(session)
        set_clock(session, NOW)
    with ExitStack() as stack:
        telegram, twilio = stack.enter_context(Telegram().running()), stack.enter_context(Twilio().running())
        channels = stack.enter_context(our_channels(telegram=telegram.url, twilio=twilio.url))
        yield stack.enter_context(client_of(create_app(database, channels, Site(public_url=PUBLIC_URL))))


def bring(door: httpx.Client, call: Call) -> int:
    return door.post(call.path, content=call.body, headers=_text(call)).status_code


def _text(call: Call) -> dict[str, str]:
    return {name: value for name, value in call.headers if isinstance(value, str)}


def counts(engine: Engine) -> tuple[int, int]:
    with Session(engine) as session:
        heard, said = (session.scalar(select(func.count()).select_from(table)) or 0 for table in (InboxRow, OutboxRow))
    return heard, said


@pytest.mark.parametrize("call", [an_update(), signed(SMS, an_sms("Moin"))], ids=["telegram", "sms"])
def test_a_call_that_was_kept_and_is_played_again_changes_nothing(
    door: httpx.Client, database: Engine, call: Call
) -> None:
    assert bring(door, call) == 200
    eventually(lambda: counts(database) == (1, 1))
    for later in LATER:
        with Session(database) as session, session.begin():
            set_clock(session, NOW + later)
        assert bring(door, call) == 200
        assert counts(database) == (1, 1)


def test_while_telegrams_secret_is_changed_both_are_good_and_the_new_one_is_told() -> None:
    new = "n" * 32
    with open_channels(our_settings(telegram_webhook_secret=f"{new}, {SECRET}")) as channels:
        telegram = channels["telegram"]
        for secret in (new, SECRET):
            call = telegram_call(b'{"update_id": 1}')
            telegram.read(type(call)(call.path, call.body, [("X-Telegram-Bot-Api-Secret-Token", secret)]))
