"""The day and the week, and booking by phone."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field, model_validator
from sqlalchemy.orm import Session

from app.admin.counter import AtCounter, Counter
from app.admin.refusals import AT_THE_COUNTER, BOOKINGS, refusals
from app.admin.shown import AppointmentShown, answered
from app.admin.types import Day, Id, Moment, Phone, Ref, Sent, Whole, Words
from app.admin.writing import ONCE, Once
from app.api.requests import Email
from booking_core import customers, directory, keys
from booking_core.counter import agenda, bookings, clients, house
from booking_core.register import Appointment
from booking_core.values import AppointmentId, ServiceId, UserId, VehicleId
from bot import notices
from bot.messages import Happening

router = APIRouter(tags=["appointments"], responses=refusals(*AT_THE_COUNTER, *BOOKINGS))


class Caller(Sent):
    """Somebody new on the phone."""

    name: Words = Field(examples=["Petra Müller"])
    phone: Phone = Field(examples=["0151 12345678"])
    email: Email | None = Field(None, examples=["petra@example.de"])
    language: str = Field("de", pattern="^(de|en)$")


class Car(Sent):
    plate: Words | None = Field(None, examples=["K-AB 1234"])
    make: Words | None = Field(None, examples=["VW"])
    model: Words | None = Field(None, examples=["Golf"])
    year: Whole | None = Field(None, ge=1900, le=2100, examples=[2019])


class Booking(Sent):
    """For a customer we know, or for one who is new; in a car we know, a new one, or none yet."""

    service_ids: list[Ref] = Field(min_length=1, max_length=10, examples=[[1]])
    start: Moment = Field(examples=["2026-11-24T10:00:00+01:00"])
    customer_id: Ref | None = Field(None, examples=[None])
    new_customer: Caller | None = None
    vehicle_id: Ref | None = Field(None, examples=[None])
    new_vehicle: Car | None = None

    @model_validator(mode="after")
    def one_of_each(self) -> Self:
        if (self.customer_id is None) == (self.new_customer is None):
            raise ValueError("either customer_id or new_customer is wanted")
        if self.vehicle_id is not None and self.new_vehicle is not None:
            raise ValueError("only one of vehicle_id and new_vehicle is wanted")
        return self


class Resource(BaseModel):
    id: int
    kind: str
    name: str
    capacity: int


class Agenda(BaseModel):
    """Everything of some days, earliest first, and the resources to sort it by."""

    resources: list[Resource]
    appointments: list[AppointmentShown]


@router.get("/agenda")
def read_agenda(
    at: AtCounter,
    day: Annotated[Day, Query(alias="from", description="The first day", examples=["2026-11-23"])],
    days: Annotated[int, Query(ge=1, le=31, description="1 for a day, 7 for a week")] = 1,
    cancelled: Annotated[bool, Query(description="Whether to show cancelled ones too")] = False,
) -> Agenda:
    """The day or the week: who comes when, with which car, and on which lift."""

    def read(session: Session, now: datetime) -> Agenda:
        place = directory.workshop(session, at.workshop)
        period = agenda.days(day, days, place.zone)
        entries = agenda.agenda(session, at.workshop, period, now=now, cancelled=cancelled)
        units = house.resources(session, at.workshop)
        return Agenda(
            resources=[
                Resource(id=identity, kind=unit["kind"], name=unit["name"], capacity=unit["capacity"])
                for identity, unit in units
            ],
            appointments=[AppointmentShown.of(entry, place.zone) for entry in entries],
        )

    return at(read)


@router.get("/appointments/{appointment_id}")
def read_appointment(at: AtCounter, appointment_id: Id, response: Response) -> AppointmentShown:
    """One appointment, with its version as ETag."""
    identity = AppointmentId(appointment_id)
    return answered(at, response, lambda session, now: agenda.entry(session, at.workshop, identity).appointment)


@router.post("/appointments", status_code=201, responses=refusals(*AT_THE_COUNTER, *BOOKINGS, *ONCE))
def create_appointment(at: AtCounter, wish: Booking, repeatable: Once, response: Response) -> AppointmentShown:
    """Book for somebody on the phone. By the same rules as in every chat, without proof of who they are."""

    def book(session: Session, now: datetime) -> Appointment:
        key = repeatable.claim(session, at)
        return keys.once(session, key, (at.workshop, wish), lambda: _book(session, at, wish, now=now))

    answer = answered(at, response, book)
    response.headers["Location"] = f"/api/admin/workshops/{at.workshop}/appointments/{answer.id}"
    return answer


def _book(session: Session, at: Counter, wish: Booking, *, now: datetime) -> Appointment:
    customer = _customer(session, at, wish, now=now)
    vehicle = None if wish.vehicle_id is None else VehicleId(wish.vehicle_id)
    if wish.new_vehicle is not None:
        vehicle = customers.add_vehicle(session, customer, **wish.new_vehicle.model_dump(), now=now)
    services = [ServiceId(service) for service in wish.service_ids]
    made = bookings.book(session, at.workshop, customer, services, wish.start, vehicle=vehicle, actor=at.actor, now=now)
    notices.tell(session, made, Happening.BOOKED, now=now)
    return made


def _customer(session: Session, at: Counter, wish: Booking, *, now: datetime) -> UserId:
    if wish.new_customer is None:
        return clients.customer(session, at.workshop, UserId(wish.customer_id or 0)).id
    return clients.meet(session, at.workshop, **wish.new_customer.model_dump(), now=now)
