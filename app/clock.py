"""The one clock everybody goes by: the database's, which a demonstration may set ahead."""

from datetime import datetime, timedelta

from sqlalchemy import DateTime, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from booking_core.tables import ClockShiftRow

_TICKING = func.clock_timestamp(type_=DateTime(timezone=True))


def database_now(session: Session) -> datetime:
    """The time in UTC; it moves on within a transaction."""
    shift = select(ClockShiftRow.shift).scalar_subquery()
    return session.execute(select(_TICKING + func.coalesce(shift, timedelta()))).scalar_one()


def real_now(session: Session) -> datetime:
    """The database's own clock in UTC: for sessions and codes, which a demonstration that runs ahead must not end."""
    return session.execute(select(_TICKING)).scalar_one()


def set_clock(session: Session, now: datetime) -> None:
    """From the commit on it is `now` for every process on this database, and time goes on from there."""
    shift = now - real_now(session)
    setting = insert(ClockShiftRow).values(shift=shift)
    session.execute(setting.on_conflict_do_update(index_elements=[ClockShiftRow.id], set_={"shift": shift}))
