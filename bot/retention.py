"""What is forgotten after a while, a few rows at a time: whoever is killed in the middle goes on where they were."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, delete, exists, func, or_, select, text, update
from sqlalchemy.orm import Session

from booking_core.errors import StillBooked
from booking_core.personal import erasure
from booking_core.tables import (
    AppointmentRow,
    ChannelIdentityRow,
    ClaimRow,
    ConversationRow,
    DeliveryReportRow,
    IdempotencyKeyRow,
    InboxRow,
    LinkRow,
    OutboxRow,
    PrivacyRequestRow,
    RefusedWishRow,
    SignInTryRow,
    StaffSessionRow,
    UserRow,
    VehicleRow,
    WaitlistRow,
)

HEARD = timedelta(days=30)
"""What customers wrote, where a conversation stood, and whoever wrote without ever booking."""

SAID = timedelta(days=90)
"""What we wrote: it is the customer's proof, and ours, for a season."""

REPEATED = timedelta(days=31)
"""No provider and no client repeats a command later than that."""

TRACES = timedelta(days=400)
"""That something was said, and when: a year, and time to look back at it."""

CUSTOMERS = timedelta(days=3 * 365 + 1)
"""How we reach somebody who came; after three years nobody can claim anything of either."""

AT_ONCE = 200
"""Rows of one transaction."""

_NOTHING = text("'{}'::jsonb")

Step = Callable[[Session, datetime], int]


def _empty_inbox(session: Session, now: datetime) -> int:
    old = InboxRow.received_at < now - HEARD, InboxRow.processed_at.is_not(None), InboxRow.body != _NOTHING
    return _change(session, InboxRow, *old, body={})


def _empty_outbox(session: Session, now: datetime) -> int:
    old = OutboxRow.created_at < now - SAID, _settled(), OutboxRow.body != _NOTHING
    return _change(session, OutboxRow, *old, body={})


def _settled() -> ColumnElement[bool]:
    return and_(OutboxRow.state.not_in(("pending", "sending")), OutboxRow.check_at.is_(None))


def _empty_conversations(session: Session, now: datetime) -> int:
    old = ConversationRow.updated_at < now - HEARD, ConversationRow.state != _NOTHING
    return _change(session, ConversationRow, *old, state={})


def _forget_wishers(session: Session, now: datetime) -> int:
    return _change(
        session,
        RefusedWishRow,
        RefusedWishRow.refused_at < now - HEARD,
        RefusedWishRow.user_id.is_not(None),
        user_id=None,
    )


def _drop_heard(session: Session, now: datetime) -> int:
    return _drop(session, InboxRow, InboxRow.received_at < now - TRACES, InboxRow.processed_at.is_not(None))


def _drop_said(session: Session, now: datetime) -> int:
    return _drop(session, OutboxRow, OutboxRow.created_at < now - TRACES, _settled())


def _drop_reports(session: Session, now: datetime) -> int:
    old = session.execute(delete(DeliveryReportRow).where(DeliveryReportRow.received_at < now - TRACES))
    return _count(old)


def _drop_keys(session: Session, now: datetime) -> int:
    return _count(session.execute(delete(IdempotencyKeyRow).where(IdempotencyKeyRow.created_at < now - REPEATED)))


def _drop_tries(session: Session, now: datetime) -> int:
    """Addresses of networks are kept for seven days at most."""
    old: Sequence[Any] = (
        delete(SignInTryRow).where(SignInTryRow.tried_at < now - timedelta(days=7)),
        delete(StaffSessionRow).where(StaffSessionRow.expires_at < now - HEARD),
        delete(ClaimRow).where(ClaimRow.tried_at < now - HEARD),
        delete(LinkRow).where(LinkRow.expires_at < now - HEARD),
        delete(WaitlistRow).where(WaitlistRow.state.in_(("served", "left")), WaitlistRow.created_at < now - TRACES),
    )
    for statement in old:
        session.execute(statement)
    return 0


def _forget_requests(session: Session, now: datetime) -> int:
    old = (
        PrivacyRequestRow.answered_at < now - CUSTOMERS,
        PrivacyRequestRow.remains.is_(None),
        or_(PrivacyRequestRow.kept_until.is_(None), PrivacyRequestRow.kept_until < now.year),
    )
    return _drop(session, PrivacyRequestRow, *old)


def _erase_who_is_long_gone(session: Session, now: datetime) -> int:
    """Whoever never booked a month after their last message, whoever came three years after their last visit."""
    visits = select(func.max(AppointmentRow.end_time)).where(
        AppointmentRow.user_id == UserRow.id, AppointmentRow.status != "expired"
    )
    last_visit = visits.correlate(UserRow).scalar_subquery()
    spoke = (
        select(ConversationRow.id)
        .join(ChannelIdentityRow, ChannelIdentityRow.id == ConversationRow.identity_id)
        .where(ChannelIdentityRow.user_id == UserRow.id, ConversationRow.updated_at > now - HEARD)
        .exists()
    )
    waits = exists().where(WaitlistRow.user_id == UserRow.id, WaitlistRow.state.in_(("waiting", "offered")))
    known = or_(
        UserRow.name.is_not(None),
        UserRow.phone.is_not(None),
        UserRow.email.is_not(None),
        exists().where(ConversationRow.identity_id == ChannelIdentityRow.id, ChannelIdentityRow.user_id == UserRow.id),
    )
    gone = or_(and_(last_visit.is_(None), UserRow.created_at < now - HEARD, ~spoke), last_visit < now - CUSTOMERS)
    users = session.scalars(
        select(UserRow.id).where(known, gone, ~spoke, ~waits).order_by(UserRow.id).limit(AT_ONCE)
    ).all()
    for user in users:
        try:
            erasure.erase(session, user, actor="system", now=now)
        except StillBooked:  # Their next visit lies ahead of their last one.
            continue
    return len(users)


def _forget_plates(session: Session, now: datetime) -> int:
    """Of visits whose papers nobody has to keep any more."""
    last = now.year - erasure.KEPT_YEARS
    old = (
        AppointmentRow.vehicle_id.is_not(None),
        func.extract("year", AppointmentRow.end_time) < last,
    )
    changed = _change(session, AppointmentRow, *old, vehicle_id=None)
    used = exists().where(AppointmentRow.vehicle_id == VehicleRow.id)
    nameless = exists().where(UserRow.id == VehicleRow.user_id, UserRow.name.is_(None), UserRow.phone.is_(None))
    _drop(session, VehicleRow, ~used, nameless, VehicleRow.created_at < now - TRACES)
    return changed


STEPS: Sequence[Step] = (
    _empty_inbox,
    _empty_outbox,
    _empty_conversations,
    _forget_wishers,
    _erase_who_is_long_gone,
    _forget_plates,
    _drop_heard,
    _drop_said,
    _drop_reports,
    _drop_keys,
    _drop_tries,
    _forget_requests,
)
"""Each does some of its work and says how much; nothing is left when that is none."""


def _change(session: Session, table: Any, *which: ColumnElement[bool], **values: Any) -> int:
    some = select(table.id).where(*which).limit(AT_ONCE).with_for_update(skip_locked=True)
    return _count(session.execute(update(table).where(table.id.in_(some)).values(values)))


def _drop(session: Session, table: Any, *which: ColumnElement[bool]) -> int:
    some = select(table.id).where(*which).limit(AT_ONCE).with_for_update(skip_locked=True)
    return _count(session.execute(delete(table).where(table.id.in_(some))))


def _count(result: Any) -> int:
    assert isinstance(result, CursorResult)  # noqa: S101 - Of updates and deletes it always is.
    return result.rowcount
