"""What became free, for those who wait: one after the other is asked, and has half an hour to say yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from booking_core import consents, ledger, reservations, slots
from booking_core.consents import Purpose
from booking_core.errors import BookingError
from booking_core.lead_times import Rules
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, ChannelIdentityRow, WaitlistRow, WorkshopRow
from booking_core.values import AppointmentId, Period, UserId, WorkshopId

OFFER_FOR = timedelta(minutes=30)
"""How long a time is kept for the one who was asked; then it is the next one's turn."""


@dataclass(frozen=True)
class Offered:
    """A time kept for somebody who waited, to be told on the channel where they asked to wait."""

    hold: Appointment
    until: datetime
    channel: str


def offer_freed(session: Session, workshop: WorkshopId, *, now: datetime) -> list[Offered]:
    """Keep what is free for those who have waited longest; whoever did not answer in time has had their turn.

    A customer who is just choosing another time keeps that, and their place in the list; so does one we may not
    write to. In the workshop's quiet hours nobody is asked: what became free at night is offered in the morning.
    """
    _take_back(session, workshop, now=now)
    if _is_quiet(session, workshop, now=now):
        return []
    waiting = session.execute(
        select(WaitlistRow.id, WaitlistRow.user_id, WaitlistRow.services, WaitlistRow.windows, WaitlistRow.channel)
        .where(WaitlistRow.workshop_id == workshop, WaitlistRow.state == "waiting", ~_choosing(now))
        .order_by(WaitlistRow.created_at, WaitlistRow.id)
        .with_for_update(skip_locked=True, of=WaitlistRow)
    ).all()
    offered = []
    for entry in waiting:
        windows = [window for window in map(_period, entry.windows) if window.end > now]
        if not windows:
            session.execute(update(WaitlistRow).where(WaitlistRow.id == entry.id).values(state="left"))
            continue
        reachable = _may_hear(session, entry.user_id, entry.channel)
        hold = reachable and _keep(session, entry.user_id, workshop, entry.services, windows, entry.channel, now=now)
        if hold:
            session.execute(
                update(WaitlistRow)
                .where(WaitlistRow.id == entry.id)
                .values(state="offered", offered_appointment_id=hold.id, offered_until=now + OFFER_FOR)
            )
            offered.append(Offered(hold, now + OFFER_FOR, entry.channel))
    return offered


def _take_back(session: Session, workshop: WorkshopId, *, now: datetime) -> None:
    """Offers that were not answered in time, or can no longer be: what was kept for them is free again."""
    offered = session.execute(
        select(WaitlistRow.id, WaitlistRow.user_id, WaitlistRow.channel, WaitlistRow.offered_until)
        .add_columns(WaitlistRow.offered_appointment_id.label("hold"))
        .where(WaitlistRow.workshop_id == workshop, WaitlistRow.state == "offered")
        .order_by(WaitlistRow.id)
        .with_for_update(skip_locked=True)
    ).all()
    for entry in offered:
        over = entry.offered_until <= now or not _may_hear(session, entry.user_id, entry.channel)
        if over and _is_at_rest(session, entry.hold):
            reservations.release(session, entry.hold, entry.user_id, now=now)
            session.execute(update(WaitlistRow).where(WaitlistRow.id == entry.id).values(state="left"))


def _is_at_rest(session: Session, hold: AppointmentId) -> bool:
    """Whoever is just saying yes locked the hold first and wants the entry next: waiting here would close a circle."""
    free = select(AppointmentRow.id).where(AppointmentRow.id == hold).with_for_update(skip_locked=True)
    return session.scalar(free) is not None


def _may_hear(session: Session, user: UserId, channel: str) -> bool:
    """Not after STOP, nor where a provider takes nothing for them any more."""
    known = select(ChannelIdentityRow.id).where(
        ChannelIdentityRow.user_id == user, ChannelIdentityRow.channel == channel
    )
    stopped = consents.holds(session, user, channel, Purpose.MESSAGES) is False
    return not stopped and session.scalar(known.limit(1)) is not None


def _is_quiet(session: Session, workshop: WorkshopId, *, now: datetime) -> bool:
    zone, quiet_from, quiet_until = session.execute(
        select(WorkshopRow.timezone, WorkshopRow.quiet_from, WorkshopRow.quiet_until).where(WorkshopRow.id == workshop)
    ).one()
    return Rules(quiet_from=quiet_from, quiet_until=quiet_until).quiet(now, ZoneInfo(zone))


def _choosing(now: datetime) -> Any:
    return (
        select(AppointmentRow.id)
        .where(
            AppointmentRow.user_id == WaitlistRow.user_id,
            AppointmentRow.status == AppointmentStatus.RESERVED,
            AppointmentRow.reserved_until > now,
        )
        .exists()
    )


def _period(window: Sequence[str]) -> Period:
    start, end = window
    return Period(datetime.fromisoformat(start), datetime.fromisoformat(end))


def _keep(
    session: Session,
    user: UserId,
    workshop: WorkshopId,
    services: Sequence[str],
    windows: Sequence[Period],
    channel: str,
    *,
    now: datetime,
) -> Appointment | None:
    """The first free time kept for them; None if there is none, or they may not have it."""
    found = slots.find_slots(session, services, workshops=[workshop], windows=windows, now=now, limit=1)
    for slot in found.slots:
        try:
            with session.begin_nested():
                hold = reservations.hold_slot(session, slot, user, channel=channel, now=now)
                return ledger.change(session, hold, "system", "offered", now=now, reserved_until=now + OFFER_FOR)
        except BookingError:
            return None
    return None
