"""Why customers cancel, if they like to say."""

from datetime import datetime

from sqlalchemy.orm import Session

from booking_core import ledger, register
from booking_core.errors import WrongStatus
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.values import AppointmentId, UserId

LONGEST = 200
"""Characters of a reason that are kept; what is longer is a story."""


def note_reason(
    session: Session, appointment: AppointmentId, user: UserId, reason: str, *, now: datetime
) -> Appointment:
    """Remember why a cancelled appointment was cancelled. Raises UnknownAppointment, or WrongStatus if it stands."""
    cancelled = register.lock_own(session, appointment, user)
    if cancelled.status is not AppointmentStatus.CANCELLED:
        raise WrongStatus(status=cancelled.status)
    words = " ".join(reason.split())[:LONGEST]
    return ledger.change(session, cancelled, f"customer:{user}", "reason told", now=now, cancel_reason=words or None)
