"""The register of appointments: what stands in their rows, read with or without a lock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from booking_core import wire
from booking_core.errors import Stale, UnknownAppointment
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, AppointmentServiceRow, table_of
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


def snapshot(appointment: Appointment) -> str:
    """What the audit log keeps of it."""
    return SNAPSHOT.dump_json(appointment).decode()


_VISIT = table_of(AppointmentServiceRow).c
APPOINTMENTS = table_of(AppointmentRow).c

_services_of_visit = (
    select(func.array_agg(aggregate_order_by(_VISIT.service_id, _VISIT.position)))
    .where(_VISIT.appointment_id == APPOINTMENTS.id)
    .scalar_subquery()
)
COLUMNS = (
    APPOINTMENTS.id,
    APPOINTMENTS.public_code,
    APPOINTMENTS.user_id,
    APPOINTMENTS.workshop_id,
    _services_of_visit,
    APPOINTMENTS.start_time,
    APPOINTMENTS.end_time,
    APPOINTMENTS.status,
    APPOINTMENTS.reserved_until,
    APPOINTMENTS.vehicle_id,
    APPOINTMENTS.channel,
    APPOINTMENTS.version,
    APPOINTMENTS.ical_sequence,
    APPOINTMENTS.promised_at,
)

_WIDTH = len(COLUMNS)


def read(row: Sequence[Any]) -> Appointment:
    """The appointment that a row of `COLUMNS` tells of."""
    identity, code, user, workshop, services, start, end, status, *rest = row
    return Appointment(identity, code, user, workshop, tuple(services), start, end, AppointmentStatus(status), *rest)


def select_appointments(*conditions: Any) -> Select[Any]:
    return select(*COLUMNS).where(*conditions).order_by(APPOINTMENTS.start_time, APPOINTMENTS.id)


def fetch(session: Session, *conditions: Any) -> list[Appointment]:
    """The appointments for which all conditions on `AppointmentRow` hold, earliest first, not locked."""
    return [read(row) for row in session.execute(select_appointments(*conditions))]


_SEEN = table_of(AppointmentRow).alias("seen")
_AS_SEEN = APPOINTMENTS.version == select(_SEEN.c.version).where(_SEEN.c.id == APPOINTMENTS.id).scalar_subquery()


def locking(*conditions: Any, beside: Sequence[ColumnElement[Any]] = (), skip_locked: bool = False) -> Select[Any]:
    """Locks and reads those for which all conditions hold, in the order of their ids, with what is wanted beside them.

    Always lock appointments before any cell.
    """
    found = select(*COLUMNS, _AS_SEEN, *beside).where(*conditions).order_by(APPOINTMENTS.id)
    return found.with_for_update(of=table_of(AppointmentRow), skip_locked=skip_locked)


def lock(session: Session, *conditions: Any, skip_locked: bool = False) -> list[Appointment]:
    """The same as `fetch`, locked."""
    return _as_they_are(session, session.execute(locking(*conditions, skip_locked=skip_locked)).all())


_OF_IDS = select_appointments(APPOINTMENTS.id == any_(bindparam("ids", type_=ARRAY(BigInteger))))


def of_ids(session: Session, ids: Sequence[AppointmentId]) -> list[Appointment]:
    """These appointments, earliest first, not locked."""
    return [read(row) for row in wire.send(session, _OF_IDS, {"ids": list(ids)})]


_KEPT_FOR = select_appointments(
    APPOINTMENTS.user_id == bindparam("user"), APPOINTMENTS.status == AppointmentStatus.RESERVED
)


def kept_for(session: Session, user: UserId) -> list[Appointment]:
    """What is kept for the customer, dead or alive; earliest first, not locked."""
    return [read(row) for row in wire.send(session, _KEPT_FOR, {"user": user})]


def locked_by(session: Session, statement: Select[Any], facts: Mapping[str, Any]) -> list[Appointment]:
    """The appointments that this statement, made once by `locking`, locks, earliest first."""
    return _as_they_are(session, wire.send(session, statement, facts))


def _as_they_are(session: Session, rows: Sequence[Sequence[Any]]) -> list[Appointment]:
    """What was locked, as it is since then.

    A row that had to be waited for is read as it has become, but its services as they were when the statement began.
    Only then, which its version tells, is it read once more.
    """
    if not all(row[_WIDTH] for row in rows):
        return of_ids(session, [row[0] for row in rows])
    return sorted((read(row[:_WIDTH]) for row in rows), key=lambda appointment: (appointment.start, appointment.id))


def own(session: Session, appointment: AppointmentId, user: UserId) -> Appointment:
    """The customer's own appointment, not locked; a foreign and a missing one raise the same UnknownAppointment."""
    return _only(fetch(session, AppointmentRow.id == appointment, AppointmentRow.user_id == user), appointment)


ITS_OWN = APPOINTMENTS.id == bindparam("appointment"), APPOINTMENTS.user_id == bindparam("user")
_OWN = locking(*ITS_OWN)


def lock_own(session: Session, appointment: AppointmentId, user: UserId, *, version: int | None = None) -> Appointment:
    """The same, locked. Raises Stale unless it is the `version` that the caller has seen, where one is named."""
    found = _only(locked_by(session, _OWN, {"appointment": appointment, "user": user}), appointment)
    if version is not None and version != found.version:
        raise Stale(version=found.version)
    return found


def lock_own_by(
    session: Session, statement: Select[Any], appointment: AppointmentId, user: UserId
) -> tuple[Appointment, Sequence[Any]]:
    """The same by a statement that `locking` made of `ITS_OWN`, and what that has beside it."""
    rows = wire.send(session, statement, {"appointment": appointment, "user": user})
    return _only(_as_they_are(session, rows), appointment), rows[0][_WIDTH + 1 :]


def _only(found: Sequence[Appointment], appointment: AppointmentId) -> Appointment:
    if not found:
        raise UnknownAppointment(appointment=appointment)
    return found[0]
