"""A workshop, its lifts, its services and its customers, with kind defaults."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking_core.tables import AppointmentSlotRow, ResourceRow, ServiceRow, SlotRow, UserRow, WorkshopRow
from booking_core.values import ResourceId, ServiceId, Slot, UserId, WorkshopId

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=BERLIN)
"""A Monday morning."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


def berlin(text: str) -> datetime:
    """ "2026-11-24 10:00" on a Berlin clock."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


@dataclass(frozen=True)
class Garage:
    """A workshop with one service, and what is needed to speak of its times."""

    workshop: WorkshopId
    service: ServiceId
    lifts: tuple[ResourceId, ...]
    duration: timedelta

    def slot(self, text: str) -> Slot:
        start = berlin(text)
        return Slot(self.workshop, (self.service,), start, start + self.duration)


def a_garage(
    session: Session,
    *,
    lifts: int = 1,
    capacity: int = 1,
    minutes: int = 60,
    hours: tuple[str, str] = ("08:00", "17:00"),
    **workshop: Any,
) -> Garage:
    """Open on weekdays; no notice, a horizon of 60 days and a cut-off of 24 hours unless told otherwise."""
    house = WorkshopRow(
        **{
            "name": "Werkstatt Muster",
            "address": "Musterstraße 1",
            "plz": "50667",
            "city": "Köln",
            "phone": "+4922112345",
            "lat": 50.94,
            "lng": 6.96,
            "opening_hours": {day: [list(hours)] for day in WEEKDAYS},
            "state": "NW",
            "min_notice": 0,
            "horizon_days": 60,
            "cancel_cutoff": 1440,
            "max_open_appointments": 3,
            "max_holds_per_hour": 1_000,
            **workshop,
        }
    )
    session.add(house)
    session.flush()
    units = [
        ResourceRow(workshop_id=house.id, kind="lift", name=f"Bühne {number}", capacity=capacity)
        for number in range(1, lifts + 1)
    ]
    service = a_service(session, house.id, minutes=minutes)
    session.add_all(units)
    session.flush()
    return Garage(house.id, service, tuple(unit.id for unit in units), timedelta(minutes=minutes))


def a_service(
    session: Session, workshop: WorkshopId | None, code: str = "oil-change", *, minutes: int = 60, **columns: Any
) -> ServiceId:
    row = ServiceRow(
        **{
            "workshop_id": workshop,
            "code": code,
            "name": "Ölwechsel",
            "name_en": "Oil change",
            "duration_minutes": minutes,
            "price": 8900,
            "kinds": ["lift"],
            **columns,
        }
    )
    session.add(row)
    session.flush()
    return row.id


def a_customer(session: Session, name: str = "Petra Müller") -> UserId:
    row = UserRow(name=name, language="de")
    session.add(row)
    session.flush()
    return row.id


def reads_their_mail(session: Session, user: UserId) -> bool:
    """Whether it is proved that the address they gave is theirs."""
    return session.scalar(select(UserRow.email_proved_at).where(UserRow.id == user)) is not None


def counts_that_lie(session: Session) -> int:
    """How many cells count something else than the appointments that stand in them; always 0."""
    standing = select(func.count()).where(AppointmentSlotRow.slot_id == SlotRow.id).correlate(SlotRow).scalar_subquery()
    return session.scalar(select(func.count()).select_from(SlotRow).where(SlotRow.booked_count != standing)) or 0
