"""How full a workshop is, day by day."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking_core.counter import bookings, utilisation
from booking_core.counter.utilisation import Utilisation
from booking_core.tables import UtilisationRow, WorkshopRow
from tests.booking_core.builders import NOW, a_customer, a_garage, berlin

DAY = 9 * 60


def test_what_is_booked_is_seen_against_what_is_open(session: Session) -> None:
    garage = a_garage(session)
    for start in ("2026-11-23 11:00", "2026-11-24 10:00", "2026-12-01 10:00"):
        who = a_customer(session)
        bookings.book(session, garage.workshop, who, [garage.service], berlin(start), actor="staff:1", now=NOW)
    assert utilisation.workshops(session) == [garage.workshop]
    assert utilisation.measure(session, garage.workshop, now=NOW) == utilisation.AHEAD
    assert utilisation.measured(session, now=NOW) == [
        Utilisation(garage.workshop, days=1, open_minutes=DAY, booked_minutes=60),
        Utilisation(garage.workshop, days=7, open_minutes=5 * DAY, booked_minutes=120),
    ]


def test_measuring_again_corrects_the_days_ahead_and_leaves_those_that_are_over(session: Session) -> None:
    garage = a_garage(session)
    utilisation.measure(session, garage.workshop, now=NOW)
    house = session.get_one(WorkshopRow, garage.workshop)
    house.opening_hours = {}
    session.flush()
    utilisation.measure(session, garage.workshop, now=NOW + timedelta(days=1))
    stored = select(func.sum(UtilisationRow.open_minutes))
    assert session.scalar(stored) == DAY
    assert session.scalar(stored.where(UtilisationRow.day > NOW.date())) == 0


def test_a_workshop_without_resources_has_no_figures(session: Session) -> None:
    garage = a_garage(session, lifts=0)
    assert utilisation.measure(session, garage.workshop, now=NOW) == 0
    assert utilisation.measured(session, now=NOW) == []
