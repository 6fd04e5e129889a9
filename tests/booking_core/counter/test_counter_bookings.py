"""What staff do with appointments, and what of others' they cannot touch."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import audit, customers
from booking_core.appointments import confirm
from booking_core.counter import agenda, bookings, notes
from booking_core.errors import (
    NotBookable,
    Outdated,
    SlotTaken,
    UnknownAppointment,
    UnknownVehicle,
    WrongStatus,
)
from booking_core.register import Appointment
from booking_core.reservations import hold_slot
from booking_core.status import AppointmentStatus
from booking_core.tables import AuditRow
from booking_core.values import AppointmentId, VehicleId
from tests.booking_core.builders import NOW, Garage, a_customer, a_garage, a_service, berlin, counts_that_lie

ANNA = "staff:1"


def booked(session: Session, garage: Garage, start: str = "2026-11-24 10:00", **wishes: object) -> Appointment:
    facts = {"vehicle": None, "actor": ANNA, "now": NOW} | wishes
    customer = a_customer(session)
    return bookings.book(session, garage.workshop, customer, [garage.service], berlin(start), **facts)  # type: ignore[arg-type]


def test_somebody_on_the_phone_is_booked_at_once(session: Session) -> None:
    garage = a_garage(session)
    appointment = booked(session, garage)
    assert (appointment.status, appointment.channel) == (AppointmentStatus.CONFIRMED, "phone")
    told = session.execute(select(AuditRow.action, AuditRow.actor).order_by(AuditRow.id)).all()
    assert told == [("held", ANNA), ("confirmed", ANNA)]
    with pytest.raises(SlotTaken):
        booked(session, garage)
    with pytest.raises(NotBookable):
        booked(session, garage, "2026-11-24 06:00")
    assert counts_that_lie(session) == 0


def test_the_car_must_be_the_customers_own(session: Session) -> None:
    garage, petra, paul = a_garage(session), a_customer(session), a_customer(session)
    hers = customers.add_vehicle(session, petra, plate="K-AB 1", make="VW", model="Golf", now=NOW)
    start = berlin("2026-11-24 10:00")
    for vehicle in (hers, VehicleId(hers + 1000)):
        with pytest.raises(UnknownVehicle):
            bookings.book(session, garage.workshop, paul, [garage.service], start, vehicle=vehicle, actor=ANNA, now=NOW)
    made = bookings.book(session, garage.workshop, petra, [garage.service], start, vehicle=hers, actor=ANNA, now=NOW)
    entry = agenda.entry(session, garage.workshop, made.id)
    assert (entry.plate, entry.car) == ("K-AB 1", "VW Golf")


def test_staff_move_and_cancel_inside_the_cut_off(session: Session) -> None:
    garage = a_garage(session)
    appointment = booked(session, garage, "2026-11-23 12:00")
    moved = bookings.move(session, garage.workshop, appointment.id, berlin("2026-11-23 14:00"), actor=ANNA, now=NOW)
    assert (moved.start, moved.ical_sequence) == (berlin("2026-11-23 14:00"), 1)
    again = bookings.move(session, garage.workshop, appointment.id, moved.start, actor=ANNA, now=NOW)
    assert again == moved
    gone = bookings.cancel(session, garage.workshop, appointment.id, reason="krank", actor=ANNA, now=NOW)
    assert gone.status is AppointmentStatus.CANCELLED
    assert bookings.cancel(session, garage.workshop, appointment.id, actor=ANNA, now=NOW) == gone
    assert agenda.entry(session, garage.workshop, appointment.id).cancel_reason == "krank"
    with pytest.raises(WrongStatus):
        bookings.move(session, garage.workshop, appointment.id, moved.start, actor=ANNA, now=NOW)
    assert counts_that_lie(session) == 0
    assert audit.broken_links(session) == []


def test_a_move_onto_somebody_else_changes_nothing(session: Session) -> None:
    garage = a_garage(session)
    appointment, other = booked(session, garage), booked(session, garage, "2026-11-24 12:00")
    with pytest.raises(SlotTaken):
        bookings.move(session, garage.workshop, appointment.id, other.start, actor=ANNA, now=NOW)
    assert agenda.entry(session, garage.workshop, appointment.id).appointment == appointment


def test_the_day_at_the_counter(session: Session) -> None:
    garage = a_garage(session)
    here = booked(session, garage, "2026-11-23 12:00")
    later = NOW + timedelta(hours=2)
    for status in (AppointmentStatus.IN_PROGRESS, AppointmentStatus.COMPLETED):
        for _ in range(2):
            after = bookings.become(session, garage.workshop, here.id, status, actor=ANNA, now=later)
            assert after.status is status
    with pytest.raises(WrongStatus):
        bookings.cancel(session, garage.workshop, here.id, actor=ANNA, now=later)
    missed = booked(session, garage, "2026-11-23 14:00")
    with pytest.raises(WrongStatus):
        bookings.become(session, garage.workshop, missed.id, AppointmentStatus.NO_SHOW, actor=ANNA, now=later)
    with pytest.raises(WrongStatus):
        bookings.become(session, garage.workshop, missed.id, AppointmentStatus.EXPIRED, actor=ANNA, now=later)
    later = NOW + timedelta(hours=5)
    after = bookings.become(session, garage.workshop, missed.id, AppointmentStatus.NO_SHOW, actor=ANNA, now=later)
    assert after.status is AppointmentStatus.NO_SHOW


def test_what_changed_meanwhile_is_not_changed_again(session: Session) -> None:
    garage = a_garage(session)
    appointment = booked(session, garage)
    start = berlin("2026-11-24 14:00")
    moved = bookings.move(session, garage.workshop, appointment.id, start, version=2, actor=ANNA, now=NOW)
    with pytest.raises(Outdated):
        bookings.cancel(session, garage.workshop, appointment.id, version=2, actor=ANNA, now=NOW)
    bookings.cancel(session, garage.workshop, appointment.id, version=moved.version, actor=ANNA, now=NOW)


def test_another_workshops_appointment_is_as_unknown_as_none(session: Session) -> None:
    ours, theirs = a_garage(session), a_garage(session)
    appointment = booked(session, theirs)
    start = berlin("2026-11-24 14:00")
    for identity in (appointment.id, AppointmentId(appointment.id + 1000)):
        with pytest.raises(UnknownAppointment):
            agenda.entry(session, ours.workshop, identity)
        with pytest.raises(UnknownAppointment):
            bookings.move(session, ours.workshop, identity, start, actor=ANNA, now=NOW)
        with pytest.raises(UnknownAppointment):
            bookings.cancel(session, ours.workshop, identity, actor=ANNA, now=NOW)
        with pytest.raises(UnknownAppointment):
            bookings.become(session, ours.workshop, identity, AppointmentStatus.IN_PROGRESS, actor=ANNA, now=NOW)
        with pytest.raises(UnknownAppointment):
            notes.add(session, ours.workshop, identity, "?", actor=ANNA, now=NOW)
        with pytest.raises(UnknownAppointment):
            notes.of(session, ours.workshop, identity)
    assert agenda.entry(session, theirs.workshop, appointment.id).appointment == appointment


def test_notes_are_kept_in_order(session: Session) -> None:
    garage = a_garage(session)
    appointment = booked(session, garage)
    for text in ("Schlüssel im Kasten", "Leihwagen"):
        notes.add(session, garage.workshop, appointment.id, text, actor=ANNA, now=NOW)
    assert [note.text for note in notes.of(session, garage.workshop, appointment.id)] == [
        "Schlüssel im Kasten",
        "Leihwagen",
    ]
    assert agenda.entry(session, garage.workshop, appointment.id).notes == 2


def test_the_agenda_names_who_comes_when_and_where(session: Session) -> None:
    garage = a_garage(session, lifts=2)
    a_service(session, garage.workshop, "battery", name="Batterie", price=1000)
    first, second = booked(session, garage), booked(session, garage)
    cancelled = booked(session, garage, "2026-11-24 12:00")
    bookings.cancel(session, garage.workshop, cancelled.id, actor=ANNA, now=NOW)
    held = hold_slot(session, garage.slot("2026-11-24 13:00"), a_customer(session), channel="sms", now=NOW)
    booked(session, garage, "2026-11-25 10:00")
    booked(session, a_garage(session))
    tuesday = agenda.days(berlin("2026-11-24 00:00").date(), 1, berlin("2026-11-24 00:00").tzinfo)  # type: ignore[arg-type]

    seen = agenda.agenda(session, garage.workshop, tuesday, now=NOW)
    assert [entry.appointment for entry in seen] == [first, second, held]
    assert [entry.resources for entry in seen[:2]] == [(garage.lifts[0],), (garage.lifts[1],)]
    assert (seen[0].customer, seen[0].services, seen[0].price) == ("Petra Müller", ("Ölwechsel",), 8900)

    with_cancelled = agenda.agenda(session, garage.workshop, tuesday, now=NOW + timedelta(minutes=10), cancelled=True)
    assert [entry.appointment.id for entry in with_cancelled] == [first.id, second.id, cancelled.id], "no dead hold"
    assert with_cancelled[2].resources == ()


def test_a_hold_that_staff_gave_back_was_given_back_by_them(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    hold_slot(session, garage.slot("2026-11-24 10:00"), petra, channel="sms", now=NOW)
    start = berlin("2026-11-24 14:00")
    made = bookings.book(session, garage.workshop, petra, [garage.service], start, actor=ANNA, now=NOW)
    told = session.execute(select(AuditRow.action, AuditRow.actor).order_by(AuditRow.id)).all()
    assert told[1] == ("released", ANNA)
    assert confirm(session, made.id, petra, now=NOW) == made
