"""Wishes we could not serve, those who wait and those who went away; and how full the days are that we could serve."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from booking_core.tables.base import EMPTY_LIST, NOW, Base, a_word, one_of
from booking_core.values import AppointmentId, ResourceId, UserId, WorkshopId


class WaitlistRow(Base):
    """A customer who would come if a time in `windows` became free."""

    __tablename__ = "waitlist"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[UserId] = mapped_column(ForeignKey("users.id"), index=True)
    workshop_id: Mapped[WorkshopId] = mapped_column(ForeignKey("workshops.id"))
    services: Mapped[list[str]]
    windows: Mapped[list[Any]] = mapped_column(server_default=EMPTY_LIST)
    channel: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="waiting")
    offered_appointment_id: Mapped[AppointmentId | None] = mapped_column(ForeignKey("appointments.id"))
    offered_until: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (
        Index("waitlist_waiting_idx", "workshop_id", "created_at", postgresql_where=text("state = 'waiting'")),
        one_of("state", ("waiting", "offered", "served", "left")),
        a_word("channel"),
    )


class RefusedWishRow(Base):
    """A wish we could not serve, with the reason: the demand that calendars never show."""

    __tablename__ = "refused_wishes"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[UserId | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    workshop_id: Mapped[WorkshopId | None] = mapped_column(ForeignKey("workshops.id"))
    services: Mapped[list[str]]
    windows: Mapped[list[Any]] = mapped_column(server_default=EMPTY_LIST)
    reason: Mapped[str]
    refused_at: Mapped[datetime]

    __table_args__ = (Index(None, "workshop_id", "refused_at"),)


class UtilisationRow(Base):
    """Minutes a resource is open on a local day, times its capacity, and minutes booked of them, as last measured.

    A day that is over is measured no more: what it had stays, whatever the opening hours become.
    """

    __tablename__ = "utilisation"

    resource_id: Mapped[ResourceId] = mapped_column(ForeignKey("resources.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    workshop_id: Mapped[WorkshopId] = mapped_column(ForeignKey("workshops.id"))
    open_minutes: Mapped[int]
    booked_minutes: Mapped[int]
    measured_at: Mapped[datetime]

    __table_args__ = (Index(None, "workshop_id", "day"),)
