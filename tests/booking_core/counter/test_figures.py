"""Figures that add up."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from booking_core import closures, customers, demand
from booking_core.appointments import confirm
from booking_core.counter import bookings
from booking_core.counter.figures import figures
from booking_core.reservations import hold_slot
from booking_core.status import AppointmentStatus
from booking_core.tables import InboxRow
from booking_core.values import Period
from tests.booking_core.builders import NOW, a_customer, a_garage, berlin

ANNA = "staff:1"
MONDAY = date(2026, 11, 23)


def test_load_is_what_stands_in_the_open_hours(session: Session) -> None:
    garage = a_garage(session, lifts=2, capacity=2)
    customer = a_customer(session)
    bookings.book(session, garage.workshop, customer, [garage.service], berlin("2026-11-24 10:00"), actor=ANNA, now=NOW)
    hold_slot(session, garage.slot("2026-11-24 12:00"), a_customer(session), channel="sms", now=NOW)
    noon = Period(berlin("2026-11-25 12:00"), berlin("2026-11-26 00:00"))
    closures.close(session, garage.workshop, noon, "defekt", resource=garage.lifts[1], actor=ANNA, now=NOW)
    load = {
        (one.resource, one.day): (one.open, one.booked) for one in figures(session, garage.workshop, MONDAY, 7).load
    }
    tuesday, wednesday, saturday = (MONDAY + timedelta(days=days) for days in (1, 2, 5))
    first, second = garage.lifts
    assert len(load) == 14
    assert load[first, tuesday] == (2 * 9 * 60, 60), "a hold is no booking yet"
    assert load[second, tuesday] == (2 * 9 * 60, 0)
    assert load[second, wednesday] == (2 * 4 * 60, 0)
    assert load[first, saturday] == (0, 0)


def test_a_day_on_which_the_clocks_change_is_counted_by_the_clock_on_the_wall(session: Session) -> None:
    night = {"sun": [["00:00", "06:00"]]}
    garage = a_garage(session, opening_hours=night)
    [load] = figures(session, garage.workshop, date(2026, 10, 25), 1).load
    assert load.open == 7 * 60


def test_who_comes_how_and_how_long_they_waited(session: Session) -> None:
    garage = a_garage(session)
    for start in ("2026-11-24 10:00", "2026-11-26 10:00", "2026-11-25 10:00"):
        bookings.book(
            session, garage.workshop, a_customer(session), [garage.service], berlin(start), actor=ANNA, now=NOW
        )
    missed = bookings.book(
        session, garage.workshop, a_customer(session), [garage.service], berlin("2026-11-23 11:00"), actor=ANNA, now=NOW
    )
    later = NOW + timedelta(hours=3)
    bookings.become(session, garage.workshop, missed.id, AppointmentStatus.NO_SHOW, actor=ANNA, now=later)
    demand.note_refusal(session, a_customer(session), garage.workshop, ["oil-change"], [], "full", now=NOW)
    found = figures(session, garage.workshop, MONDAY, 7)
    assert found.by_status == {"confirmed": 3, "no_show": 1}
    assert found.by_channel == {"phone": 4}
    assert found.lead_days is not None
    assert 1.4 < found.lead_days < 1.6
    assert found.refused == {"full": 1}
    nothing = figures(session, garage.workshop, MONDAY - timedelta(days=7), 7)
    assert (nothing.by_status, nothing.lead_days, nothing.talks) == ({}, None, 0)


def test_the_bot_succeeds_with_those_who_book_where_they_wrote(session: Session) -> None:
    garage, other = a_garage(session), a_garage(session)
    numbers = [f"+491511234567{number}" for number in range(3)]
    people = [customers.recognise(session, "sms", number, now=NOW).customer.id for number in numbers]
    for number in numbers:
        for time in range(2):
            session.add(InboxRow(channel="sms", provider_id=f"{number}{time}", sender=number, body={}, received_at=NOW))
    hold = hold_slot(session, garage.slot("2026-11-24 10:00"), people[0], channel="sms", now=NOW)
    confirm(session, hold.id, people[0], now=NOW)
    customers.prefer(session, people[1], other.workshop)
    found = figures(session, garage.workshop, MONDAY, 7)
    assert (found.talks, found.talks_booked) == (2, 1), "one wrote to the other workshop"
