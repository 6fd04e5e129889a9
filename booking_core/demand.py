"""Wishes we could not serve: the demand that calendars never show."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from booking_core.tables import RefusedWishRow
from booking_core.values import Period, UserId, WorkshopId


def note_refusal(
    session: Session,
    user: UserId,
    workshop: WorkshopId,
    services: Sequence[str],
    windows: Sequence[Period],
    reason: str,
    *,
    now: datetime,
) -> None:
    """Remember that nothing was free for these services (codes) in these windows, and why."""
    wanted = [{"start": window.start.isoformat(), "end": window.end.isoformat()} for window in windows]
    session.execute(
        insert(RefusedWishRow).values(
            user_id=user, workshop_id=workshop, services=list(services), windows=wanted, reason=reason, refused_at=now
        )
    )
