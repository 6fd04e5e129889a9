"""When a workshop and each of its resources are at work, as the calendar on the page shows it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy.orm import Session

from booking_core.calendars import Calendar, hours_of, open_of
from booking_core.quarters import first as first_set
from booking_core.quarters import ones, span
from booking_core.rulebook import read_rules
from booking_core.stretches import Stretch, stretch
from booking_core.values import WorkshopId

AHEAD = 28
"""Days that are looked through for one on which the workshop opens; beyond that somebody has closed it for good."""


def next_open_day(session: Session, workshop: WorkshopId, day: date) -> date:
    """The first day from this one on on which the workshop opens at all; the day itself where there is none."""
    line, calendar = _line(session, workshop, day, AHEAD)
    opened = first_set(open_of(calendar, line))
    return day if opened is None else line.day(opened)


def shut(session: Session, workshop: WorkshopId, day: date, days: int) -> list[dict[str, Any]]:
    """What lies outside of opening hours, and outside of those of each resource, as backgrounds of the calendar."""
    line, calendar = _line(session, workshop, day, days)
    at_work = open_of(calendar, line)
    everywhere = {"resourceIds": [str(unit.id) for unit in calendar.units]}
    events = [_background(line, start, end, "is-shut") | everywhere for start, end in _gaps(at_work, line)]
    for unit in calendar.units:
        away = _gaps(hours_of(unit.week, line) | ~at_work & line.everything, line)
        events += [_background(line, *gap, "is-away") | {"resourceIds": [str(unit.id)]} for gap in away]
    return [event | {"id": f"shut-{number}"} for number, event in enumerate(events)]


def _line(session: Session, workshop: WorkshopId, day: date, days: int) -> tuple[Stretch, Calendar]:
    # Closures that end before `now` are not read, and in every zone a day begins after noon of the day before.
    [rules] = read_rules(session, [workshop], now=datetime.combine(day, time(), UTC) - timedelta(hours=14))
    return stretch(rules.calendar.zone, day, days), rules.calendar


def _gaps(bits: int, line: Stretch) -> Iterator[tuple[int, int]]:
    """The runs of quarters that are not set, day by day."""
    for _, start, end in line.days():
        for _, run in groupby(enumerate(ones(~bits & span(start, end))), lambda one: one[1] - one[0]):
            quarters = list(map(itemgetter(1), run))
            yield quarters[0], quarters[-1] + 1


def _background(line: Stretch, start: int, end: int, name: str) -> dict[str, Any]:
    def local(quarter: int) -> str:
        return line.moment(quarter).astimezone(line.zone).replace(tzinfo=None).isoformat()

    return {"start": local(start), "end": local(end), "display": "background", "title": "", "classNames": [name]}
