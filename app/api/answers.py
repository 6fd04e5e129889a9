"""What we answer. Times carry the workshop's offset, money is cents."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Self

from pydantic import BaseModel, Field

from app.api.booking import Visit
from booking_core.customers import Car
from booking_core.directory import Place
from booking_core.services import Service
from booking_core.slots import Found, Reason, WhyNot
from booking_core.status import AppointmentStatus
from booking_core.values import Slot

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Opening(BaseModel):
    """A stretch of a weekday in local time, as in 07:30 and 12:00."""

    opens: str
    closes: str


class Address(BaseModel):
    """A workshop as it is named in an appointment."""

    id: int
    name: str
    address: str
    plz: str
    city: str
    phone: str
    timezone: str

    @classmethod
    def of(cls, place: Place, **more: Any) -> Self:
        return cls(
            id=place.id,
            name=place.name,
            address=place.address,
            plz=place.plz,
            city=place.city,
            phone=place.phone,
            timezone=place.zone.key,
            **more,
        )


class Workshop(Address):
    """`opening_hours` by weekday, `mon` to `sun`; a day that is missing is closed."""

    distance_km: float | None = Field(description="From the postcode, as the crow flies")
    opening_hours: Mapping[str, Sequence[Opening]]
    min_notice_minutes: int
    cancel_cutoff_minutes: int

    @classmethod
    def at(cls, place: Place) -> Self:
        hours = {
            day: [Opening(opens=opens, closes=closes) for opens, closes in place.opening_hours[day]]
            for day in WEEKDAYS
            if day in place.opening_hours
        }
        return cls.of(
            place,
            distance_km=None if place.distance_km is None else round(place.distance_km, 1),
            opening_hours=hours,
            min_notice_minutes=place.min_notice // timedelta(minutes=1),
            cancel_cutoff_minutes=place.cancel_cutoff // timedelta(minutes=1),
        )


class Workshops(BaseModel):
    workshops: Sequence[Workshop]
    next: str | None = Field(description="Where the next page is, if there is one; also in Link")


class ServiceSold(BaseModel):
    """`price_cents` is a "from" price."""

    id: int
    code: str
    name: str
    name_en: str
    description: str
    duration_minutes: int
    price_cents: int

    @classmethod
    def of(cls, service: Service) -> Self:
        return cls(
            id=service.id,
            code=service.code,
            name=service.name,
            name_en=service.name_en,
            description=service.description,
            duration_minutes=service.duration // timedelta(minutes=1),
            price_cents=service.price,
        )


class Services(BaseModel):
    services: Sequence[ServiceSold]


class FreeSlot(BaseModel):
    """When the work begins and ends."""

    workshop_id: int
    start: datetime
    end: datetime

    @classmethod
    def of(cls, slot: Slot, place: Place) -> Self:
        return cls(
            workshop_id=slot.workshop, start=slot.start.astimezone(place.zone), end=slot.end.astimezone(place.zone)
        )


class Obstacle(BaseModel):
    """Why nothing is free: `day` came closest; `detail` names the holiday, the closure, or the last bookable day."""

    reason: Reason
    day: date | None
    detail: str | None

    @classmethod
    def of(cls, why_not: WhyNot) -> Self:
        return cls(reason=why_not.reason, day=why_not.day, detail=why_not.detail)


class Slots(BaseModel):
    """`why_not` and `alternatives` say more where `slots` is empty."""

    slots: Sequence[FreeSlot]
    why_not: Obstacle | None
    alternatives: Sequence[FreeSlot]
    next: str | None = Field(description="Where the next page is, if there is one; also in Link")

    @classmethod
    def of(cls, found: Found, place: Place, following: str | None) -> Self:
        return cls(
            slots=[FreeSlot.of(slot, place) for slot in found.slots],
            why_not=Obstacle.of(found.why_not) if found.why_not else None,
            alternatives=[FreeSlot.of(slot, place) for slot in found.alternatives],
            next=following,
        )


class AppointmentCar(BaseModel):
    plate: str | None
    make: str | None
    model: str | None
    year: int | None

    @classmethod
    def of(cls, car: Car) -> Self:
        return cls(plate=car.plate, make=car.make, model=car.model, year=car.year)


class Appointment(BaseModel):
    """A hold (`reserved`, until `reserved_until`) or an appointment. What we know of its customer is not told."""

    code: str
    status: AppointmentStatus
    version: int
    workshop: Address
    services: Sequence[ServiceSold]
    start: datetime
    end: datetime
    price_cents: int
    vehicle: AppointmentCar | None
    channel: str
    reserved_until: datetime | None
    changeable_until: datetime

    @classmethod
    def of(cls, visit: Visit, **more: str) -> Self:
        booked, place, services = visit.appointment, visit.place, visit.services
        held = booked.status is AppointmentStatus.RESERVED and booked.reserved_until
        return cls(
            code=booked.code,
            status=booked.status,
            version=booked.version,
            workshop=Address.of(place),
            services=[ServiceSold.of(service) for service in services],
            start=booked.start.astimezone(place.zone),
            end=booked.end.astimezone(place.zone),
            price_cents=sum(service.price for service in services),
            vehicle=AppointmentCar.of(visit.car) if visit.car else None,
            channel=booked.channel,
            reserved_until=held.astimezone(place.zone) if held else None,
            changeable_until=(booked.start - place.cancel_cutoff).astimezone(place.zone),
            **more,
        )


class AppointmentWithProof(Appointment):
    """`proof` is shown this once: with it the appointment can be seen, moved and cancelled."""

    proof: str
