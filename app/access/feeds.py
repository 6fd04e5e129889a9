"""Secret links under which a calendar program reads a workshop's appointments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.access.tokens import fingerprint, new_secret
from booking_core import audit
from booking_core.tables import CalendarFeedRow
from booking_core.values import WorkshopId


@dataclass(frozen=True)
class Feed:
    id: int
    label: str
    created_at: datetime
    revoked_at: datetime | None


def open_feed(session: Session, workshop: WorkshopId, label: str, *, actor: str, now: datetime) -> tuple[Feed, str]:
    """A new feed, and the secret of its link, which cannot be shown again."""
    secret = new_secret()
    values = {"workshop_id": workshop, "label": label, "token_hash": fingerprint(secret), "created_at": now}
    row = session.scalars(insert(CalendarFeedRow).values(values).returning(CalendarFeedRow)).one()
    facts = {"workshop": workshop, "label": label}
    audit.record(session, actor, "opened", ("feed", row.id), now=now, before=None, after=facts)
    return _shown(row), secret


def workshop_behind(session: Session, secret: str) -> WorkshopId | None:
    """Whose appointments this link shows; None once it is revoked."""
    return session.scalar(
        select(CalendarFeedRow.workshop_id).where(
            CalendarFeedRow.token_hash == fingerprint(secret), CalendarFeedRow.revoked_at.is_(None)
        )
    )


def list_feeds(session: Session, workshop: WorkshopId) -> Sequence[Feed]:
    rows = session.scalars(
        select(CalendarFeedRow).where(CalendarFeedRow.workshop_id == workshop).order_by(CalendarFeedRow.id.desc())
    )
    return [_shown(row) for row in rows]


def revoke(session: Session, workshop: WorkshopId, feed: int, *, actor: str, now: datetime) -> bool:
    """End a link at once; whether the workshop has it."""
    row = session.scalars(
        select(CalendarFeedRow)
        .where(CalendarFeedRow.id == feed, CalendarFeedRow.workshop_id == workshop)
        .with_for_update()
    ).one_or_none()
    if row is None:
        return False
    if row.revoked_at is None:
        row.revoked_at = now
        facts = {"workshop": workshop, "label": row.label}
        audit.record(session, actor, "revoked", ("feed", feed), now=now, before=facts, after=None)
    return True


def _shown(row: CalendarFeedRow) -> Feed:
    return Feed(row.id, row.label, row.created_at, row.revoked_at)
