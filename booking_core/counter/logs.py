"""What was noted down, page by page: changes, reminders, and letters that came back."""

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
    ReminderRow,
    UserRow,
)
from booking_core.values import AppointmentId, WorkshopId

PAGE = 50


@dataclass(frozen=True)
class About:
    """A kind of entity, or one of them."""

    entity: str | None = None
    entity_id: int | None = None


EVERYTHING = About()


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
    about: About = EVERYTHING,
    *,
    after: int | None = None,
    limit: int = PAGE,
) -> Page[Change]:
    """Of all that belongs to the workshop, or only what is asked about."""
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
    if about.entity is not None:
        rows = rows.where(AuditRow.entity_type == about.entity)
    if about.entity_id is not None:
        rows = rows.where(AuditRow.entity_id == about.entity_id)
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
