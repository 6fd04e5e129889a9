"""Messages on their way out: written with the news they tell, claimed once, sent at most once on purpose."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pydantic import TypeAdapter
from sqlalchemy import and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, InboxRow, OutboxRow
from booking_core.values import AppointmentId
from bot.messages import Address, OutboundMessage

POSTED = "channels of letters posted"
"""Where a session's `info` names the channels for which letters were posted in its transaction."""

LEASE = timedelta(minutes=2)
"""How long a courier may take for one letter. After that nobody knows whether it was sent."""

_STORED = TypeAdapter(OutboundMessage)
_IN_COLUMNS = {"recipient", "kind", "reference", "heard_at"}


@dataclass(frozen=True)
class Letter:
    """A claimed message; the token proves that it is still ours to mark.

    `tries` counts the sends, this one included; `doubts` those after which nobody knew whether it was sent.
    """

    id: int
    key: str
    token: str
    message: OutboundMessage
    written_at: datetime
    tries: int
    doubts: int
    correlation: str | None = None


def post(
    session: Session,
    message: OutboundMessage,
    *,
    key: str,
    now: datetime,
    after: timedelta | None = None,
    about: tuple[AppointmentId, int] | None = None,
) -> None:
    """Write a message in the transaction whose news it tells; the same key is posted once.

    One that is `about` an appointment with a certain `ical_sequence` is not sent any more once that has changed.
    """
    appointment, sequence = about or (None, None)
    session.info.setdefault(POSTED, set()).add(message.recipient.channel)
    session.execute(
        insert(OutboxRow)
        .values(
            channel=message.recipient.channel,
            recipient=message.recipient.id,
            kind=message.kind,
            body=_STORED.dump_python(message, mode="json", exclude=_IN_COLUMNS, exclude_defaults=True),
            dedupe_key=key,
            appointment_id=appointment,
            appointment_sequence=sequence,
            next_at=now + (after or timedelta()),
            created_at=now,
        )
        .on_conflict_do_nothing()
    )


def about(session: Session, key: str) -> tuple[AppointmentId, int] | None:
    """What the letter with this key was posted about."""
    told = session.execute(
        select(OutboxRow.appointment_id, OutboxRow.appointment_sequence).where(OutboxRow.dedupe_key == key)
    ).one()
    return None if told.appointment_id is None else (told.appointment_id, told.appointment_sequence)


def outdated(session: Session, key: str) -> bool:
    """Whether the appointment it is about was moved, cancelled or begun since it was written."""
    changed = (
        select(OutboxRow.id)
        .join(AppointmentRow, AppointmentRow.id == OutboxRow.appointment_id)
        .where(
            OutboxRow.dedupe_key == key,
            or_(
                AppointmentRow.ical_sequence != OutboxRow.appointment_sequence,
                AppointmentRow.status != AppointmentStatus.CONFIRMED,
            ),
        )
    )
    return session.scalar(changed) is not None


def written_to(session: Session, who: Address) -> bool:
    """Whether there ever was a letter to this address, whatever became of it."""
    return bool(session.scalar(select(exists().where(OutboxRow.channel == who.channel, OutboxRow.recipient == who.id))))


def claim(
    session: Session,
    *,
    now: datetime,
    limit: int = 50,
    recipient: Address | None = None,
    channels: Collection[str] | None = None,
) -> Sequence[Letter]:
    """Letters that are due, oldest first, now ours for the length of a lease; of all channels unless some are named.

    Two couriers never get the same one, and a letter waits until all earlier ones to the same person are settled.
    """
    earlier = aliased(OutboxRow)
    unsettled = exists().where(
        earlier.channel == OutboxRow.channel,
        earlier.recipient == OutboxRow.recipient,
        earlier.id < OutboxRow.id,
        or_(
            earlier.state.in_(("pending", "sending")),
            and_(earlier.state == "unknown", earlier.check_at.is_not(None)),
        ),
    )
    due = select(OutboxRow.id).where(OutboxRow.state == "pending", OutboxRow.next_at <= now, ~unsettled)
    if recipient:
        due = due.where(OutboxRow.channel == recipient.channel, OutboxRow.recipient == recipient.id)
    if channels is not None:
        due = due.where(OutboxRow.channel.in_(channels))
    ids = session.scalars(due.order_by(OutboxRow.id).limit(limit).with_for_update(skip_locked=True)).all()
    return _take(session, ids, state="sending", attempts=OutboxRow.attempts + 1, lease_until=now + LEASE)


def doubtful(session: Session, *, now: datetime, channels: Collection[str], limit: int = 50) -> Sequence[Letter]:
    """Letters of which nobody knows whether they were sent, ours to look up for the length of a lease."""
    due = (
        select(OutboxRow.id)
        .where(OutboxRow.state == "unknown", OutboxRow.check_at <= now, OutboxRow.channel.in_(channels))
        .order_by(OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return _take(session, session.scalars(due).all(), check_at=now + LEASE)


def _take(session: Session, ids: Sequence[int], **columns: object) -> Sequence[Letter]:
    token = secrets.token_hex(8)
    heard_at = (
        select(func.max(InboxRow.received_at))
        .where(InboxRow.channel == OutboxRow.channel, InboxRow.sender == OutboxRow.recipient)
        .scalar_subquery()
    )
    taken = session.execute(
        update(OutboxRow)
        .where(OutboxRow.id.in_(ids))
        .values(lease_token=token, **columns)
        .returning(OutboxRow, heard_at.label("heard_at"))
    )
    return sorted((_letter(row, heard_at, token) for row, heard_at in taken), key=lambda letter: letter.id)


def mark_sent(session: Session, letter: Letter, *, now: datetime, provider_id: str | None = None) -> None:
    _settle(session, letter, state="sent", sent_at=now, provider_id=provider_id)


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
    session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == letter.id, OutboxRow.lease_token == letter.token)
        .values({"lease_until": None, "lease_token": None, "check_at": None} | columns)
    )


def message_of(row: OutboxRow) -> OutboundMessage:
    """The message as it was posted."""
    recipient = {"channel": row.channel, "id": row.recipient}
    return _STORED.validate_python({**row.body, "recipient": recipient, "kind": row.kind, "reference": str(row.id)})


def _letter(row: OutboxRow, heard_at: datetime | None, token: str) -> Letter:
    message = replace(message_of(row), heard_at=heard_at)
    return Letter(row.id, row.dedupe_key, token, message, row.created_at, row.attempts, row.doubts, row.correlation)
