"""What is kept of a message until somebody answers it."""

from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import literal
from sqlalchemy.orm import Session

from bot import inbox
from bot.inbox import Heard
from bot.messages import Address, InboundMessage, Point

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PETRA = Address("telegram", "77")
FULL = InboundMessage(
    "4711:5",
    PETRA,
    "Ölwechsel",
    "abc",
    "Petra Müller",
    "de",
    phone="+4915112345678",
    handle="42:9",
    place=Point(50.938361, 6.959974),
    token="aB3_-",  # noqa: S106 - of a link that nobody made.
)


def test_a_message_comes_back_as_it_was_stored_but_for_what_shows_that_it_was_seen(session: Session) -> None:
    for message in (FULL, InboundMessage("4711:6", PETRA, "hallo")):
        assert inbox.store(session, message, now=NOW)
        heard = inbox.hear_next(session, PETRA, now=literal(NOW))
        assert heard == Heard(replace(message, handle=None), NOW, more=False)


def test_a_message_that_comes_again_is_stored_once_and_heard_once(session: Session) -> None:
    assert inbox.store(session, FULL, now=NOW)
    assert not inbox.store(session, FULL, now=NOW)
    assert inbox.hear_next(session, PETRA, now=literal(NOW))
    assert not inbox.store(session, FULL, now=NOW)
    assert inbox.hear_next(session, PETRA, now=literal(NOW)) is None
    assert not inbox.hear(session, FULL, now=NOW)
