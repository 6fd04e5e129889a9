"""What is forgotten after a while: words as soon as nobody needs them, answers to repeated commands after a month."""

from datetime import datetime, timedelta

from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from booking_core.tables import ConversationRow, IdempotencyKeyRow, InboxRow, OutboxRow

HEARD = timedelta(days=30)
"""What customers wrote, and where a conversation stood."""

SAID = timedelta(days=90)
"""What we wrote: it is the customer's proof, and ours, for a season."""

REPEATED = timedelta(days=31)
"""No provider and no client repeats a command later than that."""

_NOTHING = text("'{}'::jsonb")


def forget(session: Session, *, now: datetime) -> None:
    """Empty the words out of the rows; that something was said, and when, stays."""
    session.execute(
        update(InboxRow)
        .where(InboxRow.received_at < now - HEARD, InboxRow.processed_at.is_not(None), InboxRow.body != _NOTHING)
        .values(body={})
    )
    session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.created_at < now - SAID,
            OutboxRow.state.not_in(("pending", "sending")),
            OutboxRow.check_at.is_(None),
            OutboxRow.body != _NOTHING,
        )
        .values(body={})
    )
    session.execute(
        update(ConversationRow)
        .where(ConversationRow.updated_at < now - HEARD, ConversationRow.state != _NOTHING)
        .values(state={})
    )
    session.execute(delete(IdempotencyKeyRow).where(IdempotencyKeyRow.created_at < now - REPEATED))
