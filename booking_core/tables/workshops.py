"""Workshops, what they sell, what they work with, and when they are closed."""

from datetime import datetime, time
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from booking_core.lead_times import MondaysOn
from booking_core.tables.base import NOW, Base, one_of
from booking_core.values import ResourceId, ServiceId, WorkshopId


class WorkshopRow(Base):
    """`opening_hours` maps "mon".."sun" to ["07:30", "12:00"] pairs of local time; a missing day is closed.

    `state` is the Bundesland ("NW"). `min_notice` and `cancel_cutoff` are minutes. What `remind_…` says is sent, the
    second reminder so many hours before, and never in the quiet hours, which are local time. One that is `familiar`
    would rather say du than Sie.
    """

    __tablename__ = "workshops"

    id: Mapped[WorkshopId] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str]
    address: Mapped[str]
    plz: Mapped[str]
    city: Mapped[str]
    phone: Mapped[str]
    lat: Mapped[float]
    lng: Mapped[float]
    opening_hours: Mapped[dict[str, Any]]
    timezone: Mapped[str] = mapped_column(server_default="Europe/Berlin")
    state: Mapped[str]
    catholic_holidays: Mapped[bool] = mapped_column(server_default=text("false"))
    min_notice: Mapped[int] = mapped_column(server_default=text("120"))
    horizon_days: Mapped[int] = mapped_column(server_default=text("120"))
    cancel_cutoff: Mapped[int] = mapped_column(server_default=text("1440"))
    max_open_appointments: Mapped[int] = mapped_column(server_default=text("3"))
    max_holds_per_hour: Mapped[int] = mapped_column(server_default=text("12"))
    familiar: Mapped[bool] = mapped_column(server_default=text("false"))
    remind_day_before: Mapped[bool] = mapped_column(server_default=text("true"))
    remind_hours_before: Mapped[int | None]
    remind_ready: Mapped[bool] = mapped_column(server_default=text("true"))
    remind_no_show: Mapped[bool] = mapped_column(server_default=text("true"))
    remind_mondays_on: Mapped[str] = mapped_column(server_default="sunday")
    quiet_from: Mapped[time] = mapped_column(server_default="20:00")
    quiet_until: Mapped[time] = mapped_column(server_default="08:00")
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)

    __table_args__ = (
        Index(None, "lat", "lng"),
        CheckConstraint("plz ~ '^[0-9]{5}$'", name="plz_has_five_digits"),
        CheckConstraint("jsonb_typeof(opening_hours) = 'object'", name="opening_hours_is_object"),
        CheckConstraint("min_notice >= 0 AND cancel_cutoff >= 0 AND horizon_days > 0", name="limits_are_positive"),
        CheckConstraint("remind_hours_before BETWEEN 1 AND 12", name="second_reminder_on_the_day"),
        one_of("remind_mondays_on", MondaysOn),
        CheckConstraint("quiet_from >= '12:00' AND quiet_until BETWEEN '04:00' AND '11:00'", name="quiet_at_night"),
    )


class ResourceRow(Base):
    """Something a visit occupies: a lift, an alignment rig, an examiner. `windows` as opening hours, null = always."""

    __tablename__ = "resources"

    id: Mapped[ResourceId] = mapped_column(Identity(), primary_key=True)
    workshop_id: Mapped[WorkshopId] = mapped_column(ForeignKey("workshops.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    capacity: Mapped[int] = mapped_column(server_default=text("1"))
    windows: Mapped[dict[str, Any] | None]

    __table_args__ = (UniqueConstraint("workshop_id", "name"), CheckConstraint("capacity >= 0", name="capacity_counts"))


class ClosureRow(Base):
    """A workshop, or one resource of it, is out of use: Betriebsferien, a broken lift."""

    __tablename__ = "closures"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    workshop_id: Mapped[WorkshopId] = mapped_column(ForeignKey("workshops.id"))
    resource_id: Mapped[ResourceId | None] = mapped_column(ForeignKey("resources.id"))
    start_time: Mapped[datetime]
    end_time: Mapped[datetime]
    reason: Mapped[str]

    __table_args__ = (
        Index(None, "workshop_id", "end_time"),
        CheckConstraint("end_time > start_time", name="ends_after_start"),
    )


class ServiceRow(Base):
    """What a workshop sells. Without `workshop_id` every workshop sells it; a workshop's own row wins over it.

    `kinds` are the resource kinds needed, all of them, any unit of each. Durations and buffers are minutes, `price`
    is cents and a "from" price. `windows` as opening hours, null = whenever open. `season` holds "MM-DD" pairs,
    both ends included, null = all year.
    """

    __tablename__ = "services"

    id: Mapped[ServiceId] = mapped_column(Identity(), primary_key=True)
    workshop_id: Mapped[WorkshopId | None] = mapped_column(ForeignKey("workshops.id"), index=True)
    code: Mapped[str]
    name: Mapped[str]
    name_en: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    duration_minutes: Mapped[int]
    buffer_before: Mapped[int] = mapped_column(server_default=text("0"))
    buffer_after: Mapped[int] = mapped_column(server_default=text("0"))
    price: Mapped[int]
    kinds: Mapped[list[str]]
    windows: Mapped[dict[str, Any] | None]
    season: Mapped[list[Any] | None]

    __table_args__ = (
        UniqueConstraint("workshop_id", "code", postgresql_nulls_not_distinct=True),
        CheckConstraint("duration_minutes > 0", name="takes_time"),
        CheckConstraint("buffer_before >= 0 AND buffer_after >= 0", name="buffers_are_positive"),
        CheckConstraint("price >= 0", name="price_is_positive"),
        CheckConstraint("cardinality(kinds) > 0", name="needs_a_resource"),
    )
