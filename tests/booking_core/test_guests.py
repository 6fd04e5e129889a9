"""Guests book without writing to us, and may not take more than customers."""

import pytest
from sqlalchemy.orm import Session

from booking_core.appointments import cancel, confirm
from booking_core.customers import customer, learn
from booking_core.errors import TooManyAppointments
from booking_core.guests import refuse_hoarding, welcome
from booking_core.register import Appointment
from booking_core.reservations import hold_slot
from booking_core.values import WorkshopId
from tests.booking_core.builders import NOW, Garage, a_garage

MAIL, PHONE = "petra@example.de", "+491701234567"


def booked(session: Session, garage: Garage, when: str, *, email: str | None = MAIL) -> Appointment:
    guest = welcome(session, now=NOW)
    learn(session, guest, email=email, phone=PHONE)
    return confirm(session, hold_slot(session, garage.slot(when), guest, channel="web", now=NOW).id, guest, now=NOW)


def test_a_guest_is_somebody_nothing_is_known_of(session: Session) -> None:
    guest, other = welcome(session, now=NOW), welcome(session, now=NOW)
    assert guest != other
    known = customer(session, guest)
    assert (known.name, known.email, known.phone, known.vehicles) == (None, None, None, ())


def test_one_address_holds_as_many_appointments_as_one_customer_may(session: Session) -> None:
    garage = a_garage(session, max_open_appointments=2)
    booked(session, garage, "2026-11-26 10:00")
    refuse_hoarding(session, garage.workshop, email=MAIL, phone=None, now=NOW)
    last = booked(session, garage, "2026-11-26 11:00", email=None)
    for email, phone in ((MAIL, PHONE), (None, PHONE)):
        with pytest.raises(TooManyAppointments):
            refuse_hoarding(session, garage.workshop, email=email, phone=phone, now=NOW)
    refuse_hoarding(session, garage.workshop, email=MAIL, phone=None, now=NOW)
    refuse_hoarding(session, a_garage(session).workshop, email=MAIL, phone=PHONE, now=NOW)
    cancel(session, last.id, last.user, now=NOW)
    refuse_hoarding(session, garage.workshop, email=MAIL, phone=PHONE, now=NOW)


def test_who_is_reached_nowhere_shares_nothing_with_others_like_that(session: Session) -> None:
    garage = a_garage(session, max_open_appointments=1)
    booked(session, garage, "2026-11-26 10:00", email=None)
    refuse_hoarding(session, garage.workshop, email=None, phone=None, now=NOW)
    refuse_hoarding(session, garage.workshop, email=MAIL, phone=None, now=NOW)


def test_a_workshop_that_does_not_exist_has_no_limit(session: Session) -> None:
    refuse_hoarding(session, WorkshopId(0), email=MAIL, phone=None, now=NOW)
