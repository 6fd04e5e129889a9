"""What is left of erasures: words that were just on their way, and messages that providers keep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import null, select, text, update
from sqlalchemy.orm import Session

from booking_core.tables import OutboxRow, PrivacyRequestRow

ERASED = "erased"
NOTHING = text("'{}'::jsonb")


@dataclass(frozen=True)
class Remains:
    """What is left of an erasure: addresses that were just written to, and messages that providers keep."""

    request: int
    addresses: Sequence[tuple[str, str]]
    messages: Sequence[tuple[str, str]]
    until: datetime


def unfinished(session: Session, *, limit: int = 20) -> Sequence[Remains]:
    """Erasures of which something is left to be done, oldest first."""
    rows = session.execute(
        select(PrivacyRequestRow.id, PrivacyRequestRow.remains)
        .where(PrivacyRequestRow.remains.is_not(None))
        .order_by(PrivacyRequestRow.id)
        .limit(limit)
    )
    return [_remains(row.id, row.remains) for row in rows]


def _remains(request: int, kept: Mapping[str, Any]) -> Remains:
    addresses, messages = ([(one[0], one[1]) for one in kept[name]] for name in ("addresses", "messages"))
    return Remains(request, addresses, messages, datetime.fromisoformat(kept["until"]))


def _stored(remains: Remains) -> dict[str, Any]:
    return {"addresses": [list(one) for one in remains.addresses], "until": remains.until.isoformat()}


def go_on(session: Session, remains: Remains, *, messages: Sequence[tuple[str, str]]) -> None:
    """Note which messages providers still keep; wipe what was written while it was erased, and end it when all is done.

    The last word, that all is erased, goes to the customer first.
    """
    left = [list(one) for one in messages]
    busy = False
    for channel, address in remains.addresses:
        to = OutboxRow.created_at <= remains.until, OutboxRow.channel == channel, OutboxRow.recipient == address
        unsent = OutboxRow.state.in_(("pending", "sending"))
        busy = busy or session.scalar(select(OutboxRow.id).where(*to, unsent).limit(1)) is not None
        wiped = update(OutboxRow).where(*to, ~unsent).values(body=NOTHING, recipient=ERASED, error=None)
        left += [[channel, id] for id in session.scalars(wiped.returning(OutboxRow.provider_id)) if id]
    news = {**_stored(remains), "messages": left}
    session.execute(
        update(PrivacyRequestRow)
        .where(PrivacyRequestRow.id == remains.request)
        .values(remains=news if busy or left else null())
    )
