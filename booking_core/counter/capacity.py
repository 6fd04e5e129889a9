"""Whom a change of hours or capacity would hit, and the closures there are."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking_core import register
from booking_core.hours import WALL_DAY, Week, read_week, wall_quarter
from booking_core.quarters import span
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, AppointmentSlotRow, ClosureRow, SlotRow, WorkshopRow
from booking_core.values import CELL, Period, ResourceId, WorkshopId


@dataclass(frozen=True)
class Closing:
    """A closure of the workshop or, with `resource`, of one resource."""

    id: int
    period: Period
    reason: str
    resource: ResourceId | None


def closures(session: Session, workshop: WorkshopId, *, since: datetime) -> list[Closing]:
    """Those that end after `since`, earliest first."""
    rows = session.execute(
        select(ClosureRow.id, ClosureRow.start_time, ClosureRow.end_time, ClosureRow.reason, ClosureRow.resource_id)
        .where(ClosureRow.workshop_id == workshop, ClosureRow.end_time > since)
        .order_by(ClosureRow.start_time, ClosureRow.id)
    )
    return [Closing(row.id, Period(row.start_time, row.end_time), row.reason, row.resource_id) for row in rows]


def outside(
    session: Session, workshop: WorkshopId, hours: object, *, resource: ResourceId | None = None, now: datetime
) -> list[Appointment]:
    """Appointments to come, or those on one resource, that would not lie within these hours; None opens always.

    Raises BadHours.
    """
    if hours is None:
        return []
    week = read_week(hours)
    zone = ZoneInfo(session.scalars(select(WorkshopRow.timezone).where(WorkshopRow.id == workshop)).one())
    return [one for one in _coming(session, workshop, resource, now=now) if not _inside(one, week, zone)]


def _inside(appointment: Appointment, week: Week, zone: ZoneInfo) -> bool:
    start, end = appointment.start.astimezone(zone), (appointment.end - CELL).astimezone(zone)
    wanted = span(wall_quarter(start), wall_quarter(end) + 1 if start.date() == end.date() else WALL_DAY)
    return start.date() == end.date() and week.quarters_on(start.date()) & wanted == wanted


def beyond(
    session: Session, workshop: WorkshopId, resource: ResourceId, capacity: int, *, now: datetime
) -> list[Appointment]:
    """Appointments to come of which more stand in a quarter hour of the resource than would have room."""
    standing = (
        select(AppointmentSlotRow.slot_id)
        .join(SlotRow, SlotRow.id == AppointmentSlotRow.slot_id)
        .where(SlotRow.resource_id == resource, SlotRow.end_time > now)
        .group_by(AppointmentSlotRow.slot_id)
        .having(func.count() > capacity)
    )
    crowded = select(AppointmentSlotRow.appointment_id).where(AppointmentSlotRow.slot_id.in_(standing))
    return [one for one in _coming(session, workshop, resource, now=now) if one.id in set(session.scalars(crowded))]


def _coming(session: Session, workshop: WorkshopId, resource: ResourceId | None, *, now: datetime) -> list[Appointment]:
    on_it = (
        select(AppointmentSlotRow.appointment_id)
        .join(SlotRow, SlotRow.id == AppointmentSlotRow.slot_id)
        .where(SlotRow.resource_id == resource, SlotRow.end_time > now)
    )
    return register.fetch(
        session,
        AppointmentRow.workshop_id == workshop,
        AppointmentRow.status == AppointmentStatus.CONFIRMED,
        AppointmentRow.start_time > now,
        *([] if resource is None else [AppointmentRow.id.in_(on_it)]),
    )
