"""Whoever waits is asked in their turn, and nobody is asked for a time they cannot have."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import appointments, reservations, waitlist
from booking_core.register import Appointment
from booking_core.tables import WaitlistRow
from booking_core.values import Period, UserId
from tests.booking_core.builders import NOW, Garage, a_customer, a_garage, berlin

TUESDAY = Period(berlin("2026-11-25 08:00"), berlin("2026-11-25 08:15"))


def booked(session: Session, garage: Garage, at: str, *, user: UserId) -> Appointment:
    hold = reservations.hold_slot(session, garage.slot(at), user, channel="telegram", now=NOW)
    return appointments.confirm(session, hold.id, user, now=NOW)


def wait(session: Session, garage: Garage, user: UserId, window: Period = TUESDAY, *, minute: int = 0) -> None:
    since = NOW + timedelta(minutes=minute)
    waitlist.join(session, user, garage.workshop, ["oil-change"], [window], channel="telegram", now=since)


def states(session: Session, *users: UserId) -> list[str]:
    found = session.execute(select(WaitlistRow.user_id, WaitlistRow.state).order_by(WaitlistRow.id))
    newest = {row.user_id: row.state for row in found}
    return [newest[user] for user in users]


def test_the_first_who_waits_is_asked_and_then_the_next(session: Session) -> None:
    garage, ann, ben = a_garage(session), a_customer(session), a_customer(session)
    wait(session, garage, ben, minute=1)
    wait(session, garage, ann)
    [asked] = waitlist.offer_freed(session, garage.workshop, now=NOW)
    assert (asked.hold.user, asked.until) == (ann, NOW + waitlist.OFFER_FOR)
    assert waitlist.offer_freed(session, garage.workshop, now=NOW + timedelta(minutes=29)) == []
    [asked] = waitlist.offer_freed(session, garage.workshop, now=NOW + timedelta(minutes=30))
    assert asked.hold.user == ben
    assert states(session, ann, ben) == ["left", "offered"]


def test_an_answer_ends_the_waiting(session: Session) -> None:
    garage, ann, ben = a_garage(session, lifts=2), a_customer(session), a_customer(session)
    for user in (ann, ben):
        wait(session, garage, user)
    assert len(waitlist.offer_freed(session, garage.workshop, now=NOW)) == 2
    waitlist.answered(session, ann, garage.workshop, accepted=True)
    waitlist.answered(session, ben, garage.workshop, accepted=False)
    assert states(session, ann, ben) == ["served", "left"]
    assert waitlist.awaited(session) == []


def test_nothing_is_offered_while_nothing_is_free_or_all_windows_are_over(session: Session) -> None:
    garage, ann, ben = a_garage(session), a_customer(session), a_customer(session)
    booked(session, garage, "2026-11-25 08:00", user=a_customer(session))
    wait(session, garage, ann)
    wait(session, garage, ben, Period(NOW - timedelta(hours=2), NOW - timedelta(hours=1)))
    assert waitlist.offer_freed(session, garage.workshop, now=NOW) == []
    assert waitlist.awaited(session) == [garage.workshop]


def test_a_later_wish_replaces_the_earlier_one(session: Session) -> None:
    garage, ann = a_garage(session), a_customer(session)
    wait(session, garage, ann)
    wait(session, garage, ann, Period(berlin("2026-11-26 08:00"), berlin("2026-11-26 09:00")))
    [asked] = waitlist.offer_freed(session, garage.workshop, now=NOW)
    assert asked.hold.start == berlin("2026-11-26 08:00")


def test_whoever_is_choosing_or_has_enough_is_left_in_peace(session: Session) -> None:
    garage = a_garage(session, max_open_appointments=1)
    ann, ben = a_customer(session), a_customer(session)
    wait(session, garage, ann)
    wait(session, garage, ben)
    booked(session, garage, "2026-11-27 08:00", user=ben)
    reservations.hold_slot(session, garage.slot("2026-11-26 08:00"), ann, channel="telegram", now=NOW)
    assert waitlist.offer_freed(session, garage.workshop, now=NOW) == []
