"""The register of appointments: what stands in their rows, read with or without a lock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from booking_core.errors import UnknownAppointment
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, AppointmentServiceRow
from booking_core.values import AppointmentId, ServiceId, Slot, UserId, VehicleId, WorkshopId


@dataclass(frozen=True)
class Appointment:
    """A hold or an appointment, as everyone may see it. All times are UTC, without buffers."""

    id: AppointmentId
    code: str
    user: UserId
    workshop: WorkshopId
    services: tuple[ServiceId, ...]
    start: datetime
    end: datetime
    status: AppointmentStatus
    reserved_until: datetime | None
    vehicle: VehicleId | None
    channel: str
    version: int
    ical_sequence: int
    promised_at: datetime | None = None

    @property
    def slot(self) -> Slot:
        return Slot(self.workshop, self.services, self.start, self.end)


SNAPSHOT: TypeAdapter[Appointment] = TypeAdapter(Appointment)


def _services_of_visit() -> Any:
    ordered = aggregate_order_by(AppointmentServiceRow.service_id, AppointmentServiceRow.position)
    return (
        select(func.array_agg(ordered))
        .where(AppointmentServiceRow.appointment_id == AppointmentRow.id)
        .scalar_subquery()
    )


COLUMNS = (
    AppointmentRow.id,
    AppointmentRow.public_code,
    AppointmentRow.user_id,
    AppointmentRow.workshop_id,
    _services_of_visit(),
    AppointmentRow.start_time,
    AppointmentRow.end_time,
    AppointmentRow.status,
    AppointmentRow.reserved_until,
    AppointmentRow.vehicle_id,
    AppointmentRow.channel,
    AppointmentRow.version,
    AppointmentRow.ical_sequence,
    AppointmentRow.promised_at,
)


def read(row: Sequence[Any]) -> Appointment:
    """The appointment that a row of `COLUMNS` tells of."""
    identity, code, user, workshop, services, start, end, status, *rest = row
    return Appointment(identity, code, user, workshop, tuple(services), start, end, AppointmentStatus(status), *rest)


def select_appointments(*conditions: Any) -> Select[Any]:
    return select(*COLUMNS).where(*conditions).order_by(AppointmentRow.start_time, AppointmentRow.id)


def fetch(session: Session, *conditions: Any) -> list[Appointment]:
    """The appointments for which all conditions on `AppointmentRow` hold, earliest first, not locked."""
    return [read(row) for row in session.execute(select_appointments(*conditions))]


def lock(session: Session, *conditions: Any, skip_locked: bool = False) -> list[Appointment]:
    """The same, locked in the order of their ids. Always lock appointments before any cell."""
    ids = session.scalars(
        select(AppointmentRow.id)
        .where(*conditions)
        .order_by(AppointmentRow.id)
        .with_for_update(skip_locked=skip_locked)
    ).all()
    return fetch(session, AppointmentRow.id.in_(ids)) if ids else []


def own(session: Session, appointment: AppointmentId, user: UserId) -> Appointment:
    """The customer's own appointment, not locked; a foreign and a missing one raise the same UnknownAppointment."""
    return _only(fetch(session, AppointmentRow.id == appointment, AppointmentRow.user_id == user), appointment)


def lock_own(session: Session, appointment: AppointmentId, user: UserId) -> Appointment:
    """The same, locked."""
    return _only(lock(session, AppointmentRow.id == appointment, AppointmentRow.user_id == user), appointment)


def _only(found: Sequence[Appointment], appointment: AppointmentId) -> Appointment:
    if not found:
        raise UnknownAppointment(appointment=appointment)
    return found[0]
