"""Messages on their way out, written with the news they tell; who carries them stands in `bot.leases`."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, DateTime, Integer, Row, Text, bindparam, column, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from booking_core import correlation, wire
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, OutboxRow, table_of
from booking_core.values import AppointmentId
from bot.messages import OutboundMessage

POSTED = "channels of letters posted"
"""Where a session's `info` names the channels for which letters were posted in its transaction."""

_STORED = TypeAdapter(OutboundMessage)
_IN_COLUMNS = {"recipient", "kind", "reference", "heard_at"}

OUTBOX, _APPOINTMENTS = table_of(OutboxRow), table_of(AppointmentRow)
LETTER = OUTBOX.c
_MOMENT = DateTime(timezone=True)

_POSTS = (
    func.jsonb_to_recordset(bindparam("posts", type_=JSONB))
    .table_valued(
        column("channel", Text),
        column("recipient", Text),
        column("kind", Text),
        column("body", JSONB),
        column("dedupe_key", Text),
        column("appointment_id", BigInteger),
        column("appointment_sequence", Integer),
    )
    .render_derived(name="posts", with_types=True)
)
_TOLD = [bindparam(name, type_=kind) for name, kind in (("next_at", _MOMENT), ("created_at", _MOMENT), ("cause", Text))]
_WRITTEN = insert(OUTBOX).from_select(
    [*_POSTS.c.keys(), "next_at", "created_at", "correlation"], select(_POSTS, *_TOLD), include_defaults=False
)
_POST = _WRITTEN.on_conflict_do_nothing().returning(LETTER.id)


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
    post_all(session, [Post(message, key, about)], now=now, after=after)


@dataclass(frozen=True)
class Post:
    """A message to be posted, with its key and what it is about; see `post`."""

    message: OutboundMessage
    key: str
    about: tuple[AppointmentId, int] | None = None


def post_all(session: Session, posts: Sequence[Post], *, now: datetime, after: timedelta | None = None) -> None:
    """Write several, on one way to the database."""
    session.info.setdefault(POSTED, set()).update(one.message.recipient.channel for one in posts)
    rows = [
        {
            "channel": one.message.recipient.channel,
            "recipient": one.message.recipient.id,
            "kind": one.message.kind,
            "body": _STORED.dump_python(one.message, mode="json", exclude=_IN_COLUMNS, exclude_defaults=True),
            "dedupe_key": one.key,
            "appointment_id": one.about[0] if one.about else None,
            "appointment_sequence": one.about[1] if one.about else None,
        }
        for one in posts
    ]
    if rows:
        facts = {"next_at": now + (after or timedelta()), "created_at": now, "cause": correlation.current()}
        wire.send(session, _POST, {"posts": json.dumps(rows), **facts})


def about(session: Session, key: str) -> tuple[AppointmentId, int] | None:
    """What the letter with this key was posted about."""
    told = session.execute(
        select(OutboxRow.appointment_id, OutboxRow.appointment_sequence).where(OutboxRow.dedupe_key == key)
    ).one()
    return None if told.appointment_id is None else (told.appointment_id, told.appointment_sequence)


OUTDATED = (
    select(
        or_(
            _APPOINTMENTS.c.ical_sequence != LETTER.appointment_sequence,
            _APPOINTMENTS.c.status != AppointmentStatus.CONFIRMED,
        )
    )
    .where(_APPOINTMENTS.c.id == LETTER.appointment_id)
    .scalar_subquery()
    .is_(True)
)
"""No EXISTS, which PostgreSQL plans twice: a claim of a few letters is planned for longer than it takes."""


def outdated(session: Session, key: str) -> bool:
    """Whether the appointment it is about was moved, cancelled or begun since it was written."""
    return session.scalar(select(OUTDATED).where(LETTER.dedupe_key == key)) is True


def message_of(row: OutboxRow | Row[Any]) -> OutboundMessage:
    """The message as it was posted."""
    recipient = {"channel": row.channel, "id": row.recipient}
    return _STORED.validate_python({**row.body, "recipient": recipient, "kind": row.kind, "reference": str(row.id)})
