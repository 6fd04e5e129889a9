"""What guests do to their appointments, each in one transaction, by the same rules as in a chat."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.api import requests
from app.api.proving import Claim
from booking_core import appointments, customers, guests, ownership, placements, reservations
from booking_core.errors import NotBookable, UnknownAppointment
from booking_core.register import Appointment
from booking_core.slots import Reason
from booking_core.status import AppointmentStatus
from booking_core.values import ServiceId, Slot, UserId, VehicleId, WorkshopId
from bot import confirmations
from bot.messages import Happening

CHANNEL = "web"
FAR = timedelta(days=400)


def hold(session: Session, wanted: requests.NewHold, *, now: datetime) -> tuple[Appointment, str]:
    """Keep a time for a guest; the hold and its proof."""
    slot = slot_at(session, wanted.workshop_id, wanted.service_ids, wanted.start, now=now)
    held = reservations.hold_slot(session, slot, guests.welcome(session, now=now), channel=CHANNEL, now=now)
    return held, ownership.entrust(session, held.id)


def book(session: Session, wanted: requests.NewAppointment, *, now: datetime) -> tuple[Appointment, str]:
    """Hold and confirm at once."""
    _refuse_hoarding(session, wanted.workshop_id, wanted.customer, now=now)
    held, proof = hold(session, wanted, now=now)
    return _confirm(session, held, wanted.customer, wanted.vehicle, now=now), proof


def confirm(
    session: Session, wanted: requests.HoldToConfirm, claim: Claim, *, now: datetime
) -> tuple[Appointment, str]:
    """Make a hold an appointment, with the proof it had. A hold of a chat is for the chat to confirm."""
    held = claim.settle(session)
    if held.channel != CHANNEL:
        raise UnknownAppointment
    _refuse_hoarding(session, held.workshop, wanted.customer, now=now)
    return _confirm(session, held, wanted.customer, wanted.vehicle, now=now), claim.proof


def move(session: Session, claim: Claim, start: datetime, version: int | None, *, now: datetime) -> Appointment:
    mine = claim.settle(session)
    slot = slot_at(session, mine.workshop, mine.services, start, now=now)
    moved = appointments.move(session, mine.id, slot, mine.user, now=now, version=version)
    if moved.version != mine.version:
        confirmations.post(session, moved, Happening.MOVED, now=now)
    return moved


def cancel(session: Session, claim: Claim, version: int | None, *, now: datetime) -> Appointment:
    """Give up a hold or an appointment; only of an appointment there is something to tell."""
    mine = claim.settle(session)
    cancelled = appointments.cancel(session, mine.id, mine.user, now=now, version=version)
    if mine.status is AppointmentStatus.CONFIRMED:
        confirmations.post(session, cancelled, Happening.CANCELLED, now=now)
    return cancelled


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


def _confirm(
    session: Session,
    held: Appointment,
    customer: requests.Guest,
    vehicle: requests.GuestCar | None,
    *,
    now: datetime,
) -> Appointment:
    customers.learn(
        session,
        held.user,
        name=customer.name.strip(),
        email=customer.email or None,
        phone=customer.phone or None,
        language=customer.language,
    )
    car = _car(session, held.user, vehicle, now=now)
    booked = appointments.confirm(session, held.id, held.user, now=now, vehicle=car)
    confirmations.post(session, booked, Happening.BOOKED, now=now)
    return booked


def _car(session: Session, user: UserId, told: requests.GuestCar | None, *, now: datetime) -> VehicleId | None:
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
