"""API keys: for programs that steer in place of a person."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, insert, or_, select, true, update
from sqlalchemy.orm import Session

from app.access.caller import Caller, Role
from app.access.tokens import fingerprint, new_secret
from booking_core import audit
from booking_core.tables import ApiKeyRow
from booking_core.values import WorkshopId


@dataclass(frozen=True)
class ApiKey:
    """A key as it may be shown: the secret itself nobody has but its user."""

    id: int
    label: str
    prefix: str
    role: Role
    workshop: WorkshopId | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_on: date | None


def issue(
    session: Session,
    role: Role,
    *,
    label: str,
    workshop: WorkshopId | None,
    expires_at: datetime | None,
    actor: str,
    now: datetime,
) -> tuple[ApiKey, str]:
    """A new key, and its secret, which cannot be shown again."""
    prefix = f"wbk_{secrets.token_hex(4)}"
    secret = f"{prefix}_{new_secret()}"
    row = session.scalars(
        insert(ApiKeyRow)
        .values(
            workshop_id=workshop,
            label=label,
            prefix=prefix,
            key_hash=fingerprint(secret),
            role=role,
            expires_at=expires_at,
            created_at=now,
        )
        .returning(ApiKeyRow)
    ).one()
    facts = {"workshop": workshop, "label": label, "prefix": prefix, "role": role}
    audit.record(session, actor, "issued", ("api_key", row.id), now=now, before=None, after=facts)
    return _shown(row), secret


def caller_with(session: Session, secret: str, *, now: datetime) -> Caller | None:
    """Whom this key stands for, unless it is unknown, expired or revoked; notes the day of its use."""
    row = session.execute(
        select(ApiKeyRow.id, ApiKeyRow.role, ApiKeyRow.workshop_id, ApiKeyRow.label, ApiKeyRow.last_used_on).where(
            ApiKeyRow.key_hash == fingerprint(secret),
            ApiKeyRow.revoked_at.is_(None),
            or_(ApiKeyRow.expires_at.is_(None), ApiKeyRow.expires_at > now),
        )
    ).one_or_none()
    if row is None:
        return None
    if row.last_used_on != now.date():
        session.execute(update(ApiKeyRow).where(ApiKeyRow.id == row.id).values(last_used_on=now.date()))
    return Caller(Role(row.role), row.workshop_id, f"key:{row.id}", row.label)


def list_keys(session: Session, workshop: WorkshopId | None) -> Sequence[ApiKey]:
    """The keys of one workshop, or all there are; newest first."""
    rows = session.scalars(select(ApiKeyRow).where(_within(workshop)).order_by(ApiKeyRow.id.desc()))
    return [_shown(row) for row in rows]


def revoke(session: Session, prefix: str, *, workshop: WorkshopId | None = None, actor: str, now: datetime) -> bool:
    """End a key at once; whether there is one with this prefix. One that was revoked before stays as it was."""
    row = session.scalars(
        select(ApiKeyRow).where(ApiKeyRow.prefix == prefix, _within(workshop)).with_for_update()
    ).one_or_none()
    if row is None:
        return False
    if row.revoked_at is None:
        row.revoked_at = now
        facts = {"workshop": row.workshop_id, "prefix": prefix}
        audit.record(session, actor, "revoked", ("api_key", row.id), now=now, before=facts, after=None)
    return True


def _within(workshop: WorkshopId | None) -> ColumnElement[bool]:
    return true() if workshop is None else ApiKeyRow.workshop_id == workshop


def _shown(row: ApiKeyRow) -> ApiKey:
    return ApiKey(
        row.id,
        row.label,
        row.prefix,
        Role(row.role),
        row.workshop_id,
        row.created_at,
        row.expires_at,
        row.revoked_at,
        row.last_used_on,
    )
