"""Messages on their way in: each is stored once, and heard once."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from booking_core.tables import InboxRow
from bot.messages import InboundMessage


def store(session: Session, message: InboundMessage, *, now: datetime) -> None:
    """Keep the message; a provider that delivers it again changes nothing."""
    body = {"text": message.text, "choice": message.choice, "name": message.name, "language": message.language}
    session.execute(
        insert(InboxRow)
        .values(
            channel=message.sender.channel,
            provider_id=message.id,
            sender=message.sender.id,
            body=body,
            received_at=now,
        )
        .on_conflict_do_nothing()
    )


def hear(session: Session, message: InboundMessage, *, now: datetime) -> bool:
    """Whether the message is ours to answer. Of two turns that take it up at once, the second waits and gets False."""
    store(session, message, now=now)
    heard = session.execute(
        update(InboxRow)
        .where(
            InboxRow.channel == message.sender.channel,
            InboxRow.provider_id == message.id,
            InboxRow.processed_at.is_(None),
        )
        .values(processed_at=now)
        .returning(InboxRow.id)
    )
    return heard.scalar_one_or_none() is not None
