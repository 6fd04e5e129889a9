"""What was written on a channel within a day: whoever pumps texts out of us shall not cost more than we planned."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    CompoundSelect,
    Text,
    any_,
    bindparam,
    func,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from booking_core import wire
from booking_core.tables import OutboxRow, table_of
from bot import leases
from bot.allowance import Allowance
from bot.leases import Letter
from bot.messages import OutboundMessage

log = logging.getLogger(__name__)

A_DAY = timedelta(days=1)
ALARMS = (0.5, 0.8, 1.0)
"""Parts of a day's messages at which whoever reads the log is told."""


def too_much(
    session: Session, letters: Sequence[Letter], allowed: Allowance, *, now: datetime | ColumnElement[datetime]
) -> Iterator[tuple[int, str]]:
    """Which of these letters on one channel, each to another person, would be too many within a day, and why.

    They come oldest first. Two couriers at once may each send a bag more than the limits say.
    """
    if not letters:
        return
    to_them, written = _written(session, letters, now=now)
    for place, letter in enumerate(letters):
        reason = _reason(letter.message, allowed, to_them.get(letter.message.recipient.id, 0), written + place)
        if reason:
            yield letter.id, reason


def _reason(message: OutboundMessage, allowed: Allowance, to_them: int, written: int) -> str | None:
    if to_them >= allowed.per_person:
        return f"more than {allowed.per_person} messages to one person within a day"
    _alarm(message, written + 1, allowed.in_all)
    limit = allowed.for_replies if message.kind == "reply" else allowed.in_all
    return f"more than {limit} messages within a day" if written >= limit else None


def _written(
    session: Session, letters: Sequence[Letter], *, now: datetime | ColumnElement[datetime]
) -> tuple[Mapping[str | None, int], int]:
    """How many others were sent in the day before, or just are, to each of these persons and in all."""
    moment, told = leases.at(now)
    facts = {
        "channel": letters[0].message.recipient.channel,
        "recipients": [letter.message.recipient.id for letter in letters],
        "first": letters[0].id,
    }
    counted: dict[str | None, int] = dict(wire.send(session, _counting(moment), facts | told))
    in_all = counted.pop(None)
    return counted, in_all


@cache
def _counting(now: ColumnElement[datetime]) -> CompoundSelect[Any]:
    """Everybody's is the row without a person."""
    columns = table_of(OutboxRow).c
    sent = (
        columns.channel == bindparam("channel"),
        columns.created_at > now - A_DAY,
        columns.attempts > 0,
        columns.state != "refused",
        or_(columns.state != "sending", columns.id < bindparam("first")),
    )
    theirs = columns.recipient == any_(bindparam("recipients", type_=ARRAY(Text)))
    to_them = select(columns.recipient, func.count()).where(*sent, theirs).group_by(columns.recipient)
    return union_all(to_them, select(null(), func.count()).where(*sent))


def _alarm(message: OutboundMessage, count: int, in_all: int) -> None:
    if any(count == max(1, int(in_all * part)) for part in ALARMS):
        channel = {"channel": message.recipient.channel}
        log.error("%d of %d messages were sent within a day", count, in_all, extra=channel)
