"""What becomes free in one conversation is offered in another, once the first one is over."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app import mailroom
from app.clock import database_now, real_now, set_clock
from app.database import session_factory
from booking_core import appointments, customers, reservations, slots, waitlist
from booking_core.tables import OutboxRow
from booking_core.values import Period
from bot.messages import Address, InboundMessage
from tests.app.town import EVERY_DAY
from tests.booking_core.builders import a_garage

AMY, BEA = Address("telegram", "amy"), Address("telegram", "bea")


@pytest.fixture
def waited_for(database: Engine) -> Engine:
    """Amy has a time tomorrow, and Bea waits for the very same."""
    with Session(database) as session, session.begin():
        set_clock(session, (real_now(session) + timedelta(days=1)).replace(hour=11))  # Nobody is asked at night.
        now = database_now(session)
        garage = a_garage(session, opening_hours=EVERY_DAY, cancel_cutoff=0, state="BE")
        amy, bea = (customers.recognise(session, who.channel, who.id, now=now).customer.id for who in (AMY, BEA))
        tomorrow = now + timedelta(days=1)
        slot = slots.find_slots(
            session, ["oil-change"], workshops=[garage.workshop], windows=[Period(tomorrow, tomorrow + timedelta(2))],
            now=now, limit=1,
        ).slots[0]  # fmt: skip
        hold = reservations.hold_slot(session, slot, amy, channel="telegram", now=now)
        appointments.confirm(session, hold.id, amy, now=now)
        window = Period(slot.start, slot.start + timedelta(minutes=15))
        waitlist.join(session, bea, garage.workshop, ["oil-change"], [window], channel="telegram", now=now)
    return database


def test_whoever_waits_hears_of_it_when_somebody_cancels(waited_for: Engine) -> None:
    sessions = session_factory(waited_for)
    for number, words in enumerate(("Termin absagen", "ja")):
        mailroom.take_in(sessions, [InboundMessage(str(number), AMY, words)], {})
        mailroom.answer(sessions, AMY)
    with Session(waited_for) as session:
        kinds = select(OutboxRow.kind).where(OutboxRow.recipient == BEA.id)
        assert list(session.scalars(kinds)) == ["waitlist"]
