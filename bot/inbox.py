"""Messages on their way in: each is stored once, and heard once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Insert, bindparam, case, exists, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from booking_core import wire
from booking_core.tables import InboxRow, table_of
from bot.messages import Address, InboundMessage, Point

TRIES = 3
"""How often we try to answer a message before a person has to look at it."""

_INBOX = table_of(InboxRow)
_WAITS = _INBOX.c.processed_at.is_(None)
_TOLD: ColumnElement[datetime] = bindparam("now", type_=DateTime(timezone=True))


@dataclass(frozen=True)
class Heard:
    """A message that is ours to answer, when we took it up, whether there is `more` of its sender, what brought it."""

    message: InboundMessage
    at: datetime
    more: bool
    correlation: str | None = field(default=None, compare=False)


def store(session: Session, message: InboundMessage, *, now: datetime | ColumnElement[datetime]) -> bool:
    """Keep the message; a provider that delivers it again changes nothing. Whether it was new."""
    body = {
        "text": message.text,
        "choice": message.choice,
        "name": message.name,
        "language": message.language,
        "phone": message.phone,
        "place": [message.place.lat, message.place.lng] if message.place else None,
        "token": message.token,
    }
    row = {"channel": message.sender.channel, "provider_id": message.id, "sender": message.sender.id, "body": body}
    if isinstance(now, datetime):
        stored = session.execute(_storing(_TOLD), {**row, "now": now})
    else:
        stored = session.execute(_storing(now), row)
    return stored.one_or_none() is not None


@cache
def _storing(now: ColumnElement[datetime]) -> Insert:
    columns: dict[str, Any] = {name: bindparam(name) for name in ("channel", "provider_id", "sender", "body")}
    return insert(_INBOX).values(**columns, received_at=now).on_conflict_do_nothing().returning(_INBOX.c.id)


_HEAR = (
    update(_INBOX)
    .where(_INBOX.c.channel == bindparam("on"), _INBOX.c.provider_id == bindparam("known_as"), _WAITS)
    .values(processed_at=_TOLD)
    .returning(_INBOX.c.id)
)


def hear(session: Session, message: InboundMessage, *, now: datetime) -> bool:
    """Whether the message is ours to answer. Of two turns that take it up at once, the second waits and gets False."""
    store(session, message, now=now)
    heard = session.execute(_HEAR, {"on": message.sender.channel, "known_as": message.id, "now": now})
    return heard.one_or_none() is not None


def hear_next(session: Session, sender: Address, *, now: ColumnElement[datetime]) -> Heard | None:
    """The message of this sender that is next to be answered; two that want it at once keep the order."""
    row = wire.row(session, _hearing(now), {"on": sender.channel, "of": sender.id})
    if row is None:
        return None
    return Heard(_message(row.provider_id, sender, row.body), row.processed_at, row.more, row.correlation)


@cache
def _hearing(now: ColumnElement[datetime]) -> ReturningUpdate[Any]:
    """Who waits for somebody's lock on the oldest gets the next oldest, as that one is heard by then."""
    waiting = _INBOX.alias()
    theirs = (
        waiting.c.channel == bindparam("on"),
        waiting.c.sender == bindparam("of"),
        waiting.c.processed_at.is_(None),
    )
    oldest = select(waiting.c.id).where(*theirs).order_by(waiting.c.id).limit(1).with_for_update().scalar_subquery()
    more = exists().where(*theirs, waiting.c.id > _INBOX.c.id)
    told = (_INBOX.c.provider_id, _INBOX.c.body, _INBOX.c.processed_at, _INBOX.c.correlation, more.label("more"))
    return update(_INBOX).where(_INBOX.c.id == oldest).values(processed_at=now).returning(*told)


_WAITING = (
    select(_INBOX.c.channel, _INBOX.c.sender)
    .where(_WAITS, _INBOX.c.received_at <= bindparam("before"))
    .order_by(_INBOX.c.received_at)
    .limit(bindparam("limit"))
)


def waiting(session: Session, *, now: datetime, since: timedelta, limit: int = 100) -> Sequence[Address]:
    """Who has waited this long for an answer, longest first."""
    rows = session.execute(_WAITING, {"before": now - since, "limit": limit})
    return list(dict.fromkeys(Address(row.channel, row.sender) for row in rows))


def failed(session: Session, message: InboundMessage, *, error: str, now: datetime) -> bool:
    """Note that a message could not be answered; whether it is put aside now, so that later ones can be."""
    failures = _INBOX.c.failures + 1
    mine = (_INBOX.c.channel == message.sender.channel, _INBOX.c.provider_id == message.id, _WAITS)
    row = session.execute(
        update(_INBOX)
        .where(*mine)
        .values(failures=failures, error=error, processed_at=case((failures >= TRIES, literal(now))))
        .returning(_INBOX.c.processed_at)
    ).one_or_none()
    return row is not None and row.processed_at is not None


def _message(provider_id: str, sender: Address, body: dict[str, Any]) -> InboundMessage:
    return InboundMessage(
        provider_id,
        sender,
        text=body["text"],
        choice=body["choice"],
        name=body["name"],
        language=body["language"],
        phone=body.get("phone"),
        place=Point(*place) if (place := body.get("place")) else None,
        token=body.get("token"),
    )
