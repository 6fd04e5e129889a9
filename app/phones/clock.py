"""The clock of the demo: it runs like any other, and can be set ahead."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import database_now, set_clock
from booking_core.tables import AppointmentRow, ReminderRow
from booking_core.values import UserId

ZONE = ZoneInfo("Europe/Berlin")
MORNING = time(8)
A_MOMENT = timedelta(seconds=1)


class Leap(StrEnum):
    """How far ahead."""

    HOUR = "hour"
    DAY = "day"
    HOLD = "hold"
    REMINDER = "reminder"


def target(session: Session, leap: Leap, customers: Collection[UserId], *, now: datetime) -> datetime | None:
    """When that is; None where nothing of the kind lies ahead of these customers, whoever else may have a hold."""
    match leap:
        case Leap.HOUR:
            return now + timedelta(hours=1)
        case Leap.DAY:
            tomorrow = now.astimezone(ZONE).date() + timedelta(days=1)
            return datetime.combine(tomorrow, MORNING, ZONE)
        case Leap.HOLD:
            ends = select(func.min(AppointmentRow.reserved_until)).where(
                AppointmentRow.status == "reserved", AppointmentRow.reserved_until > now
            )
        case Leap.REMINDER:
            ends = (
                select(func.min(ReminderRow.due_at))
                .join(AppointmentRow, AppointmentRow.id == ReminderRow.appointment_id)
                .where(ReminderRow.state == "planned", ReminderRow.due_at > now)
            )
    end: datetime | None = session.scalar(ends.where(AppointmentRow.user_id.in_(customers)))
    return end + A_MOMENT if end else None


def leap_ahead(session: Session, leap: Leap, customers: Collection[UserId]) -> datetime:
    """Set the clock ahead; what it says then."""
    now = database_now(session)
    then = target(session, leap, customers, now=now) or now
    set_clock(session, then)
    return then
