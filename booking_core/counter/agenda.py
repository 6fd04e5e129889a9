"""The day and the week as staff see them: who comes when, with which car, and on which lift."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from booking_core import register
from booking_core.errors import UnknownAppointment
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.stretches import midnight
from booking_core.tables import (
    AppointmentNoteRow,
    AppointmentRow,
    AppointmentServiceRow,
    AppointmentSlotRow,
    ServiceRow,
    SlotRow,
    UserRow,
    VehicleRow,
)
from booking_core.values import AppointmentId, Period, ResourceId, WorkshopId


@dataclass(frozen=True)
class Entry:
    """An appointment with all that the counter wants to know. `price` is the sum that was said, in cents.

    `resources` are those it takes, none once it is cancelled; `notes` how many there are.
    """

    appointment: Appointment
    services: tuple[str, ...]
    services_en: tuple[str, ...]
    price: int
    customer: str | None
    phone: str | None
    email: str | None
    plate: str | None
    car: str | None
    resources: tuple[ResourceId, ...]
    notes: int
    cancel_reason: str | None
    created_at: datetime


def days(first: date, count: int, zone: ZoneInfo) -> Period:
    """So many local days from the first on."""
    return Period(midnight(first, zone), midnight(first + timedelta(days=count), zone))


def agenda(
    session: Session, workshop: WorkshopId, period: Period, *, now: datetime, cancelled: bool = False
) -> list[Entry]:
    """All that goes on in a period, living holds included and on demand what was cancelled; earliest first."""
    gone = [AppointmentStatus.EXPIRED] if cancelled else [AppointmentStatus.EXPIRED, AppointmentStatus.CANCELLED]
    return entries(
        session,
        register.fetch(
            session,
            AppointmentRow.workshop_id == workshop,
            AppointmentRow.start_time < period.end,
            AppointmentRow.end_time > period.start,
            AppointmentRow.status.not_in(gone),
            or_(AppointmentRow.status != AppointmentStatus.RESERVED, AppointmentRow.reserved_until > now),
        ),
    )


def entry(session: Session, workshop: WorkshopId, appointment: AppointmentId) -> Entry:
    """One of this workshop's. Raises UnknownAppointment, for another workshop's as for none."""
    found = register.fetch(session, AppointmentRow.id == appointment, AppointmentRow.workshop_id == workshop)
    if not found:
        raise UnknownAppointment(appointment=appointment)
    return entries(session, found)[0]


def entries(session: Session, appointments: Sequence[Appointment]) -> list[Entry]:
    """The same appointments, in the same order, with all there is to know."""
    ids = [appointment.id for appointment in appointments]
    people, services, resources = _people(session, ids), _services(session, ids), _resources(session, ids)
    return [
        Entry(
            appointment,
            tuple(name for name, _, _ in services[appointment.id]),
            tuple(english for _, english, _ in services[appointment.id]),
            sum(price for _, _, price in services[appointment.id]),
            resources=tuple(resources[appointment.id]),
            **people[appointment.id],
        )
        for appointment in appointments
    ]


def _people(session: Session, ids: Collection[AppointmentId]) -> Mapping[AppointmentId, Mapping[str, Any]]:
    notes = select(func.count()).where(AppointmentNoteRow.appointment_id == AppointmentRow.id).scalar_subquery()
    rows = session.execute(
        select(
            AppointmentRow.id,
            UserRow.name.label("customer"),
            UserRow.phone,
            UserRow.email,
            VehicleRow.license_plate.label("plate"),
            func.nullif(func.concat_ws(" ", VehicleRow.make, VehicleRow.model), "").label("car"),
            notes.label("notes"),
            AppointmentRow.cancel_reason,
            AppointmentRow.created_at,
        )
        .join(UserRow, UserRow.id == AppointmentRow.user_id)
        .outerjoin(VehicleRow, VehicleRow.id == AppointmentRow.vehicle_id)
        .where(AppointmentRow.id.in_(ids))
    )
    return {row.id: {name: fact for name, fact in row._mapping.items() if name != "id"} for row in rows}


def _services(session: Session, ids: Collection[AppointmentId]) -> Mapping[AppointmentId, list[tuple[str, str, int]]]:
    rows = session.execute(
        select(AppointmentServiceRow.appointment_id, ServiceRow.name, ServiceRow.name_en, AppointmentServiceRow.price)
        .join(ServiceRow, ServiceRow.id == AppointmentServiceRow.service_id)
        .where(AppointmentServiceRow.appointment_id.in_(ids))
        .order_by(AppointmentServiceRow.position)
    )
    found = defaultdict(list)
    for appointment, name, english, price in rows:
        found[appointment].append((name, english, price))
    return found


def _resources(session: Session, ids: Collection[AppointmentId]) -> Mapping[AppointmentId, list[ResourceId]]:
    rows = session.execute(
        select(AppointmentSlotRow.appointment_id, SlotRow.resource_id)
        .join(SlotRow, SlotRow.id == AppointmentSlotRow.slot_id)
        .where(AppointmentSlotRow.appointment_id.in_(ids))
        .distinct()
        .order_by(SlotRow.resource_id)
    )
    found = defaultdict(list)
    for appointment, resource in rows:
        found[appointment].append(resource)
    return found
