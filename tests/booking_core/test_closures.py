"""A closed lift takes no new cars, and those already booked on it are named."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from booking_core.appointments import confirm
from booking_core.closures import affected, close, reopen
from booking_core.errors import NotBookable, SlotTaken
from booking_core.reservations import hold_slot
from booking_core.values import Period
from tests.booking_core.builders import NOW, a_customer, a_garage, berlin

TUESDAY = Period(berlin("2026-11-24 00:00"), berlin("2026-11-25 00:00"))


def test_a_closed_workshop_takes_nobody_until_it_opens_again(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    closure = close(session, garage.workshop, TUESDAY, "Inventur", actor="staff:1", now=NOW)
    with pytest.raises(NotBookable):
        hold_slot(session, garage.slot("2026-11-24 10:00"), petra, channel="sms", now=NOW)
    reopen(session, garage.workshop, closure, actor="staff:1", now=NOW)
    reopen(session, garage.workshop, closure, actor="staff:1", now=NOW)
    hold_slot(session, garage.slot("2026-11-24 10:00"), petra, channel="sms", now=NOW)


def test_a_broken_lift_leaves_the_others_working(session: Session) -> None:
    garage = a_garage(session, lifts=2)
    close(session, garage.workshop, TUESDAY, "defekt", resource=garage.lifts[0], actor="staff:1", now=NOW)
    hold_slot(session, garage.slot("2026-11-24 10:00"), a_customer(session), channel="sms", now=NOW)
    with pytest.raises(SlotTaken):
        hold_slot(session, garage.slot("2026-11-24 10:00"), a_customer(session), channel="sms", now=NOW)


def test_closing_names_the_appointments_and_living_holds_it_hits(session: Session) -> None:
    garage = a_garage(session, lifts=2)
    petra, paul, dora = (a_customer(session) for _ in range(3))
    booked = hold_slot(session, garage.slot("2026-11-24 10:00"), petra, channel="sms", now=NOW)
    booked = confirm(session, booked.id, petra, now=NOW)
    held = hold_slot(session, garage.slot("2026-11-24 10:00"), paul, channel="sms", now=NOW)
    hold_slot(session, garage.slot("2026-11-25 10:00"), dora, channel="sms", now=NOW)
    assert affected(session, garage.workshop, TUESDAY, now=NOW) == [booked, held]
    hit = [
        appointment.user
        for lift in garage.lifts
        for appointment in affected(session, garage.workshop, TUESDAY, resource=lift, now=NOW)
    ]
    assert sorted(hit) == sorted([petra, paul])
    later = NOW + timedelta(minutes=10)
    assert affected(session, garage.workshop, TUESDAY, now=later) == [booked], "a dead hold is nobody's"
