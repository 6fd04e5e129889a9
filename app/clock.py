"""The one clock everybody goes by: the database's, which a demonstration may set ahead."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, DateTime, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from booking_core import wire
from booking_core.tables import ClockShiftRow, table_of

_TICKING = func.clock_timestamp(type_=DateTime(timezone=True))
_SHIFT = select(table_of(ClockShiftRow).c.shift).scalar_subquery()

NOW: ColumnElement[datetime] = _TICKING + func.coalesce(_SHIFT, timedelta())
"""The time in UTC, for statements that need not ask for it first; it moves on within a transaction."""

THIS_MOMENT: ColumnElement[datetime] = select(NOW).scalar_subquery()
"""The same, asked for once in a statement: what rows are compared with must not move on from row to row."""

_NOW, _REAL_NOW = select(NOW), select(_TICKING)


def database_now(session: Session) -> datetime:
    """The time in UTC; it moves on within a transaction."""
    [(now,)] = wire.send(session, _NOW, {})
    told: datetime = now
    return told


def real_now(session: Session) -> datetime:
    """The database's own clock in UTC: for sessions and codes, which a demonstration that runs ahead must not end."""
    return session.execute(_REAL_NOW).scalar_one()


def set_clock(session: Session, now: datetime) -> None:
    """From the commit on it is `now` for every process on this database, and time goes on from there."""
    shift = now - real_now(session)
    setting = insert(ClockShiftRow).values(shift=shift)
    session.execute(setting.on_conflict_do_update(index_elements=[ClockShiftRow.id], set_={"shift": shift}))
