"""Opening hours and seasons as people write them into one cell of a table."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator

from booking_core.hours import WEEKDAYS, BadHours, read_week
from booking_core.seasons import read_season

_PART = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? +(.+)")


def read_hours(written: object) -> Any:
    """Read "mon-fri 07:30-12:00 13:00-17:30; sat 08:00-12:00". Raises BadHours."""
    week: dict[str, list[list[str]]] = {}
    for part in filter(None, (part.strip().lower() for part in str(written).split(";"))):
        match = _PART.fullmatch(part)
        if match is None:
            raise BadHours(f'{part!r} is not like "mon-fri 07:30-12:00 13:00-17:30"')
        first, last, times = match.groups()
        for day in _days(first, last or first):
            week[day] = [time.split("-") for time in times.split()]
    read_week(week)
    return week


def _days(first: str, last: str) -> tuple[str, ...]:
    for day in (first, last):
        if day not in WEEKDAYS:
            raise BadHours(f"{day!r} is no weekday; use {', '.join(WEEKDAYS)}")
    return WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last) + 1]


def read_seasons(written: object) -> Any:
    """Read "10-01/04-15". Raises BadHours."""
    pairs = [pair.strip().split("/") for pair in str(written).split(";")]
    read_season(pairs)
    return pairs


Hours = Annotated[dict[str, Any], BeforeValidator(read_hours)]
Seasons = Annotated[list[Any], BeforeValidator(read_seasons)]
