"""When somebody is there: whether a workshop is open now, and from when on otherwise."""

from datetime import datetime

from sqlalchemy.orm import Session

from booking_core.calendars import open_of
from booking_core.quarters import first
from booking_core.rulebook import read_rules
from booking_core.stretches import stretch
from booking_core.values import WorkshopId

_DAYS = 60
"""How far we look; company holidays end sooner."""


def attended_from(session: Session, workshop: WorkshopId, *, now: datetime) -> datetime | None:
    """`now` while the workshop is open, otherwise when it opens next; None if it does not within two months."""
    for rules in read_rules(session, [workshop], now=now):
        line = stretch(rules.calendar.zone, rules.calendar.today(now), _DAYS)
        opens = first(open_of(rules.calendar, line), since=line.quarter(now))
        if opens is not None:
            return max(now, line.moment(opens))
    return None
