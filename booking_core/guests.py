"""Guests: customers who book without writing to us, so that nobody vouches for who they are."""

from datetime import datetime

from sqlalchemy import false, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from booking_core import locks
from booking_core.errors import TooManyAppointments
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, UserRow, WorkshopRow
from booking_core.values import UserId, WorkshopId


def welcome(session: Session, *, now: datetime) -> UserId:
    """A customer of whom nothing is known yet; each visit is somebody new, since anybody may claim any name."""
    return session.execute(insert(UserRow).values(created_at=now).returning(UserRow.id)).scalar_one()


def refuse_hoarding(
    session: Session, workshop: WorkshopId, *, email: str | None, phone: str | None, now: datetime
) -> None:
    """Raise TooManyAppointments if whoever is reached there has as many open ones as the workshop allows.

    To be called before any other lock is taken: it makes bookings under one address wait for each other.
    """
    known = {column: contact for column, contact in ((UserRow.email, email), (UserRow.phone, phone)) if contact}
    for contact in sorted(known.values()):
        locks.own_key(session, f"guest:{contact}")
    limit = session.scalar(select(WorkshopRow.max_open_appointments).where(WorkshopRow.id == workshop))
    booked = session.scalar(
        select(func.count())
        .select_from(AppointmentRow)
        .join(UserRow, UserRow.id == AppointmentRow.user_id)
        .where(
            or_(false(), *(column == contact for column, contact in known.items())),
            AppointmentRow.workshop_id == workshop,
            AppointmentRow.status == AppointmentStatus.CONFIRMED,
            AppointmentRow.end_time > now,
        )
    )
    if limit is not None and booked is not None and booked >= limit:
        raise TooManyAppointments(limit=limit)
