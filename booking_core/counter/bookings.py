"""What staff do with appointments; unlike customers they may at any hour, but only in their own workshop."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from booking_core import appointments as life
from booking_core import ledger, locks, register, reservations
from booking_core.errors import Outdated, UnknownAppointment, UnknownVehicle, WrongStatus
from booking_core.placements import slot_at
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, VehicleRow
from booking_core.values import AppointmentId, ServiceId, UserId, VehicleId, WorkshopId

CHANNEL = "phone"


def book(
    session: Session,
    workshop: WorkshopId,
    customer: UserId,
    services: Sequence[ServiceId],
    start: datetime,
    *,
    vehicle: VehicleId | None = None,
    actor: str,
    now: datetime,
) -> Appointment:
    """Book for somebody on the phone, in one step.

    Raises SlotTaken, NotBookable, UnknownService, UnknownVehicle or TooManyAppointments.
    """
    car = session.get(VehicleRow, vehicle) if vehicle is not None else None
    if vehicle is not None and (car is None or car.user_id != customer):
        raise UnknownVehicle(vehicle=vehicle)
    slot = slot_at(session, workshop, services, start, now=now)
    hold = reservations.hold_slot(session, slot, customer, channel=CHANNEL, actor=actor, now=now)
    columns: dict[str, Any] = {} if vehicle is None else {"vehicle_id": vehicle}
    return ledger.change(session, hold, actor, "confirmed", now=now, status=AppointmentStatus.CONFIRMED, **columns)


def move(
    session: Session,
    workshop: WorkshopId,
    appointment: AppointmentId,
    start: datetime,
    *,
    version: int | None = None,
    actor: str,
    now: datetime,
) -> Appointment:
    """Move it within the workshop; to where it is changes nothing.

    Raises SlotTaken, NotBookable, WrongStatus, Outdated or UnknownAppointment.
    """
    locks.share_calendar(session, workshop)
    booked = lock(session, workshop, appointment, version=version)
    if booked.status is not AppointmentStatus.CONFIRMED:
        raise WrongStatus(status=booked.status)
    slot = slot_at(session, workshop, booked.services, start, now=now)
    if slot == booked.slot:
        return booked
    taken = reservations.take_visit(session, slot, now=now, give={booked.id})
    return ledger.reschedule(session, booked, slot, taken, actor, now=now)


def cancel(
    session: Session,
    workshop: WorkshopId,
    appointment: AppointmentId,
    *,
    reason: str | None = None,
    version: int | None = None,
    actor: str,
    now: datetime,
) -> Appointment:
    """Cancel and free the cells at once; cancelling again changes nothing.

    Raises WrongStatus, Outdated or UnknownAppointment.
    """
    booked = lock(session, workshop, appointment, version=version)
    if booked.status is AppointmentStatus.CANCELLED:
        return booked
    if not booked.status.may_become(AppointmentStatus.CANCELLED):
        raise WrongStatus(status=booked.status)
    return ledger.cancel(session, booked, actor, reason=reason, now=now)


def become(
    session: Session,
    workshop: WorkshopId,
    appointment: AppointmentId,
    status: AppointmentStatus,
    *,
    version: int | None = None,
    actor: str,
    now: datetime,
) -> Appointment:
    """The car is here, the work is done, or nobody came; to say it twice changes nothing.

    Raises WrongStatus, Outdated or UnknownAppointment.
    """
    booked = lock(session, workshop, appointment, version=version)
    if booked.status is status:
        return booked
    match status:
        case AppointmentStatus.IN_PROGRESS:
            return life.start_work(session, appointment, actor=actor, now=now)
        case AppointmentStatus.COMPLETED:
            return life.complete(session, appointment, actor=actor, now=now)
        case AppointmentStatus.NO_SHOW:
            return life.no_show(session, appointment, actor=actor, now=now)
        case _:
            raise WrongStatus(status=booked.status)


def lock(
    session: Session, workshop: WorkshopId, appointment: AppointmentId, *, version: int | None = None
) -> Appointment:
    """This workshop's appointment, locked, as long as it is still what the caller saw."""
    found = register.lock(session, AppointmentRow.id == appointment, AppointmentRow.workshop_id == workshop)
    if not found:
        raise UnknownAppointment(appointment=appointment)
    if version is not None and found[0].version != version:
        raise Outdated(version=found[0].version)
    return found[0]
