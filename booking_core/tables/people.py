"""Customers, the names they go by on each channel, their cars and what they agreed to."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from booking_core.tables.base import NOW, Base, a_word, one_of
from booking_core.values import UserId, VehicleId, WorkshopId


class UserRow(Base):
    """A customer. Phone and e-mail may both be unknown (Telegram, WhatsApp user names).

    Since `restricted_at` nothing is sent to them but answers. `email_proof` is the hash of what was sent to the
    e-mail's mailbox, to be shown by whoever reads it.
    """

    __tablename__ = "users"

    id: Mapped[UserId] = mapped_column(Identity(), primary_key=True)
    email: Mapped[str | None]
    email_proved_at: Mapped[datetime | None]
    email_proof: Mapped[str | None] = mapped_column(index=True)
    phone: Mapped[str | None]
    name: Mapped[str | None]
    language: Mapped[str] = mapped_column(server_default="de")
    preferred_workshop_id: Mapped[WorkshopId | None] = mapped_column(ForeignKey("workshops.id"))
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    restricted_at: Mapped[datetime | None]

    __table_args__ = (
        Index(None, "email"),
        Index(None, "phone"),
        CheckConstraint("phone ~ '^\\+[1-9][0-9]{4,14}$'", name="phone_is_e164"),
    )


class ChannelIdentityRow(Base):
    """Under which name a customer is known on one channel."""

    __tablename__ = "channel_identities"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey("users.id"), index=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    verified_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (UniqueConstraint("channel", "external_id"), a_word("channel"))


class LinkRow(Base):
    """A secret that proves on another channel who somebody is; only its hash is kept, and it counts once.

    A short code is good for `claimant_id` alone, a long token for whoever brings it.
    """

    __tablename__ = "links"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    claimant_id: Mapped[UserId | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ClaimRow(Base):
    """A try to get at a booking from elsewhere; there are only so many an hour."""

    __tablename__ = "claims"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    tried_at: Mapped[datetime]

    __table_args__ = (Index(None, "user_id", "tried_at"),)


class VehicleRow(Base):
    __tablename__ = "vehicles"

    id: Mapped[VehicleId] = mapped_column(Identity(), primary_key=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey("users.id"), index=True)
    make: Mapped[str | None]
    model: Mapped[str | None]
    year: Mapped[int | None]
    license_plate: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (UniqueConstraint("user_id", "license_plate"),)


class ConsentRow(Base):
    """What a customer agreed to or took back; the newest row per purpose and channel holds."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey("users.id"))
    channel: Mapped[str]
    purpose: Mapped[str]
    granted: Mapped[bool]
    wording: Mapped[str]
    recorded_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "user_id", "channel", "purpose", "recorded_at"),
        a_word("channel"),
        one_of("purpose", ("notice", "messages", "reminders", "marketing")),
    )
