"""What can happen to an appointment: confirmed, cancelled, moved, worked on, missed."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import cells, cutoff, house_rules, keys, ledger, locks, register, reservations
from booking_core.errors import UnknownAppointment, UnknownVehicle, WrongStatus
from booking_core.register import APPOINTMENTS, Appointment
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, VehicleRow
from booking_core.values import AppointmentId, Slot, UserId, VehicleId


def confirm(
    session: Session,
    appointment: AppointmentId,
    user: UserId,
    *,
    now: datetime,
    vehicle: VehicleId | None = None,
    key: str | None = None,
) -> Appointment:
    """Turn a hold into an appointment; confirming it again changes nothing.

    A dead hold is revived when its time is still free. Raises SlotTaken or NotBookable when it is not,
    UnknownAppointment, UnknownVehicle, WrongStatus or KeyReused.
    """
    request = ("confirm", appointment, user, vehicle)
    return keys.once(session, key, request, lambda: _confirm(session, appointment, user, vehicle, now=now))


_TO_CONFIRM = register.locking(
    *register.ITS_OWN,
    locks.sharing_calendar(APPOINTMENTS.workshop_id, *register.ITS_OWN),
    house_rules.WORKSHOP.id == APPOINTMENTS.workshop_id,
    beside=house_rules.COLUMNS,
)
"""Shares the calendar, too. A change of the rules that was waited for is not seen yet; it only tells when to remind."""


def _confirm(
    session: Session, appointment: AppointmentId, user: UserId, vehicle: VehicleId | None, *, now: datetime
) -> Appointment:
    hold, rules = register.lock_own_by(session, _TO_CONFIRM, appointment, user)
    if hold.status is AppointmentStatus.CONFIRMED:
        return hold
    _demand(hold, AppointmentStatus.CONFIRMED)
    _refuse_foreign_car(session, vehicle, user)
    columns: dict[str, Any] = {} if vehicle is None else {"vehicle_id": vehicle}
    if not _alive(hold, now=now):
        mine = {hold.id} if hold.status.takes_cells else set()
        taken = reservations.take_visit(session, hold.slot, now=now, give=mine)
        cells.attach(session, hold.id, taken.values())
        columns["slot_id"] = next(iter(taken.values()))
    columns["status"] = AppointmentStatus.CONFIRMED
    wanted = house_rules.read(rules)
    return ledger.change(session, hold, f"customer:{user}", "confirmed", now=now, rules=wanted, **columns)


def _alive(hold: Appointment, *, now: datetime) -> bool:
    return hold.status is AppointmentStatus.RESERVED and hold.reserved_until is not None and now < hold.reserved_until


def _refuse_foreign_car(session: Session, vehicle: VehicleId | None, user: UserId) -> None:
    if vehicle is None:
        return
    if session.scalar(select(VehicleRow.user_id).where(VehicleRow.id == vehicle)) != user:
        raise UnknownVehicle(vehicle=vehicle)


def cancel(
    session: Session,
    appointment: AppointmentId,
    user: UserId,
    *,
    now: datetime,
    reason: str | None = None,
    version: int | None = None,
    key: str | None = None,
) -> Appointment:
    """Cancel and free the cells at once; cancelling again changes nothing.

    Raises TooLate after the cut-off, Stale, UnknownAppointment, WrongStatus or KeyReused.
    """
    request = ("cancel", appointment, user, reason)
    return keys.once(session, key, request, lambda: _cancel(session, appointment, user, reason, version, now=now))


def _cancel(
    session: Session,
    appointment: AppointmentId,
    user: UserId,
    reason: str | None,
    version: int | None,
    *,
    now: datetime,
) -> Appointment:
    booked = register.lock_own(session, appointment, user, version=version)
    if booked.status is AppointmentStatus.CANCELLED:
        return booked
    _demand(booked, AppointmentStatus.CANCELLED)
    cutoff.refuse_late_change(session, booked, now=now)
    return ledger.cancel(session, booked, f"customer:{user}", reason=reason, now=now)


def move(
    session: Session,
    appointment: AppointmentId,
    slot: Slot,
    user: UserId,
    *,
    now: datetime,
    version: int | None = None,
    key: str | None = None,
) -> Appointment:
    """Take the new time and give back the old one, both or neither; moving to where it is changes nothing.

    Raises SlotTaken, NotBookable, TooLate as `cancel` does, Stale, UnknownAppointment, WrongStatus or KeyReused.
    """
    request = ("move", appointment, slot, user)
    return keys.once(session, key, request, lambda: _move(session, appointment, slot, user, version, now=now))


def _move(
    session: Session, appointment: AppointmentId, slot: Slot, user: UserId, version: int | None, *, now: datetime
) -> Appointment:
    locks.share_calendar(session, slot.workshop)
    booked = register.lock_own(session, appointment, user, version=version)
    if booked.status is not AppointmentStatus.CONFIRMED:
        raise WrongStatus(status=booked.status)
    if booked.slot == slot:
        return booked
    cutoff.refuse_late_change(session, booked, now=now)
    taken = reservations.take_visit(session, slot, now=now, give={booked.id})
    return ledger.reschedule(session, booked, slot, taken, f"customer:{user}", now=now)


def promise(
    session: Session, appointment: AppointmentId, user: UserId, *, start: datetime, now: datetime
) -> Appointment:
    """The customer says that they will come at `start`; saying it again changes nothing.

    Raises UnknownAppointment, or WrongStatus where the appointment is not at that time any more.
    """
    booked = register.lock_own(session, appointment, user)
    if booked.status is not AppointmentStatus.CONFIRMED or booked.start != start or start <= now:
        raise WrongStatus(status=booked.status)
    if booked.promised_at is not None:
        return booked
    return ledger.change(session, booked, f"customer:{user}", "promised", now=now, promised_at=now)


def change_vehicle(
    session: Session, appointment: AppointmentId, user: UserId, vehicle: VehicleId, *, now: datetime
) -> Appointment:
    """Come with another car. Raises UnknownAppointment, UnknownVehicle or WrongStatus."""
    booked = register.lock_own(session, appointment, user)
    if booked.status is not AppointmentStatus.CONFIRMED:
        raise WrongStatus(status=booked.status)
    _refuse_foreign_car(session, vehicle, user)
    if booked.vehicle == vehicle:
        return booked
    return ledger.change(session, booked, f"customer:{user}", "vehicle changed", now=now, vehicle_id=vehicle)


def start_work(session: Session, appointment: AppointmentId, *, actor: str, now: datetime) -> Appointment:
    """The car is here. Raises UnknownAppointment or WrongStatus, like the two below."""
    return _become(session, appointment, AppointmentStatus.IN_PROGRESS, actor=actor, now=now)


def complete(session: Session, appointment: AppointmentId, *, actor: str, now: datetime) -> Appointment:
    """The work is done."""
    return _become(session, appointment, AppointmentStatus.COMPLETED, actor=actor, now=now)


def no_show(session: Session, appointment: AppointmentId, *, actor: str, now: datetime) -> Appointment:
    """The customer did not come; only sayable once the appointment has begun."""
    return _become(session, appointment, AppointmentStatus.NO_SHOW, actor=actor, now=now)


def _become(
    session: Session, appointment: AppointmentId, status: AppointmentStatus, *, actor: str, now: datetime
) -> Appointment:
    found = register.lock(session, AppointmentRow.id == appointment)
    if not found:
        raise UnknownAppointment(appointment=appointment)
    [booked] = found
    _demand(booked, status)
    if status is AppointmentStatus.NO_SHOW and now < booked.start:
        raise WrongStatus(status=booked.status)
    return ledger.change(session, booked, actor, str(status), now=now, status=status)


def open_appointments(session: Session, user: UserId, *, now: datetime) -> list[Appointment]:
    """The customer's confirmed appointments that have not ended, earliest first."""
    return register.fetch(
        session,
        AppointmentRow.user_id == user,
        AppointmentRow.status == AppointmentStatus.CONFIRMED,
        AppointmentRow.end_time > now,
    )


def _demand(appointment: Appointment, status: AppointmentStatus) -> None:
    if not appointment.status.may_become(status):
        raise WrongStatus(status=appointment.status)
