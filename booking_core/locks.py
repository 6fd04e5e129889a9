"""Locks that are no rows: on a workshop's calendar, and on an idempotency key. Both end with the transaction.

They are always taken first, key before calendar, so that they cannot close a circle with row locks.
"""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from booking_core.values import AppointmentId, WorkshopId

_CALENDAR = 1
_SHARE = text("SELECT pg_advisory_xact_lock_shared(:calendar, CAST(:workshop AS integer))")
_SHARE_OF = text("""
    SELECT pg_advisory_xact_lock_shared(:calendar, CAST(workshop_id AS integer))
      FROM appointments WHERE id = :appointment
""")


def share_calendar(session: Session, workshop: WorkshopId) -> None:
    """Book in this workshop: others may book too, but nobody may change hours or closures meanwhile."""
    session.execute(_SHARE, {"calendar": _CALENDAR, "workshop": workshop})


def share_calendar_of(session: Session, appointment: AppointmentId) -> None:
    """The same for the workshop of an appointment; without such an appointment nothing happens."""
    session.execute(_SHARE_OF, {"calendar": _CALENDAR, "appointment": appointment})


def own_calendar(session: Session, workshop: WorkshopId) -> None:
    """Change this workshop's hours or closures: waits for bookings under way and keeps new ones waiting."""
    session.execute(select(func.pg_advisory_xact_lock(_CALENDAR, workshop)))


def try_own_key(session: Session, key: str) -> bool:
    """Be the only one to work on this idempotency key, unless somebody else is at it right now."""
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtextextended(key, 0)))))


def own_key(session: Session, key: str) -> None:
    """Be the only one to work on this idempotency key."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
