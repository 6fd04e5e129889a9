"""The waiting list: who came too late, and for what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from booking_core.tables import WaitlistRow
from booking_core.values import Period, UserId, WorkshopId


@dataclass(frozen=True)
class Entry:
    """What a customer waits for: services (codes) at a workshop."""

    workshop: WorkshopId
    services: tuple[str, ...]


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


def entries(session: Session, user: UserId) -> list[Entry]:
    """What this customer waits for, in the order they asked."""
    mine = select(WaitlistRow.workshop_id, WaitlistRow.services).where(
        WaitlistRow.user_id == user, WaitlistRow.state == "waiting"
    )
    return [Entry(row.workshop_id, tuple(row.services)) for row in session.execute(mine.order_by(WaitlistRow.id))]


def leave(session: Session, user: UserId) -> int:
    """Wait for nothing any more; for how much they did."""
    left = session.execute(
        update(WaitlistRow)
        .where(WaitlistRow.user_id == user, WaitlistRow.state == "waiting")
        .values(state="left")
        .returning(WaitlistRow.id)
    )
    return len(left.all())


def _settle(session: Session, user: UserId, workshop: WorkshopId, states: Sequence[str], state: str) -> None:
    mine = (WaitlistRow.user_id == user, WaitlistRow.workshop_id == workshop, WaitlistRow.state.in_(states))
    session.execute(update(WaitlistRow).where(*mine).values(state=state))


def awaited(session: Session) -> list[WorkshopId]:
    """The workshops somebody waits for."""
    waiting = select(WaitlistRow.workshop_id).where(WaitlistRow.state.in_(("waiting", "offered")))
    return list(session.scalars(waiting.distinct().order_by(WaitlistRow.workshop_id)))
