"""Guests: customers who book without writing to us, so that nobody vouches for who they are."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from booking_core import locks, wire
from booking_core.errors import TooManyAppointments
from booking_core.values import UserId, WorkshopId

_WELCOME = text("""
    INSERT INTO users (name, email, phone, language, created_at) VALUES (:name, :email, :phone, :language, :now)
    RETURNING id
""")
_BOOKED = text("""
    SELECT max_open_appointments, (
               SELECT count(*) FROM users JOIN appointments ON appointments.user_id = users.id
                WHERE (users.email = :email OR users.phone = :phone)
                  AND appointments.workshop_id = workshops.id AND status = 'confirmed' AND end_time > :now)
      FROM workshops WHERE id = :workshop
""")


def welcome(
    session: Session,
    *,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    language: str = "de",
    now: datetime,
) -> UserId:
    """A customer of whom no more is known than this; each visit is somebody new, since anybody may claim any name."""
    facts = {"name": name, "email": email, "phone": phone, "language": language, "now": now}
    [(guest,)] = wire.send(session, _WELCOME, facts)
    return UserId(guest)


def refuse_hoarding(
    session: Session, workshop: WorkshopId, *, email: str | None, phone: str | None, now: datetime
) -> None:
    """Raise TooManyAppointments if whoever is reached there has as many open ones as the workshop allows.

    To be called before any other lock is taken: it makes bookings under one address wait for each other.
    """
    locks.own_keys(session, *(f"guest:{contact}" for contact in (email, phone) if contact))
    facts = {"workshop": workshop, "email": email, "phone": phone, "now": now}
    for limit, booked in wire.send(session, _BOOKED, facts):
        if booked >= limit:
            raise TooManyAppointments(limit=limit)
