"""What became of letters after they were sent, as far as providers tell."""

from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from booking_core.tables import DeliveryReportRow, OutboxRow, table_of
from bot import leases, outbox
from bot.messages import OutboundMessage
from bot.ranks import furthest

LONGEST_ID = 19
"""Digits a row's number never has; what is longer is not ours."""


_LETTER = table_of(OutboxRow).c
_MOVE_ON = (
    update(_LETTER.id.table)
    .where(_LETTER.channel == bindparam("on"), _LETTER.provider_id == bindparam("known_as"))
    .values(delivery=furthest(_LETTER.channel, _LETTER.provider_id))
)


def note(
    session: Session,
    *,
    channel: str,
    provider_id: str,
    status: str,
    now: datetime,
    reference: str = "",
    error: str | None = None,
) -> bool:
    """Keep a report, also of a message we do not know yet, and move its letter on; whether it was news.

    `reference` is the outbox's own name for the letter: with it the report proves that a letter in doubt was sent.
    """
    news = session.execute(
        insert(DeliveryReportRow)
        .values(channel=channel, provider_id=provider_id, status=status, error=error, received_at=now)
        .on_conflict_do_nothing()
        .returning(DeliveryReportRow.provider_id)
    ).one_or_none()
    if reference.isascii() and reference.isdecimal() and len(reference) < LONGEST_ID:
        session.execute(
            update(OutboxRow)
            .where(
                OutboxRow.id == int(reference),
                OutboxRow.channel == channel,
                OutboxRow.state.in_(("sending", "unknown")),
            )
            .values(
                state="sent",
                sent_at=now,
                provider_id=provider_id,
                check_at=None,
                lease_until=None,
                lease_token=None,
            )
        )
    session.execute(_MOVE_ON, {"on": channel, "known_as": provider_id})
    return news is not None


def letter_with(session: Session, channel: str, provider_id: str) -> tuple[str, OutboundMessage] | None:
    """The key and the message of the letter that the provider knows by this id, unless it is forgotten."""
    row = session.scalars(
        select(OutboxRow).where(OutboxRow.channel == channel, OutboxRow.provider_id == provider_id)
    ).one_or_none()
    return (row.dedupe_key, outbox.message_of(row)) if row and row.body else None


def ids_to(session: Session, letter: leases.Letter) -> frozenset[str]:
    """The provider's ids of all other letters to the same person, so that none is taken for this one."""
    who = letter.message.recipient
    ids = session.scalars(
        select(OutboxRow.provider_id).where(
            OutboxRow.channel == who.channel,
            OutboxRow.recipient == who.id,
            OutboxRow.id != letter.id,
            or_(OutboxRow.sent_at.is_(None), OutboxRow.sent_at >= letter.written_at),
        )
    )
    return frozenset(filter(None, ids))
