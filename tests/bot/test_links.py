"""Who comes by a link that we made for them is known at once."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import customers, links
from booking_core.tables import OutboxRow
from bot.messages import Address, InboundMessage
from bot.outbox import message_of
from bot.turn import take_turn
from tests.booking_core.builders import NOW, a_customer, a_garage

CHAT = Address("telegram", "77")


def answers(session: Session, *tokens: str) -> Sequence[str]:
    """What is said to somebody who starts with these tokens, one after the other."""
    for number, token in enumerate(tokens):
        take_turn(session, InboundMessage(f"4711:{number}", CHAT, "/start", language="de", token=token), now=NOW)
    return [message_of(row).text for row in session.scalars(select(OutboxRow).order_by(OutboxRow.id))]


def test_a_token_makes_two_customers_one_and_is_good_once(session: Session) -> None:
    a_garage(session)
    petra = a_customer(session)
    token = links.issue_token(session, petra, now=NOW)
    first, again = answers(session, token, token)
    assert "Ich weiß jetzt, wer Sie sind" in first
    assert "gilt nicht mehr" in again
    assert customers.recognise(session, CHAT.channel, CHAT.id, now=NOW).customer.name == "Petra Müller"


@pytest.mark.parametrize("token", ["guessed", "x" * 64])
def test_a_token_that_nobody_made_is_answered_kindly(session: Session, token: str) -> None:
    a_garage(session)
    [said] = answers(session, token)
    assert "gilt nicht mehr" in said
