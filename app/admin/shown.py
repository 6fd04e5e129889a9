"""Appointments as staff are shown them: with names, and times as on the workshop's clock."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from fastapi import Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.admin.counter import Counter
from app.admin.versions import etag
from booking_core import directory
from booking_core.counter import agenda
from booking_core.counter.agenda import Entry
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.values import WorkshopId

EXAMPLE: dict[str, Any] = {
    "id": 17,
    "code": "7K3M-9QXT-2B4D",
    "status": "confirmed",
    "start": "2026-11-24T10:00:00+01:00",
    "end": "2026-11-24T10:45:00+01:00",
    "services": ["Ölwechsel"],
    "services_en": ["Oil change"],
    "service_ids": [1],
    "price": 8900,
    "customer_id": 5,
    "customer": "Petra Müller",
    "phone": "+4915112345678",
    "email": "petra@example.de",
    "plate": "K-AB 1234",
    "car": "VW Golf",
    "resources": [1],
    "channel": "whatsapp",
    "reserved_until": None,
    "cancel_reason": None,
    "notes": 0,
    "version": 2,
    "created_at": "2026-11-23T10:00:00+01:00",
}


class AppointmentShown(BaseModel):
    """`price` is the sum that was said, in cents; `resources` are the ids of those it takes; `notes` is how many."""

    model_config = {"json_schema_extra": {"examples": [EXAMPLE]}}

    id: int
    code: str
    status: AppointmentStatus
    start: datetime
    end: datetime
    services: list[str]
    services_en: list[str]
    service_ids: list[int]
    price: int
    customer_id: int
    customer: str | None
    phone: str | None
    email: str | None
    plate: str | None
    car: str | None
    resources: list[int]
    channel: str
    reserved_until: datetime | None
    cancel_reason: str | None
    notes: int
    version: int
    created_at: datetime

    @classmethod
    def of(cls, entry: Entry, zone: ZoneInfo) -> Self:
        one = entry.appointment
        return cls(
            id=one.id,
            code=one.code,
            status=one.status,
            start=one.start.astimezone(zone),
            end=one.end.astimezone(zone),
            services=list(entry.services),
            services_en=list(entry.services_en),
            service_ids=list(one.services),
            price=entry.price,
            customer_id=one.user,
            customer=entry.customer,
            phone=entry.phone,
            email=entry.email,
            plate=entry.plate,
            car=entry.car,
            resources=list(entry.resources),
            channel=one.channel,
            reserved_until=one.reserved_until and one.reserved_until.astimezone(zone),
            cancel_reason=entry.cancel_reason,
            notes=entry.notes,
            version=one.version,
            created_at=entry.created_at.astimezone(zone),
        )


def shown(session: Session, workshop: WorkshopId, appointments: Sequence[Appointment]) -> list[AppointmentShown]:
    """All that staff may know of these appointments, in the same order."""
    zone = directory.workshop(session, workshop).zone
    return [AppointmentShown.of(entry, zone) for entry in agenda.entries(session, appointments)]


def answered(at: Counter, response: Response, work: Callable[[Session, datetime], Appointment]) -> AppointmentShown:
    """Do the work and show what has become of the appointment."""

    def show(session: Session, now: datetime) -> AppointmentShown:
        return shown(session, at.workshop, [work(session, now)])[0]

    answer = at(show)
    response.headers["ETag"] = etag(answer.version)
    return answer
