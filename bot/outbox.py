"""Messages on their way out: written with the news they tell, claimed once, sent at most once on purpose."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from booking_core.tables import OutboxRow
from bot.messages import Address, Choice, OutboundMessage

LEASE = timedelta(minutes=2)
"""How long a courier may take for one letter. After that nobody knows whether it was sent."""


@dataclass(frozen=True)
class Letter:
    """A claimed message; the token proves that it is still ours to mark."""

    id: int
    token: str
    message: OutboundMessage


def post(session: Session, message: OutboundMessage, *, key: str, now: datetime, kind: str = "reply") -> None:
    """Write a message in the transaction whose news it tells; the same key is posted once."""
    session.execute(
        insert(OutboxRow)
        .values(
            channel=message.recipient.channel,
            recipient=message.recipient.id,
            kind=kind,
            body=_body(message),
            dedupe_key=key,
            next_at=now,
            created_at=now,
        )
        .on_conflict_do_nothing()
    )


def claim(session: Session, *, now: datetime, limit: int = 50, recipient: Address | None = None) -> Sequence[Letter]:
    """Letters that are due, oldest first, now ours for the length of a lease.

    Two couriers never get the same one, and a letter waits until all earlier ones to the same person are settled.
    """
    earlier = aliased(OutboxRow)
    unsettled = exists().where(
        earlier.channel == OutboxRow.channel,
        earlier.recipient == OutboxRow.recipient,
        earlier.id < OutboxRow.id,
        earlier.state.in_(("pending", "sending")),
    )
    due = select(OutboxRow.id).where(OutboxRow.state == "pending", OutboxRow.next_at <= now, ~unsettled)
    if recipient:
        due = due.where(OutboxRow.channel == recipient.channel, OutboxRow.recipient == recipient.id)
    ids = session.scalars(due.order_by(OutboxRow.id).limit(limit).with_for_update(skip_locked=True)).all()
    token = secrets.token_hex(8)
    claimed = session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(ids))
        .values(state="sending", attempts=OutboxRow.attempts + 1, lease_until=now + LEASE, lease_token=token)
        .returning(OutboxRow.id, OutboxRow.channel, OutboxRow.recipient, OutboxRow.body)
    )
    letters = [Letter(row.id, token, _message(Address(row.channel, row.recipient), row.body)) for row in claimed]
    return sorted(letters, key=lambda letter: letter.id)


def mark_sent(session: Session, letter: Letter, *, now: datetime, provider_id: str | None = None) -> None:
    _settle(session, letter, state="sent", sent_at=now, provider_id=provider_id)


def mark_refused(session: Session, letter: Letter, *, error: str) -> None:
    """The provider will never take it."""
    _settle(session, letter, state="refused", error=error)


def mark_unknown(session: Session, letter: Letter, *, error: str) -> None:
    """It may or may not have been sent: to be looked up at the provider, never to be repeated blindly."""
    _settle(session, letter, state="unknown", error=error)


def put_back(session: Session, letter: Letter, *, error: str, again_at: datetime) -> None:
    """It was certainly not sent; try again later."""
    _settle(session, letter, state="pending", error=error, next_at=again_at)


def give_up_leases(session: Session, *, now: datetime) -> int:
    """Couriers that died in the middle of a letter leave it unknown; how many."""
    dead = session.execute(
        update(OutboxRow)
        .where(OutboxRow.state == "sending", OutboxRow.lease_until <= now)
        .values(state="unknown", lease_until=None, lease_token=None, error="the courier died")
        .returning(OutboxRow.id)
    )
    return len(dead.all())


def _settle(session: Session, letter: Letter, **columns: object) -> None:
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == letter.id, OutboxRow.lease_token == letter.token)
        .values(lease_until=None, lease_token=None, **columns)
    )


def _body(message: OutboundMessage) -> dict[str, Any]:
    choices = [{"id": choice.id, "label": choice.label} for choice in message.choices]
    return {"text": message.text, "choices": choices}


def _message(recipient: Address, body: dict[str, Any]) -> OutboundMessage:
    choices = tuple(Choice(choice["id"], choice["label"]) for choice in body["choices"])
    return OutboundMessage(recipient, body["text"], choices)
