"""Until when customers may cancel or move by themselves."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import reminders
from booking_core.errors import TooLate
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.tables import WorkshopRow


def changeable(session: Session, appointment: Appointment, *, now: datetime) -> bool:
    """Until the workshop's cut-off; later only in answer to our question whether they come."""
    if appointment.start - now >= _cutoff(session, appointment):
        return True
    return appointment.start > now and reminders.invites_answer(session, appointment.id, now=now)


def refuse_late_change(session: Session, appointment: Appointment, *, now: datetime) -> None:
    """Raises TooLate. An open hold may always be given up; the cut-off is about appointments."""
    if appointment.status is AppointmentStatus.CONFIRMED and not changeable(session, appointment, now=now):
        raise TooLate(cutoff=_cutoff(session, appointment), start=appointment.start)


def _cutoff(session: Session, appointment: Appointment) -> timedelta:
    minutes = session.scalars(select(WorkshopRow.cancel_cutoff).where(WorkshopRow.id == appointment.workshop)).one()
    return timedelta(minutes=minutes)
