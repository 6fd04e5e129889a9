"""Conversations, and the messages on their way in and out."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from booking_core import correlation
from booking_core.lead_times import Kind
from booking_core.tables.base import EMPTY_OBJECT, NOW, Base, a_word, one_of
from booking_core.values import AppointmentId


class ConversationRow(Base):
    """What the dialog remembers of one customer on one channel. The row is the conversation's lock."""

    __tablename__ = "conversations"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    identity_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("channel_identities.id"), unique=True)
    state: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    language: Mapped[str | None]
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)


class InboxRow(Base):
    """A message as the provider gave it, stored before it is answered; heard at most once.

    One that could not be answered in `failures` attempts is put aside: processed, with an error.
    """

    __tablename__ = "inbox"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    channel: Mapped[str]
    provider_id: Mapped[str]
    sender: Mapped[str]
    body: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    processed_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    error: Mapped[str | None]
    correlation: Mapped[str | None] = mapped_column(default=correlation.current)

    __table_args__ = (
        UniqueConstraint("channel", "provider_id"),
        Index(None, "channel", "sender", "id"),
        Index("inbox_unprocessed_idx", "received_at", postgresql_where=text("processed_at IS NULL")),
        a_word("channel"),
    )


OUTBOX_STATES = ("pending", "sending", "sent", "unknown", "refused")


class OutboxRow(Base):
    """A message on its way out, written in the transaction whose news it tells.

    Of an `unknown` one nobody knows whether it was sent: at `check_at` we ask the provider, and without that never
    again. `doubts` counts how often that happened, `delivery` is what the provider said of it later. One about an
    appointment is true as long as that has this `ical_sequence`.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    channel: Mapped[str]
    recipient: Mapped[str]
    kind: Mapped[str]
    body: Mapped[dict[str, Any]]
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    appointment_id: Mapped[AppointmentId | None] = mapped_column(ForeignKey("appointments.id"), index=True)
    appointment_sequence: Mapped[int | None]
    state: Mapped[str] = mapped_column(server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    next_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_token: Mapped[str | None]
    provider_id: Mapped[str | None]
    error: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    check_at: Mapped[datetime | None]
    doubts: Mapped[int] = mapped_column(server_default=text("0"))
    delivery: Mapped[str | None]
    correlation: Mapped[str | None] = mapped_column(default=correlation.current)

    __table_args__ = (
        Index("outbox_doubtful_idx", "check_at", postgresql_where=text("state = 'unknown' AND check_at IS NOT NULL")),
        Index(None, "provider_id"),
        Index("outbox_due_idx", "next_at", "id", postgresql_where=text("state IN ('pending', 'sending')")),
        Index(None, "channel", "recipient", "id"),
        Index(None, "channel", "created_at"),
        a_word("channel"),
        one_of("state", OUTBOX_STATES),
    )


class DeliveryReportRow(Base):
    """What a provider said of a message, in whatever order; it may come before we know that the message was sent."""

    __tablename__ = "delivery_reports"

    channel: Mapped[str] = mapped_column(primary_key=True)
    provider_id: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(primary_key=True)
    error: Mapped[str | None]
    received_at: Mapped[datetime]

    __table_args__ = (a_word("channel"),)


class ReminderRow(Base):
    """Something to say about an appointment at a set time; it moves and dies with the appointment.

    `unreachable` is one that was due when there was no way left to reach the customer.
    """

    __tablename__ = "reminders"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    appointment_id: Mapped[AppointmentId] = mapped_column(ForeignKey("appointments.id"))
    appointment_version: Mapped[int]
    kind: Mapped[str]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default="planned")
    posted_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("appointment_id", "kind", "appointment_version"),
        Index("reminders_due_idx", "due_at", postgresql_where=text("state = 'planned'")),
        one_of("kind", Kind),
        one_of("state", ("planned", "posted", "void", "unreachable")),
    )
