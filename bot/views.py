"""The calendar's facts as the dialog sees them: with names, prices and local times."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from booking_core import cutoff, directory, services
from booking_core.customers import Customer
from booking_core.directory import Place
from booking_core.hours import read_week
from booking_core.register import Appointment
from booking_core.services import Service
from booking_core.values import Slot
from bot.facts import Booking, Client, Held, Job, Offer, Shop
from bot.understanding.meaning import Vehicle

BUTTON = 16
"""Letters of a workshop's name that fit on a button, beside a day and a time."""


def shop_of(place: Place) -> Shop:
    hours = read_week(place.opening_hours).times
    return Shop(place.id, place.name, place.address, place.plz, place.city, place.phone, hours, place.distance_km)


def job_of(service: Service) -> Job:
    minutes = round(service.duration.total_seconds() / 60)
    return Job(service.code, service.name, service.name_en, service.price, minutes, service.description)


def offer_of(slot: Slot, place: Place) -> Offer:
    return Offer(slot, slot.start.astimezone(place.zone), _short(place.name))


def _short(name: str) -> str:
    """A long name without its first word, which tells workshops apart the least."""
    return name if len(name) <= BUTTON else name.partition(" ")[2] or name


def booking_of(session: Session, appointment: Appointment, *, now: datetime) -> Booking:
    return bookings_of(session, [appointment], now=now)[0]


def bookings_of(session: Session, appointments: Sequence[Appointment], *, now: datetime) -> list[Booking]:
    """What they have in common is looked up once."""
    places = directory.workshops(session, {one.workshop for one in appointments})
    sold = {service for one in appointments for service in one.services}
    known = {service.id: service for service in services.services(session, sold)}
    cutoffs = [(one, places[one.workshop].cancel_cutoff) for one in appointments]
    changeable = cutoff.changeable(session, cutoffs, now=now)
    return [
        booking(one, places[one.workshop], [known[job] for job in one.services], changeable=one.id in changeable)
        for one in appointments
    ]


def booking(one: Appointment, place: Place, sold: Sequence[Service], *, changeable: bool = True) -> Booking:
    """An appointment at this place for these services."""
    return Booking(
        id=one.id,
        code=one.code,
        start=one.start.astimezone(place.zone),
        shop=shop_of(place),
        jobs=tuple(map(job_of, sold)),
        changeable=changeable,
    )


def held_of(session: Session, hold: Appointment, *, now: datetime) -> Held:
    place = directory.workshop(session, hold.workshop)
    return Held(
        appointment=hold.id,
        start=hold.start.astimezone(place.zone),
        until=(hold.reserved_until or now).astimezone(place.zone),
        shop=shop_of(place),
        jobs=_jobs(session, hold),
    )


def _jobs(session: Session, appointment: Appointment) -> tuple[Job, ...]:
    return tuple(job_of(service) for service in services.services(session, appointment.services))


def client_of(customer: Customer) -> Client:
    """What we knew of a customer."""
    cars = tuple(Vehicle(car.plate, car.make, car.model, car.year) for car in customer.vehicles)
    return Client(customer.name, customer.email, cars, returning=customer.returning)
