"""Messages on their way in: each is stored once, and heard once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from booking_core.tables import InboxRow
from bot.messages import Address, InboundMessage, Point

TRIES = 3
"""How often we try to answer a message before a person has to look at it."""


def store(session: Session, message: InboundMessage, *, now: datetime) -> bool:
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
    stored = session.execute(
        insert(InboxRow)
        .values(
            channel=message.sender.channel,
            provider_id=message.id,
            sender=message.sender.id,
            body=body,
            received_at=now,
        )
        .on_conflict_do_nothing()
        .returning(InboxRow.id)
    )
    return stored.scalar_one_or_none() is not None


def hear(session: Session, message: InboundMessage, *, now: datetime) -> bool:
    """Whether the message is ours to answer. Of two turns that take it up at once, the second waits and gets False."""
    store(session, message, now=now)
    heard = session.execute(
        update(InboxRow)
        .where(_is(message), InboxRow.processed_at.is_(None))
        .values(processed_at=now)
        .returning(InboxRow.id)
    )
    return heard.scalar_one_or_none() is not None


def oldest_unheard(session: Session, sender: Address) -> InboundMessage | None:
    """The message of this sender that is next to be answered, locked, so that two answerers keep their order."""
    row = session.execute(
        select(InboxRow.provider_id, InboxRow.body, InboxRow.correlation)
        .where(InboxRow.channel == sender.channel, InboxRow.sender == sender.id, InboxRow.processed_at.is_(None))
        .order_by(InboxRow.id)
        .limit(1)
        .with_for_update()
    ).one_or_none()
    return _message(row.provider_id, sender, row.body, row.correlation) if row else None


def waiting(session: Session, *, now: datetime, since: timedelta, limit: int = 100) -> Sequence[Address]:
    """Who has waited this long for an answer, longest first."""
    rows = session.execute(
        select(InboxRow.channel, InboxRow.sender)
        .where(InboxRow.processed_at.is_(None), InboxRow.received_at <= now - since)
        .order_by(InboxRow.received_at)
        .limit(limit)
    )
    return list(dict.fromkeys(Address(row.channel, row.sender) for row in rows))


def failed(session: Session, message: InboundMessage, *, error: str, now: datetime) -> bool:
    """Note that a message could not be answered; whether it is put aside now, so that later ones can be."""
    failures = InboxRow.failures + 1
    row = session.execute(
        update(InboxRow)
        .where(_is(message), InboxRow.processed_at.is_(None))
        .values(failures=failures, error=error, processed_at=case((failures >= TRIES, literal(now))))
        .returning(InboxRow.processed_at)
    ).one_or_none()
    return row is not None and row.processed_at is not None


def _is(message: InboundMessage) -> Any:
    return (InboxRow.channel == message.sender.channel) & (InboxRow.provider_id == message.id)


def _message(provider_id: str, sender: Address, body: dict[str, Any], correlation: str | None) -> InboundMessage:
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
        correlation=correlation,
    )
