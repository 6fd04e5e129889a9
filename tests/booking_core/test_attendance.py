"""When somebody is there to answer."""

from sqlalchemy.orm import Session

from booking_core.attendance import attended_from
from booking_core.closures import close
from booking_core.values import Period
from tests.booking_core.builders import NOW, a_garage, berlin


def test_while_the_workshop_is_open_somebody_is_there_now(session: Session) -> None:
    assert attended_from(session, a_garage(session).workshop, now=NOW) == NOW


def test_after_hours_somebody_comes_on_the_next_working_day(session: Session) -> None:
    garage = a_garage(session)
    assert attended_from(session, garage.workshop, now=berlin("2026-11-27 19:00")) == berlin("2026-11-30 08:00")
    assert attended_from(session, garage.workshop, now=berlin("2026-12-24 19:00")) == berlin("2026-12-28 08:00")


def test_where_everything_is_closed_nobody_comes(session: Session) -> None:
    garage = a_garage(session)
    year = Period(berlin("2026-11-23 00:00"), berlin("2027-11-23 00:00"))
    close(session, garage.workshop, year, "Umbau", actor="staff:1", now=NOW)
    assert attended_from(session, garage.workshop, now=NOW) is None
