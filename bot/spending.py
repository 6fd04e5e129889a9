"""What was written on a channel within a day: whoever pumps texts out of us shall not cost more than we planned."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from booking_core.tables import OutboxRow
from bot.messages import OutboundMessage
from bot.outbox import Letter

log = logging.getLogger(__name__)

A_DAY = timedelta(days=1)
ALARMS = (0.5, 0.8, 1.0)
"""Parts of a day's messages at which whoever reads the log is told."""


def too_much(
    session: Session, letter: Letter, *, per_person: int, in_all: int, for_replies: int, now: datetime
) -> str | None:
    """Why this letter would be one too many within a day; None if it is not.

    Two couriers at once may each send a bag more than the limits say.
    """
    message = letter.message
    to_them, written = _written(session, letter, now=now)
    if to_them >= per_person:
        return f"more than {per_person} messages to one person within a day"
    _alarm(message, written + 1, in_all)
    limit = for_replies if message.kind == "reply" else in_all
    return f"more than {limit} messages within a day" if written >= limit else None


def _written(session: Session, letter: Letter, *, now: datetime) -> tuple[int, int]:
    """How many others were sent in the day before, or just are, to this person and in all.

    Of those that were taken along with it only earlier ones count.
    """
    to = letter.message.recipient
    counts = func.count().filter(OutboxRow.recipient == to.id), func.count()
    others = select(*counts).where(
        OutboxRow.channel == to.channel,
        OutboxRow.created_at > now - A_DAY,
        OutboxRow.attempts > 0,
        OutboxRow.state != "refused",
        or_(OutboxRow.state != "sending", OutboxRow.id < letter.id),
    )
    to_them, in_all = session.execute(others).one()
    return to_them, in_all


def _alarm(message: OutboundMessage, count: int, in_all: int) -> None:
    if any(count == max(1, int(in_all * part)) for part in ALARMS):
        channel = {"channel": message.recipient.channel}
        log.error("%d of %d messages were sent within a day", count, in_all, extra=channel)
