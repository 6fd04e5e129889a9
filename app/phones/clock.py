"""The clock of the demo: it runs like any other, and can be set ahead."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.clock import database_now, set_clock
from booking_core import reminders, reservations
from booking_core.tables import AppointmentRow, ReminderRow
from bot import reminding, waiting

ZONE = ZoneInfo("Europe/Berlin")
MORNING = time(8)
CHANNELS = ("telegram", "sms", "whatsapp", "email")
A_MOMENT = timedelta(seconds=1)


class Leap(StrEnum):
    """How far ahead."""

    HOUR = "hour"
    DAY = "day"
    HOLD = "hold"
    REMINDER = "reminder"


def target(session: Session, leap: Leap, *, now: datetime) -> datetime | None:
    """When that is; None where nothing of the kind lies ahead."""
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
            ends = select(func.min(ReminderRow.due_at)).where(ReminderRow.state == "planned", ReminderRow.due_at > now)
    end: datetime | None = session.scalar(ends)
    return end + A_MOMENT if end else None


def remind(session: Session, now: datetime) -> None:
    """Write the reminders that are due to whoever holds one of the phones."""
    for due in reminders.due(session, now=now):
        reminding.post(session, due, channels=CHANNELS, now=now)


def leap_ahead(session: Session, leap: Leap, *, due: Callable[[Session, datetime], object]) -> datetime:
    """Set the clock ahead, and see to what is due then: holds that died, offers that ran out, reminders."""
    now = database_now(session)
    then = target(session, leap, now=now) or now
    set_clock(session, then)
    reservations.expire_holds(session, now=then)
    waiting.offer_all(session, now=then)
    due(session, then)
    return then
