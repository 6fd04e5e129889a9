"""Who may steer, and who did what."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from booking_core.tables.base import NOW, ROLES, Base, one_of
from booking_core.values import WorkshopId


class StaffUserRow(Base):
    """Somebody who signs in; without `workshop_id` they look after all workshops.

    `totp_step` is the number of the last half minute whose code was accepted: none is accepted twice.
    """

    __tablename__ = "staff_users"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    workshop_id: Mapped[WorkshopId | None] = mapped_column(ForeignKey("workshops.id"))
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    password_hash: Mapped[str]
    totp_secret: Mapped[str | None]
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    disabled_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (one_of("role", ROLES), CheckConstraint("email = lower(email)", name="email_is_lower_case"))


class StaffSessionRow(Base):
    """Somebody who is signed in, as long as both ends of it are ahead. The cookie's value is kept as its SHA-256."""

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    staff_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("staff_users.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]


class SignInTryRow(Base):
    """A try to sign in, counted before the password is looked at and forgotten when it was right."""

    __tablename__ = "sign_in_tries"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    email: Mapped[str]
    address: Mapped[str]
    tried_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (Index(None, "address", "tried_at"),)


class CalendarFeedRow(Base):
    """A secret link under which a calendar program reads a workshop's appointments; kept as its SHA-256."""

    __tablename__ = "calendar_feeds"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    workshop_id: Mapped[WorkshopId] = mapped_column(ForeignKey("workshops.id"), index=True)
    label: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ApiKeyRow(Base):
    """A key is 256 random bits, so its plain SHA-256 is safe to keep and cheap to check."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    workshop_id: Mapped[WorkshopId | None] = mapped_column(ForeignKey("workshops.id"))
    label: Mapped[str]
    prefix: Mapped[str] = mapped_column(unique=True)
    key_hash: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (one_of("role", ROLES),)


class AuditRow(Base):
    """Who did what. A trigger refuses changes and chains the entries of one entity by their hashes."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    entity_type: Mapped[str]
    entity_id: Mapped[int] = mapped_column(BigInteger)
    sequence: Mapped[int]
    action: Mapped[str]
    actor: Mapped[str]
    timestamp: Mapped[datetime]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    prev_hash: Mapped[str]
    hash: Mapped[str]

    __table_args__ = (UniqueConstraint("entity_type", "entity_id", "sequence"),)
