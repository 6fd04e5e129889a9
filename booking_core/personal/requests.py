"""The ledger of what customers asked of us concerning their data; each request is to be answered within a month."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from booking_core.tables import PrivacyRequestRow
from booking_core.values import UserId

A_MONTH = timedelta(days=30)
"""Art. 12(3): one month; the shortest that is usual."""

ALARM_AFTER = timedelta(days=20)
SHOWN_FOR = timedelta(days=1)
"""How long the link to an export is good."""


class Asked(StrEnum):
    EXPORT = "export"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    CORRECTION = "correction"


@dataclass(frozen=True)
class Request:
    id: int
    user: UserId
    kind: Asked
    actor: str
    asked_at: datetime
    due_at: datetime
    answered_at: datetime | None


def note(session: Session, user: UserId, kind: Asked, *, actor: str, now: datetime, answered: bool) -> int:
    """Write a request down; one of the same kind that is still open is the same one."""
    same = (PrivacyRequestRow.user_id == user, PrivacyRequestRow.kind == kind, PrivacyRequestRow.answered_at.is_(None))
    known = session.scalar(select(PrivacyRequestRow.id).where(*same).order_by(PrivacyRequestRow.id).limit(1))
    if known is None:
        row = {"user_id": user, "kind": kind, "actor": actor, "asked_at": now, "due_at": now + A_MONTH}
        known = session.execute(insert(PrivacyRequestRow).values(row).returning(PrivacyRequestRow.id)).scalar_one()
    if answered:
        session.execute(update(PrivacyRequestRow).where(*same).values(answered_at=now))
    return known


def open_requests(session: Session, *, due_before: datetime | None = None) -> Sequence[Request]:
    """Those that are not answered yet, the most urgent first."""
    rows = select(PrivacyRequestRow).where(PrivacyRequestRow.answered_at.is_(None))
    if due_before is not None:
        rows = rows.where(PrivacyRequestRow.due_at < due_before)
    return [
        Request(row.id, row.user_id, Asked(row.kind), row.actor, row.asked_at, row.due_at, row.answered_at)
        for row in session.scalars(rows.order_by(PrivacyRequestRow.due_at))
    ]


def urgent(session: Session, *, now: datetime) -> Sequence[Request]:
    """Those that nobody answered within twenty days."""
    return open_requests(session, due_before=now + A_MONTH - ALARM_AFTER)


def offer_export(session: Session, user: UserId, *, actor: str, now: datetime) -> str:
    """A secret that opens the customer's export for a day."""
    request = note(session, user, Asked.EXPORT, actor=actor, now=now, answered=True)
    secret = secrets.token_urlsafe(24)
    session.execute(update(PrivacyRequestRow).where(PrivacyRequestRow.id == request).values(secret_hash=_hash(secret)))
    return secret


def whose_export(session: Session, secret: str, *, now: datetime) -> UserId | None:
    """Whose export it opens; None for a secret that is wrong or too old."""
    return session.scalar(
        select(PrivacyRequestRow.user_id).where(
            PrivacyRequestRow.secret_hash == _hash(secret), PrivacyRequestRow.answered_at > now - SHOWN_FOR
        )
    )


def _hash(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
