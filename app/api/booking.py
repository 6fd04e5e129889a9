"""What guests do to their appointments, each in one transaction, by the same rules as in a chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.api import requests
from app.api.proving import Claim
from booking_core import appointments, customers, directory, guests, ownership, placements, reservations, services
from booking_core.customers import Car
from booking_core.directory import Place
from booking_core.errors import NotBookable, UnknownAppointment
from booking_core.register import Appointment
from booking_core.services import Service
from booking_core.slots import Reason
from booking_core.status import AppointmentStatus
from booking_core.values import ServiceId, Slot, UserId, VehicleId, WorkshopId
from bot import confirmations, views
from bot.messages import Happening

CHANNEL = "web"
FAR = timedelta(days=400)


@dataclass(frozen=True)
class Visit:
    """An appointment and what customers know it by."""

    appointment: Appointment
    place: Place
    services: Sequence[Service]
    car: Car | None


Made = tuple[Visit, str]
"""What was made, and its proof."""


def hold(session: Session, wanted: requests.NewHold, *, now: datetime) -> Made:
    """Keep a time for a guest."""
    held, proof = _hold(session, wanted, guests.welcome(session, now=now), now=now)
    return visit(session, held), proof


def book(session: Session, wanted: requests.NewAppointment, *, now: datetime) -> Made:
    """Hold and confirm at once."""
    _refuse_hoarding(session, wanted.workshop_id, wanted.customer, now=now)
    guest = guests.welcome(session, **_told(wanted.customer), now=now)
    held, proof = _hold(session, wanted, guest, now=now)
    return _confirm(session, held, wanted.vehicle, now=now), proof


def confirm(session: Session, wanted: requests.HoldToConfirm, claim: Claim, *, now: datetime) -> Made:
    """Make a hold an appointment, with the proof it had. A hold of a chat is for the chat to confirm."""
    held = claim.settle(session)
    if held.channel != CHANNEL:
        raise UnknownAppointment
    _refuse_hoarding(session, held.workshop, wanted.customer, now=now)
    customers.learn(session, held.user, **_told(wanted.customer))
    return _confirm(session, held, wanted.vehicle, now=now), claim.proof


def move(session: Session, claim: Claim, start: datetime, version: int | None, *, now: datetime) -> Visit:
    mine = claim.settle(session)
    slot = slot_at(session, mine.workshop, mine.services, start, now=now)
    moved = appointments.move(session, mine.id, slot, mine.user, now=now, version=version)
    return _posted(session, moved, Happening.MOVED if moved.version != mine.version else None, now=now)


def cancel(session: Session, claim: Claim, version: int | None, *, now: datetime) -> Visit:
    """Give up a hold or an appointment; only of an appointment there is something to tell."""
    mine = claim.settle(session)
    cancelled = appointments.cancel(session, mine.id, mine.user, now=now, version=version)
    known = mine.status is AppointmentStatus.CONFIRMED
    return _posted(session, cancelled, Happening.CANCELLED if known else None, now=now)


def visit(session: Session, appointment: Appointment) -> Visit:
    sold = services.services(session, appointment.services)
    return Visit(appointment, directory.workshop(session, appointment.workshop), sold, _car(session, appointment))


def slot_at(
    session: Session,
    workshop: WorkshopId,
    services: Sequence[ServiceId],
    start: datetime,
    *,
    now: datetime,
) -> Slot:
    """The slot that begins then. Raises NotBookable for times that no calendar reaches, or UnknownService."""
    if start < now - FAR or start > now + FAR:
        raise NotBookable(reason=Reason.PAST if start < now else Reason.HORIZON)
    return placements.slot_at(session, workshop, services, start, now=now)


def _refuse_hoarding(session: Session, workshop: WorkshopId, customer: requests.Guest, *, now: datetime) -> None:
    guests.refuse_hoarding(session, workshop, email=customer.email or None, phone=customer.phone or None, now=now)


def _told(customer: requests.Guest) -> dict[str, Any]:
    return {
        "name": customer.name.strip(),
        "email": customer.email or None,
        "phone": customer.phone or None,
        "language": customer.language,
    }


def _hold(session: Session, wanted: requests.NewHold, guest: UserId, *, now: datetime) -> tuple[Appointment, str]:
    slot = slot_at(session, wanted.workshop_id, wanted.service_ids, wanted.start, now=now)
    proof = ownership.new_token()
    return reservations.hold_slot(session, slot, guest, channel=CHANNEL, proof=proof, now=now), proof


def _confirm(session: Session, held: Appointment, vehicle: requests.GuestCar | None, *, now: datetime) -> Visit:
    car = _vehicle(session, held.user, vehicle, now=now)
    booked = appointments.confirm(session, held.id, held.user, now=now, vehicle=car)
    return _posted(session, booked, Happening.BOOKED, now=now)


def _posted(session: Session, appointment: Appointment, happening: Happening | None, *, now: datetime) -> Visit:
    """Tell the customer by mail, if there is something to tell."""
    seen = visit(session, appointment)
    if happening:
        booking = views.booking(appointment, seen.place, seen.services)
        confirmations.post(session, appointment, happening, now=now, booking=booking)
    return seen


def _car(session: Session, appointment: Appointment) -> Car | None:
    if appointment.vehicle is None:
        return None
    cars = customers.customer(session, appointment.user).vehicles
    return next((car for car in cars if car.id == appointment.vehicle), None)


def _vehicle(session: Session, user: UserId, told: requests.GuestCar | None, *, now: datetime) -> VehicleId | None:
    if told is None or not (told.plate or told.make or told.model or told.year):
        return None
    return customers.add_vehicle(
        session,
        user,
        plate=told.plate.upper() or None,
        make=told.make or None,
        model=told.model or None,
        year=told.year,
        now=now,
    )
