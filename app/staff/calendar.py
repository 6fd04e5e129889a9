"""The calendar as the widget on the page wants it: resources as columns, appointments as events."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.staff import opening
from booking_core.directory import workshop as place_of
from booking_core.status import AppointmentStatus
from booking_core.tables import (
    AppointmentRow,
    AppointmentServiceRow,
    AppointmentSlotRow,
    ClosureRow,
    ResourceRow,
    ServiceRow,
    SlotRow,
    UserRow,
    VehicleRow,
)
from booking_core.values import Period, WorkshopId

LONGEST = 45
"""Days of which closing times are shown: a month and the weeks it begins and ends in."""


def columns(session: Session, workshop: WorkshopId) -> list[dict[str, Any]]:
    """The workshop's resources in the order they were set up."""
    rows = session.execute(
        select(ResourceRow.id, ResourceRow.name)
        .where(ResourceRow.workshop_id == workshop, ResourceRow.capacity > 0)
        .order_by(ResourceRow.id)
    )
    return [{"id": str(row.id), "title": row.name} for row in rows]


def events(
    session: Session, workshop: WorkshopId, start: datetime, end: datetime, *, now: datetime, language: str
) -> list[dict[str, Any]]:
    """Appointments, living holds, closures and closing times of a period, in local times without offset.

    So the page shows the workshop's hours wherever it is looked at.
    """
    zone = place_of(session, workshop).zone
    period = Period(start.replace(tzinfo=zone), end.replace(tzinfo=zone))
    days = max(1, (end.date() - start.date()).days)
    return [
        *_appointments(session, workshop, period, zone, now, language),
        *_closures(session, workshop, period, zone),
        *opening.shut(session, workshop, start.date(), min(days, LONGEST)),
    ]


def _appointments(
    session: Session, workshop: WorkshopId, period: Period, zone: ZoneInfo, now: datetime, language: str
) -> Iterator[dict[str, Any]]:
    name = ServiceRow.name_en if language == "en" else ServiceRow.name
    services = (
        select(func.string_agg(name, " + "))
        .select_from(AppointmentServiceRow)
        .join(ServiceRow, ServiceRow.id == AppointmentServiceRow.service_id)
        .where(AppointmentServiceRow.appointment_id == AppointmentRow.id)
        .scalar_subquery()
    )
    resources = (
        select(func.array_agg(SlotRow.resource_id.distinct()))
        .select_from(AppointmentSlotRow)
        .join(SlotRow, SlotRow.id == AppointmentSlotRow.slot_id)
        .where(AppointmentSlotRow.appointment_id == AppointmentRow.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            AppointmentRow.id,
            AppointmentRow.public_code,
            AppointmentRow.start_time,
            AppointmentRow.end_time,
            AppointmentRow.status,
            AppointmentRow.channel,
            AppointmentRow.version,
            UserRow.name,
            VehicleRow.license_plate,
            services.label("services"),
            resources.label("resources"),
        )
        .join(UserRow, UserRow.id == AppointmentRow.user_id)
        .outerjoin(VehicleRow, VehicleRow.id == AppointmentRow.vehicle_id)
        .where(
            AppointmentRow.workshop_id == workshop,
            AppointmentRow.start_time < period.end,
            AppointmentRow.end_time > period.start,
            AppointmentRow.status.not_in([AppointmentStatus.CANCELLED, AppointmentStatus.EXPIRED]),
            or_(AppointmentRow.status != AppointmentStatus.RESERVED, AppointmentRow.reserved_until > now),
        )
        .order_by(AppointmentRow.start_time, AppointmentRow.id)
    )
    for row in rows:
        yield {
            "id": str(row.id),
            "start": _local(row.start_time, zone),
            "end": _local(row.end_time, zone),
            "resourceIds": [str(resource) for resource in row.resources or ()],
            "title": row.services or "",
            "editable": row.status == AppointmentStatus.CONFIRMED,
            "classNames": [f"is-{row.status}"],
            "extendedProps": {
                "code": row.public_code,
                "customer": row.name or "",
                "plate": row.license_plate or "",
                "status": row.status,
                "channel": row.channel,
                "version": row.version,
            },
        }


def _closures(session: Session, workshop: WorkshopId, period: Period, zone: ZoneInfo) -> Iterator[dict[str, Any]]:
    rows = session.execute(
        select(ClosureRow).where(
            ClosureRow.workshop_id == workshop,
            ClosureRow.start_time < period.end,
            ClosureRow.end_time > period.start,
        )
    ).scalars()
    for row in rows:
        yield {
            "id": f"closure-{row.id}",
            "start": _local(row.start_time, zone),
            "end": _local(row.end_time, zone),
            "display": "background",
            "title": row.reason,
            "classNames": ["is-closure"],
        } | ({"resourceIds": [str(row.resource_id)]} if row.resource_id else {})


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).replace(tzinfo=None).isoformat()
