"""A visit may grow where it stands, and only there."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import additions, audit
from booking_core.appointments import cancel, confirm
from booking_core.errors import (
    KeyReused,
    NotBookable,
    SlotTaken,
    TooLate,
    UnknownAppointment,
    UnknownService,
    WrongStatus,
)
from booking_core.register import Appointment, fetch
from booking_core.reservations import hold_slot
from booking_core.tables import AppointmentRow, AppointmentServiceRow, AuditRow, ServiceRow
from booking_core.values import ServiceId, UserId
from tests.booking_core.builders import NOW, Garage, a_customer, a_garage, a_service, berlin, counts_that_lie

THURSDAY = "2026-11-26 10:00"


def booked(session: Session, garage: Garage, user: UserId, when: str = THURSDAY) -> Appointment:
    hold = hold_slot(session, garage.slot(when), user, channel="sms", now=NOW)
    return confirm(session, hold.id, user, now=NOW)


def brakes(session: Session, garage: Garage) -> ServiceId:
    return a_service(session, garage.workshop, "brake-check", minutes=30, price=2900)


def test_the_visit_grows_into_the_free_time_after_it(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment, more = booked(session, garage, petra), brakes(session, garage)
    grown = additions.add_services(session, appointment.id, [more], petra, now=NOW)
    assert (grown.start, grown.end) == (appointment.start, berlin("2026-11-26 11:30"))
    assert grown.services == (garage.service, more)
    assert grown.code == appointment.code
    assert grown.ical_sequence == appointment.ical_sequence + 1
    with pytest.raises(SlotTaken):
        hold_slot(session, garage.slot("2026-11-26 11:00"), a_customer(session), channel="sms", now=NOW)
    assert counts_that_lie(session) == 0


def test_what_the_visit_holds_already_is_not_added_twice(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    assert additions.add_services(session, appointment.id, [garage.service], petra, now=NOW) == appointment


def test_a_visit_that_cannot_grow_stays_as_it_was(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment, more = booked(session, garage, petra), brakes(session, garage)
    booked(session, garage, a_customer(session), "2026-11-26 11:15")
    with pytest.raises(SlotTaken):
        additions.add_services(session, appointment.id, [more], petra, now=NOW)
    assert fetch(session, AppointmentRow.id == appointment.id) == [appointment]
    assert counts_that_lie(session) == 0


def test_a_visit_never_grows_beyond_closing_time(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment, more = booked(session, garage, petra, "2026-11-26 16:00"), brakes(session, garage)
    with pytest.raises(NotBookable):
        additions.add_services(session, appointment.id, [more], petra, now=NOW)


def test_the_price_that_was_said_stays(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment, more = booked(session, garage, petra), brakes(session, garage)
    session.get_one(ServiceRow, garage.service).price = 99_900
    session.flush()
    additions.add_services(session, appointment.id, [more], petra, now=NOW)
    prices = select(AppointmentServiceRow.price).where(AppointmentServiceRow.appointment_id == appointment.id)
    assert session.scalars(prices.order_by(AppointmentServiceRow.position)).all() == [8900, 2900]


def test_growing_is_written_down(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment, more = booked(session, garage, petra), brakes(session, garage)
    grown = additions.add_services(session, appointment.id, [more], petra, now=NOW)
    entry = select(AuditRow).where(AuditRow.entity_id == grown.id).order_by(AuditRow.id.desc()).limit(1)
    assert session.scalars(entry).one().action == "extended"
    assert grown.version == appointment.version + 1
    assert audit.broken_links(session) == []


def test_the_same_key_gets_the_same_answer_and_another_wish_under_it_is_refused(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment, more = booked(session, garage, petra), brakes(session, garage)
    grown = additions.add_services(session, appointment.id, [more], petra, now=NOW, key="one")
    assert additions.add_services(session, appointment.id, [more], petra, now=NOW, key="one") == grown
    with pytest.raises(KeyReused):
        additions.add_services(session, appointment.id, [garage.service], petra, now=NOW, key="one")


def test_only_the_owner_only_in_time_and_only_while_it_stands(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment, more = booked(session, garage, petra), brakes(session, garage)
    with pytest.raises(UnknownAppointment):
        additions.add_services(session, appointment.id, [more], a_customer(session), now=NOW)
    last_minute = appointment.start - timedelta(hours=23)
    with pytest.raises(TooLate):
        additions.add_services(session, appointment.id, [more], petra, now=last_minute)
    elsewhere = a_service(session, a_garage(session).workshop, "hu-au")
    with pytest.raises(UnknownService):
        additions.add_services(session, appointment.id, [elsewhere], petra, now=NOW)
    cancel(session, appointment.id, petra, now=NOW)
    with pytest.raises(WrongStatus):
        additions.add_services(session, appointment.id, [more], petra, now=NOW)
