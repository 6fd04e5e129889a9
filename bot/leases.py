"""Letters in a courier's hands: claimed once, looked up where in doubt, settled by whoever has the lease."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    DateTime,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    func,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from booking_core import wire
from booking_core.tables import InboxRow, OutboxRow, table_of
from bot import consents
from bot.messages import Address, OutboundMessage
from bot.outbox import LETTER, OUTBOX, OUTDATED, message_of
from bot.ranks import furthest

LEASE = timedelta(minutes=2)
"""How long a courier may take for one letter. After that nobody knows whether it was sent."""

ANSWERS = ("reply", "staff")
"""Kinds that go to whoever has us leave their data alone: they asked."""

_INBOX = table_of(InboxRow)


@dataclass(frozen=True)
class Letter:
    """A claimed message; the token proves that it is still ours to mark.

    `tries` counts the sends, this one included; `doubts` those after which nobody knew whether it was sent. It is
    `unwanted` by who forbade us to write to them, `restricted` if it is for one who has us leave their data alone, and
    `outdated` when the appointment it is about was moved, cancelled or begun since it was written.
    """

    id: int
    key: str
    token: str
    message: OutboundMessage
    written_at: datetime
    tries: int
    doubts: int
    unwanted: bool
    restricted: bool
    outdated: bool
    correlation: str | None = None


def claim(
    session: Session,
    *,
    now: datetime | ColumnElement[datetime],
    limit: int = 50,
    recipient: Address | None = None,
    channels: Collection[str] | None = None,
) -> Sequence[Letter]:
    """Letters now ours for the length of a lease, the longest due first; of all channels unless some are named.

    Two couriers never get the same one, and a letter waits until all earlier ones to the same person are settled.
    """
    facts: dict[str, Any] = {"limit": limit, "channels": None if channels is None else list(channels)}
    if recipient:
        facts |= {"on": recipient.channel, "who": recipient.id}
    moment, told = at(now)
    return _taken(session, _claiming(moment, to_one=recipient is not None), facts | told)


_TOLD: ColumnElement[datetime] = bindparam("now", type_=DateTime(timezone=True))


def at(now: datetime | ColumnElement[datetime]) -> tuple[ColumnElement[datetime], dict[str, datetime]]:
    """The moment as a statement has it, and what is to be told to the statement."""
    return (_TOLD, {"now": now}) if isinstance(now, datetime) else (now, {})


@cache
def _claiming(now: ColumnElement[datetime], *, to_one: bool) -> ReturningUpdate[Any]:
    earlier = OUTBOX.alias().c
    waits_for = _unsettled(earlier, earlier.id < LETTER.id)
    due = select(LETTER.id).where(LETTER.state == "pending", LETTER.next_at <= now, ~waits_for, _NAMED)
    if to_one:
        due = due.where(LETTER.channel == bindparam("on"), LETTER.recipient == bindparam("who"))
    due = due.order_by(LETTER.next_at, LETTER.id)
    return _taking(due, state="sending", attempts=LETTER.attempts + 1, lease_until=now + LEASE)


def _unsettled(other: Any, which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether such a letter to the same person has still to go out, or may have.

    Neither as EXISTS nor by the states that hold others up: after a quiet hour PostgreSQL takes the index of letters on
    their way for empty, and would go through all of it for each of some thousand that are written at once.
    """
    settled = or_(other.state.in_(("sent", "refused")), and_(other.state == "unknown", other.check_at.is_(None)))
    theirs = and_(other.channel == LETTER.channel, other.recipient == LETTER.recipient, which, ~settled)
    return select(other.id).where(theirs).limit(1).scalar_subquery().is_not(None)


def doubtful(session: Session, *, now: datetime, channels: Collection[str], limit: int = 50) -> Sequence[Letter]:
    """Letters of which nobody knows whether they were sent, ours to look up for the length of a lease."""
    facts = {"now": now, "limit": limit, "channels": list(channels), "lease": now + LEASE}
    return _taken(session, _DOUBTFUL, facts)


_NAMES = bindparam("channels", type_=ARRAY(Text))
_NAMED = or_(_NAMES.is_(None), LETTER.channel == any_(_NAMES))
_HEARD_AT = (
    select(func.max(_INBOX.c.received_at))
    .where(_INBOX.c.channel == LETTER.channel, _INBOX.c.sender == LETTER.recipient)
    .scalar_subquery()
)
_UNWANTED = (LETTER.kind != "reply") & consents.withdrawn_at(LETTER.channel, LETTER.recipient)
_RESTRICTED = LETTER.kind.not_in(ANSWERS) & consents.restricted_at(LETTER.channel, LETTER.recipient)
_OBJECTIONS = (_UNWANTED.label("unwanted"), _RESTRICTED.label("restricted"), OUTDATED.label("outdated"))


def _taking(due: Select[Any], **columns: Any) -> ReturningUpdate[Any]:
    """Takes what nobody else is taking at the moment, in one statement; an array, as it is to be looked for once."""
    first = due.limit(bindparam("limit")).with_for_update(skip_locked=True).correlate(None)
    ids = func.array(first.scalar_subquery(), type_=ARRAY(BigInteger))
    return (
        update(OUTBOX)
        .where(LETTER.id == any_(ids))
        .values(lease_token=bindparam("token"), **columns)
        .returning(*LETTER, _HEARD_AT.label("heard_at"), *_OBJECTIONS)
    )


_DOUBTFUL = _taking(
    select(LETTER.id)
    .where(LETTER.state == "unknown", LETTER.check_at <= bindparam("now"), _NAMED)
    .order_by(LETTER.check_at, LETTER.id),
    check_at=bindparam("lease"),
)


def _taken(session: Session, taking: ReturningUpdate[Any], facts: Mapping[str, Any]) -> Sequence[Letter]:
    rows = wire.rows(session, taking, {**facts, "token": secrets.token_hex(8)})
    return sorted((_letter(row) for row in rows), key=lambda letter: letter.id)


_OURS = LETTER.id == bindparam("letter"), LETTER.lease_token == bindparam("token")
_SETTLED = {"lease_until": null(), "lease_token": null(), "check_at": null()}


def mark_sent(
    session: Session, letter: Letter, *, now: datetime | ColumnElement[datetime], provider_id: str | None = None
) -> bool:
    """Whether more waits for the same person. What the provider said of this one may have come before."""
    moment, told = at(now)
    facts = {"letter": letter.id, "token": letter.token, "sent_as": provider_id}
    return (True,) in wire.send(session, _marking_sent(moment), facts | told)


@cache
def _marking_sent(now: ColumnElement[datetime]) -> ReturningUpdate[Any]:
    later = OUTBOX.alias().c
    return (
        update(OUTBOX)
        .where(*_OURS)
        .values(
            **_SETTLED,
            state="sent",
            sent_at=now,
            provider_id=bindparam("sent_as"),
            delivery=furthest(LETTER.channel, bindparam("sent_as")),
        )
        .returning(_unsettled(later, later.id > LETTER.id))
    )


def mark_refused(session: Session, letter: Letter, *, error: str) -> None:
    """The provider will never take it."""
    _settle(session, letter, state="refused", error=error)


def mark_unknown(session: Session, letter: Letter, *, error: str, check_at: datetime | None = None) -> None:
    """It may or may not have been sent: to be looked up at the provider, never to be repeated blindly."""
    _settle(session, letter, state="unknown", error=error, check_at=check_at, doubts=OutboxRow.doubts + 1)


def check_later(session: Session, letter: Letter, *, error: str, check_at: datetime | None) -> None:
    """We still do not know whether it was sent; without `check_at` nobody ever will."""
    _settle(session, letter, state="unknown", error=error, check_at=check_at)


def put_back(session: Session, letter: Letter, *, error: str, again_at: datetime) -> None:
    """It was certainly not sent, or may be sent twice; try again later."""
    _settle(session, letter, state="pending", error=error, next_at=again_at)


def give_up_leases(session: Session, *, now: datetime) -> int:
    """Couriers that died in the middle of a letter leave it unknown; how many."""
    dead = session.execute(
        update(OutboxRow)
        .where(OutboxRow.state == "sending", OutboxRow.lease_until <= now)
        .values(
            state="unknown",
            lease_until=None,
            lease_token=None,
            error="the courier died",
            check_at=now,
            doubts=OutboxRow.doubts + 1,
        )
        .returning(OutboxRow.id)
    )
    return len(dead.all())


def _settle(session: Session, letter: Letter, **columns: object) -> None:
    settling = update(OUTBOX).where(*_OURS).values(_SETTLED | columns)
    session.execute(settling, {"letter": letter.id, "token": letter.token})


def _letter(row: Any) -> Letter:
    return Letter(
        row.id,
        row.dedupe_key,
        row.lease_token,
        replace(message_of(row), heard_at=row.heard_at),
        row.created_at,
        row.attempts,
        row.doubts,
        row.unwanted,
        row.restricted,
        row.outdated,
        row.correlation,
    )
