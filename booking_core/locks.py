"""Locks that are no rows: on a workshop's calendar, an idempotency key, a reminder. They end with the transaction.

They are always taken first, key before calendar, so that they cannot close a circle with row locks. For a reminder
nobody waits.
"""

from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, literal_column, select, text
from sqlalchemy.orm import Session

from booking_core import wire
from booking_core.values import UserId, WorkshopId

_CALENDAR, _REMINDER = 1, 2
_SHARE = text("SELECT pg_advisory_xact_lock_shared(:calendar, CAST(:workshop AS integer))")
_SHARE_AS = text("""
    SELECT id FROM users
     WHERE id = :user AND pg_advisory_xact_lock_shared(:calendar, CAST(:workshop AS integer)) IS NOT NULL
       FOR NO KEY UPDATE
""")


def share_calendar(session: Session, workshop: WorkshopId) -> None:
    """Book in this workshop: others may book too, but nobody may change hours or closures meanwhile."""
    session.execute(_SHARE, {"calendar": _CALENDAR, "workshop": workshop})


def share_calendar_as(session: Session, workshop: WorkshopId, user: UserId) -> None:
    """The same, and then lock the customer: one booking at a time of each, on whichever channels they write."""
    wire.send(session, _SHARE_AS, {"calendar": _CALENDAR, "workshop": workshop, "user": user})


def sharing_calendar(workshop: ColumnElement[Any], *of: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same as a condition, which holds once the lock is there; a row that it is asked of is locked after it.

    Only rows `of` which the others hold are asked: in a small table PostgreSQL passes all, in an order of its own.
    """
    calendar = literal_column(str(_CALENDAR), Integer)
    shared = func.pg_advisory_xact_lock_shared(calendar, cast(workshop, Integer)).is_not(None)
    return case((and_(*of), shared))


def trying_reminder(reminder: ColumnElement[Any]) -> ColumnElement[bool]:
    """The same for writing a reminder, which is held by one; a condition that is false while somebody else has it."""
    return func.pg_try_advisory_xact_lock(literal_column(str(_REMINDER), Integer), cast(reminder, Integer))


def own_calendar(session: Session, workshop: WorkshopId) -> None:
    """Change this workshop's hours or closures: waits for bookings under way and keeps new ones waiting."""
    session.execute(select(func.pg_advisory_xact_lock(_CALENDAR, workshop)))


_TRY_KEY = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:key, 0))")
_OWN_KEYS = text("SELECT pg_advisory_xact_lock(hashtextextended(key, 0)) FROM unnest(CAST(:keys AS text[])) AS key")


def try_own_key(session: Session, key: str) -> bool:
    """Be the only one to work on this idempotency key, unless somebody else is at it right now."""
    [(owned,)] = wire.send(session, _TRY_KEY, {"key": key})
    return bool(owned)


def own_keys(session: Session, *keys: str) -> None:
    """Be the only one to work on these idempotency keys; everybody takes them in the same order."""
    wire.send(session, _OWN_KEYS, {"keys": sorted(keys)})
