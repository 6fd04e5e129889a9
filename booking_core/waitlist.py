"""The waiting list: whoever came too late is asked, one after the other, when a time becomes free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from booking_core import ledger, reservations, slots
from booking_core.errors import BookingError
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, WaitlistRow
from booking_core.values import Period, UserId, WorkshopId

OFFER_FOR = timedelta(minutes=30)
"""How long a time is kept for the one who was asked; then it is the next one's turn."""


@dataclass(frozen=True)
class Offered:
    """A time kept for somebody who waited, to be told on the channel where they asked to wait."""

    hold: Appointment
    until: datetime
    channel: str


def join(
    session: Session,
    user: UserId,
    workshop: WorkshopId,
    services: Sequence[str],
    windows: Sequence[Period],
    *,
    channel: str,
    now: datetime,
) -> None:
    """Wait for these services (codes) in these windows; a later wish at the same workshop replaces an earlier one."""
    _settle(session, user, workshop, ("waiting",), "left")
    wanted = [[window.start.isoformat(), window.end.isoformat()] for window in windows]
    session.execute(
        insert(WaitlistRow).values(
            user_id=user,
            workshop_id=workshop,
            services=list(services),
            windows=wanted,
            channel=channel,
            created_at=now,
        )
    )


def answered(session: Session, user: UserId, workshop: WorkshopId, *, accepted: bool) -> None:
    """The customer took what was offered to them there, or would rather not."""
    _settle(session, user, workshop, ("offered",), "served" if accepted else "left")


def _settle(session: Session, user: UserId, workshop: WorkshopId, states: Sequence[str], state: str) -> None:
    mine = (WaitlistRow.user_id == user, WaitlistRow.workshop_id == workshop, WaitlistRow.state.in_(states))
    session.execute(update(WaitlistRow).where(*mine).values(state=state))


def awaited(session: Session) -> list[WorkshopId]:
    """The workshops somebody waits for."""
    waiting = select(WaitlistRow.workshop_id).where(WaitlistRow.state.in_(("waiting", "offered")))
    return list(session.scalars(waiting.distinct().order_by(WaitlistRow.workshop_id)))


def offer_freed(session: Session, workshop: WorkshopId, *, now: datetime) -> list[Offered]:
    """Keep what is free for those who have waited longest; whoever did not answer in time has had their turn.

    A customer who is just choosing another time keeps that, and their place in the list.
    """
    session.execute(
        update(WaitlistRow)
        .where(WaitlistRow.workshop_id == workshop, WaitlistRow.state == "offered", WaitlistRow.offered_until <= now)
        .values(state="left")
    )
    waiting = session.execute(
        select(WaitlistRow.id, WaitlistRow.user_id, WaitlistRow.services, WaitlistRow.windows, WaitlistRow.channel)
        .where(WaitlistRow.workshop_id == workshop, WaitlistRow.state == "waiting", ~_choosing(now))
        .order_by(WaitlistRow.created_at, WaitlistRow.id)
        .with_for_update(skip_locked=True, of=WaitlistRow)
    ).all()
    offered = []
    for entry in waiting:
        windows = [window for window in map(_period, entry.windows) if window.end > now]
        hold = windows and _keep(session, entry.user_id, workshop, entry.services, windows, entry.channel, now=now)
        if hold:
            session.execute(
                update(WaitlistRow)
                .where(WaitlistRow.id == entry.id)
                .values(state="offered", offered_appointment_id=hold.id, offered_until=now + OFFER_FOR)
            )
            offered.append(Offered(hold, now + OFFER_FOR, entry.channel))
    return offered


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
