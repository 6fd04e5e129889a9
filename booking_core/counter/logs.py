"""What was noted down, page by page: changes, reminders, letters that came back, wishes that were not served."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from booking_core.counter.clients import known_at
from booking_core.counter.pages import Page, read_page
from booking_core.tables import (
    AppointmentRow,
    AuditRow,
    ChannelIdentityRow,
    OutboxRow,
    RefusedWishRow,
    ReminderRow,
    UserRow,
    WaitlistRow,
)
from booking_core.values import AppointmentId, WorkshopId

PAGE = 50


@dataclass(frozen=True)
class Change:
    """An entry of the audit log; its hash vouches for it and all before it of the same entity."""

    id: int
    entity: str
    entity_id: int
    action: str
    actor: str
    at: datetime
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    hash: str


@dataclass(frozen=True)
class Reminded:
    id: int
    appointment: AppointmentId
    code: str
    customer: str | None
    kind: str
    due_at: datetime
    state: str
    posted_at: datetime | None


@dataclass(frozen=True)
class Wish:
    """`windows` as they were wished for, pairs of ISO moments; `services` are codes."""

    id: int
    services: Sequence[str]
    windows: Sequence[Any]
    reason: str
    refused_at: datetime


@dataclass(frozen=True)
class Waiting:
    """Somebody on the waiting list; `state` is waiting or offered."""

    id: int
    customer: str | None
    phone: str | None
    services: Sequence[str]
    windows: Sequence[Any]
    channel: str
    state: str
    offered_until: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class Returned:
    """A letter that a provider would not take, or could not deliver."""

    id: int
    channel: str
    kind: str
    customer: str | None
    error: str | None
    delivery: str | None
    created_at: datetime


def changes(
    session: Session,
    workshop: WorkshopId,
    *,
    entity: tuple[str, int] | None = None,
    after: int | None = None,
    limit: int = PAGE,
) -> Page[Change]:
    """Of everything that belongs to the workshop, or of one entity (its kind and id)."""
    rows = select(
        AuditRow.id,
        AuditRow.entity_type,
        AuditRow.entity_id,
        AuditRow.action,
        AuditRow.actor,
        AuditRow.timestamp,
        AuditRow.before,
        AuditRow.after,
        AuditRow.hash,
    ).where(func.coalesce(AuditRow.after["workshop"].astext, AuditRow.before["workshop"].astext) == str(workshop))
    if entity is not None:
        rows = rows.where(AuditRow.entity_type == entity[0], AuditRow.entity_id == entity[1])
    return read_page(session, rows, AuditRow.id, lambda row: Change(*row), after=after, limit=limit)


def reminders(session: Session, workshop: WorkshopId, *, after: int | None = None, limit: int = PAGE) -> Page[Reminded]:
    rows = (
        select(
            ReminderRow.id,
            AppointmentRow.id.label("appointment"),
            AppointmentRow.public_code,
            UserRow.name,
            ReminderRow.kind,
            ReminderRow.due_at,
            ReminderRow.state,
            ReminderRow.posted_at,
        )
        .join(AppointmentRow, AppointmentRow.id == ReminderRow.appointment_id)
        .join(UserRow, UserRow.id == AppointmentRow.user_id)
        .where(AppointmentRow.workshop_id == workshop)
    )
    return read_page(session, rows, ReminderRow.id, lambda row: Reminded(*row), after=after, limit=limit)


def refused_wishes(
    session: Session, workshop: WorkshopId, *, after: int | None = None, limit: int = PAGE
) -> Page[Wish]:
    rows = select(
        RefusedWishRow.id,
        RefusedWishRow.services,
        RefusedWishRow.windows,
        RefusedWishRow.reason,
        RefusedWishRow.refused_at,
    ).where(RefusedWishRow.workshop_id == workshop)
    return read_page(session, rows, RefusedWishRow.id, lambda row: Wish(*row), after=after, limit=limit)


def waiting_list(
    session: Session, workshop: WorkshopId, *, after: int | None = None, limit: int = PAGE
) -> Page[Waiting]:
    rows = (
        select(
            WaitlistRow.id,
            UserRow.name,
            UserRow.phone,
            WaitlistRow.services,
            WaitlistRow.windows,
            WaitlistRow.channel,
            WaitlistRow.state,
            WaitlistRow.offered_until,
            WaitlistRow.created_at,
        )
        .join(UserRow, UserRow.id == WaitlistRow.user_id)
        .where(WaitlistRow.workshop_id == workshop, WaitlistRow.state.in_(("waiting", "offered")))
    )
    return read_page(session, rows, WaitlistRow.id, lambda row: Waiting(*row), after=after, limit=limit)


def returned_letters(
    session: Session, workshop: WorkshopId, *, after: int | None = None, limit: int = PAGE
) -> Page[Returned]:
    """Those to the workshop's customers."""
    recipient = (ChannelIdentityRow.channel == OutboxRow.channel, ChannelIdentityRow.external_id == OutboxRow.recipient)
    rows = (
        select(
            OutboxRow.id,
            OutboxRow.channel,
            OutboxRow.kind,
            UserRow.name,
            OutboxRow.error,
            OutboxRow.delivery,
            OutboxRow.created_at,
        )
        .join(ChannelIdentityRow, recipient[0] & recipient[1])
        .join(UserRow, UserRow.id == ChannelIdentityRow.user_id)
        .where(or_(OutboxRow.state == "refused", OutboxRow.delivery == "failed"), known_at(workshop))
    )
    return read_page(session, rows, OutboxRow.id, lambda row: Returned(*row), after=after, limit=limit)
