"""Cells, the appointments that count in them, and the idempotency keys of commands."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from booking_core.status import AppointmentStatus
from booking_core.tables.base import NOW, Base, a_word, one_of
from booking_core.values import AppointmentId, ResourceId, ServiceId, SlotId, UserId, VehicleId, WorkshopId


class SlotRow(Base):
    """One quarter hour of one resource, made when it is first taken. The CHECK is the referee of every booking."""

    __tablename__ = "slots"

    id: Mapped[SlotId] = mapped_column(Identity(), primary_key=True)
    workshop_id: Mapped[WorkshopId] = mapped_column(ForeignKey("workshops.id"))
    resource_id: Mapped[ResourceId] = mapped_column(ForeignKey("resources.id"))
    start_time: Mapped[datetime]
    end_time: Mapped[datetime]
    capacity: Mapped[int]
    booked_count: Mapped[int] = mapped_column(server_default=text("0"))

    __table_args__ = (
        UniqueConstraint("resource_id", "start_time"),
        Index(None, "workshop_id", "start_time"),
        CheckConstraint("booked_count BETWEEN 0 AND capacity", name="never_overbooked"),
        CheckConstraint("end_time = start_time + interval '15 minutes'", name="lasts_a_quarter_hour"),
        CheckConstraint("extract(epoch FROM start_time) % 900 = 0", name="starts_on_the_grid"),
    )


class AppointmentRow(Base):
    """A hold or an appointment. `version` counts its changes and equals the number of its audit entries.

    `proof_hash` is the SHA-256 of a token by which somebody without a channel shows that it is theirs.
    `promised_at` is when the customer last said that they will come, asked by a reminder.
    """

    __tablename__ = "appointments"

    id: Mapped[AppointmentId] = mapped_column(Identity(), primary_key=True)
    public_code: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey("users.id"), index=True)
    workshop_id: Mapped[WorkshopId] = mapped_column(ForeignKey("workshops.id"))
    service_id: Mapped[ServiceId] = mapped_column(ForeignKey("services.id"))
    slot_id: Mapped[SlotId | None] = mapped_column(ForeignKey("slots.id"))
    vehicle_id: Mapped[VehicleId | None] = mapped_column(ForeignKey("vehicles.id"))
    status: Mapped[str]
    start_time: Mapped[datetime]
    end_time: Mapped[datetime]
    reserved_until: Mapped[datetime | None]
    channel: Mapped[str]
    ical_sequence: Mapped[int] = mapped_column(server_default=text("0"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    cancel_reason: Mapped[str | None]
    proof_hash: Mapped[str | None]
    promised_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (
        Index(None, "workshop_id", "start_time"),
        Index(
            "appointments_open_holds_idx", "workshop_id", "reserved_until", postgresql_where=text("status = 'reserved'")
        ),
        Index("appointments_one_open_hold_key", "user_id", unique=True, postgresql_where=text("status = 'reserved'")),
        one_of("status", AppointmentStatus),
        a_word("channel"),
        CheckConstraint("end_time > start_time", name="ends_after_start"),
        CheckConstraint("status <> 'reserved' OR reserved_until IS NOT NULL", name="a_hold_has_an_end"),
        CheckConstraint("(slot_id IS NULL) = (status IN ('cancelled', 'expired'))", name="only_a_live_one_has_a_slot"),
    )


class AppointmentServiceRow(Base):
    """The services of one visit, in the order they are done, at the price that was said (cents)."""

    __tablename__ = "appointment_services"

    appointment_id: Mapped[AppointmentId] = mapped_column(
        ForeignKey("appointments.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    service_id: Mapped[ServiceId] = mapped_column(ForeignKey("services.id"))
    price: Mapped[int]


class AppointmentSlotRow(Base):
    """The exact cells a live appointment counts in; given back when it ends early."""

    __tablename__ = "appointment_slots"

    appointment_id: Mapped[AppointmentId] = mapped_column(
        ForeignKey("appointments.id", ondelete="CASCADE"), primary_key=True
    )
    slot_id: Mapped[SlotId] = mapped_column(ForeignKey("slots.id"), primary_key=True, index=True)


class AppointmentNoteRow(Base):
    """What staff tell each other about an appointment. It is added to, and no customer ever sees it."""

    __tablename__ = "appointment_notes"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    appointment_id: Mapped[AppointmentId] = mapped_column(ForeignKey("appointments.id"), index=True)
    actor: Mapped[str]
    text: Mapped[str]
    created_at: Mapped[datetime]


class IdempotencyKeyRow(Base):
    """What a command answered the first time its key was seen."""

    __tablename__ = "idempotency_keys"

    key: Mapped[str] = mapped_column(primary_key=True)
    request_hash: Mapped[str]
    answer: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW, index=True)
