"""How the workshop does: load, lead time, no-shows, channels, and what the bot achieves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, distinct, func, select
from sqlalchemy.orm import Session

from booking_core.calendars import Calendar, closed_of, hours_of, open_of
from booking_core.counter.clients import concerns
from booking_core.quarters import span
from booking_core.rulebook import read_rules
from booking_core.status import AppointmentStatus
from booking_core.stretches import Stretch, stretch
from booking_core.tables import (
    AppointmentRow,
    AppointmentSlotRow,
    ChannelIdentityRow,
    InboxRow,
    RefusedWishRow,
    SlotRow,
    UserRow,
)
from booking_core.values import CELL, Period, ResourceId, WorkshopId

_MINUTES = CELL // timedelta(minutes=1)
_BOOKED = (
    AppointmentStatus.CONFIRMED,
    AppointmentStatus.IN_PROGRESS,
    AppointmentStatus.COMPLETED,
    AppointmentStatus.NO_SHOW,
)


@dataclass(frozen=True)
class Load:
    """Minutes a resource could work on a local day, times its capacity, and minutes that are booked of them.

    Buffers count as booked, so on a busy day it may be a little more than there is.
    """

    resource: ResourceId
    day: date
    open: int
    booked: int


@dataclass(frozen=True)
class Figures:
    """Of a period: appointments that begin in it, and conversations and wishes that were heard in it.

    `lead_days` is the median between booking and coming. `talks` are people who wrote on a channel, `talks_booked`
    those of them who booked on it. `refused` counts wishes that could not be served, by reason.
    """

    load: Sequence[Load]
    by_status: Mapping[str, int]
    by_channel: Mapping[str, int]
    lead_days: float | None
    talks: int
    talks_booked: int
    refused: Mapping[str, int]


def figures(session: Session, workshop: WorkshopId, first: date, days: int) -> Figures:
    """Of so many local days from `first` on; the workshop must exist."""
    # Closures that end before `now` are not read, and in every zone a day begins after noon of the day before.
    [rules] = read_rules(session, [workshop], now=datetime.combine(first, time(), UTC) - timedelta(hours=14))
    line = stretch(rules.calendar.zone, first, days)
    period = Period(line.moment(0), line.moment(line.length))
    begin_here = (
        AppointmentRow.workshop_id == workshop,
        AppointmentRow.start_time >= period.start,
        AppointmentRow.start_time < period.end,
    )
    booked = (*begin_here, AppointmentRow.status.in_(_BOOKED))
    talks = _talks(workshop, period)
    return Figures(
        load=load_of(session, rules.calendar, line),
        by_status=_counted(session, AppointmentRow.status, *begin_here),
        by_channel=_counted(session, AppointmentRow.channel, *booked),
        lead_days=_median_lead(session, *booked),
        talks=session.scalar(talks) or 0,
        talks_booked=session.scalar(talks.where(_booked_on_it(workshop, period))) or 0,
        refused=_counted(
            session,
            RefusedWishRow.reason,
            RefusedWishRow.workshop_id == workshop,
            RefusedWishRow.refused_at >= period.start,
            RefusedWishRow.refused_at < period.end,
        ),
    )


def load_of(session: Session, calendar: Calendar, line: Stretch) -> list[Load]:
    """Of every resource on each day of the line."""
    booked = _booked_minutes(session, calendar, line)
    found = []
    for unit in calendar.units:
        usable = open_of(calendar, line) & hours_of(unit.week, line) & ~closed_of(calendar, unit.id, line)
        for day, start, end in line.days():
            room = (usable & span(start, end)).bit_count() * unit.capacity * _MINUTES
            found.append(Load(unit.id, day, room, booked.get((unit.id, day), 0)))
    return found


def _booked_minutes(session: Session, calendar: Calendar, line: Stretch) -> Mapping[tuple[ResourceId, date], int]:
    day = func.date(func.timezone(calendar.zone.key, SlotRow.start_time)).label("day")
    rows = session.execute(
        select(SlotRow.resource_id, day, func.count())
        .join(AppointmentSlotRow, AppointmentSlotRow.slot_id == SlotRow.id)
        .join(AppointmentRow, AppointmentRow.id == AppointmentSlotRow.appointment_id)
        .where(
            SlotRow.workshop_id == calendar.workshop,
            SlotRow.start_time >= line.moment(0),
            SlotRow.start_time < line.moment(line.length),
            AppointmentRow.status.in_(_BOOKED),
        )
        .group_by(SlotRow.resource_id, day)
    )
    return {(resource, day): quarters * _MINUTES for resource, day, quarters in rows}


def _counted(session: Session, column: Any, *conditions: Any) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).where(*conditions).group_by(column).order_by(column))
    return {row[0]: row[1] for row in rows}


def _median_lead(session: Session, *conditions: ColumnElement[bool]) -> float | None:
    """To a quarter of an hour or so."""
    waited = func.date_part("epoch", AppointmentRow.start_time - AppointmentRow.created_at) / 86_400
    median = session.scalar(select(func.percentile_cont(0.5).within_group(waited)).where(*conditions))
    return None if median is None else round(median, 2)


def _talks(workshop: WorkshopId, period: Period) -> Select[Any]:
    return (
        select(func.count(distinct(ChannelIdentityRow.id)))
        .join(InboxRow, InboxRow.sender == ChannelIdentityRow.external_id)
        .join(UserRow, UserRow.id == ChannelIdentityRow.user_id)
        .where(
            InboxRow.channel == ChannelIdentityRow.channel,
            InboxRow.received_at >= period.start,
            InboxRow.received_at < period.end,
            concerns(workshop),
        )
    )


def _booked_on_it(workshop: WorkshopId, period: Period) -> Any:
    return (
        select(AppointmentRow.id)
        .where(
            AppointmentRow.user_id == ChannelIdentityRow.user_id,
            AppointmentRow.channel == ChannelIdentityRow.channel,
            AppointmentRow.workshop_id == workshop,
            AppointmentRow.created_at >= period.start,
            AppointmentRow.created_at < period.end,
            AppointmentRow.status.not_in([AppointmentStatus.RESERVED, AppointmentStatus.EXPIRED]),
        )
        .exists()
    )
