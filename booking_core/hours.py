"""Weekly opening hours: how they are written, and which quarter hours of a wall clock they open."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise

from booking_core.quarters import span

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WALL_DAY = 96
"""Quarter hours on the face of a wall clock; a day on which the clocks change has other 92 or 100."""

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


class BadHours(ValueError):
    """Opening hours, a season or a closure are not written as they should be; the text says where and how."""


@dataclass(frozen=True)
class Week:
    """For each weekday, Monday first: the pairs of "HH:MM" it is open, and the quarters of its wall clock."""

    times: tuple[tuple[tuple[str, str], ...], ...]
    quarters: tuple[int, ...]

    def times_on(self, day: date) -> tuple[tuple[str, str], ...]:
        return self.times[day.weekday()]

    def quarters_on(self, day: date) -> int:
        """Only whole quarters count: from 07:40 the day starts at 07:45."""
        return self.quarters[day.weekday()]

    @property
    def weekdays(self) -> frozenset[int]:
        """The weekdays with any open quarter, Monday is 0."""
        return frozenset(number for number, quarters in enumerate(self.quarters) if quarters)


@lru_cache(maxsize=4096)
def parse_week(text: str) -> Week:
    """Read hours from their JSON text; see `read_week`."""
    return read_week(json.loads(text))


def read_week(written: object) -> Week:
    """Read `{"mon": [["07:30", "12:00"], ["13:00", "17:30"]], …}`; a missing day is closed, "24:00" is midnight.

    Raises BadHours, which names the day and what is wrong with it.
    """
    if not isinstance(written, Mapping):
        raise BadHours('opening hours map "mon" to "sun" to lists of ["HH:MM", "HH:MM"] pairs')
    if unknown := [day for day in written if day not in WEEKDAYS]:
        raise BadHours(f"{unknown[0]!r} is no weekday; use {', '.join(WEEKDAYS)}")
    times = tuple(_read_day(day, written.get(day, [])) for day in WEEKDAYS)
    return Week(times, tuple(sum(_quarters(*pair) for pair in day) for day in times))


def _read_day(day: str, written: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(written, list | tuple):
        raise BadHours(f"{day}: a list of pairs is wanted, not {written!r}")
    pairs = tuple(_read_pair(day, pair) for pair in written)
    for (_, end), (start, _) in pairwise(pairs):
        if start <= end:
            raise BadHours(f"{day}: {start} does not come after {end}; write times in order, with a break between them")
    return pairs


def _read_pair(day: str, written: object) -> tuple[str, str]:
    match written:
        case [str(start), str(end)] if _TIME.fullmatch(start) and _TIME.fullmatch(end):
            if end <= start:
                raise BadHours(f"{day}: {end} is not after {start}")
            return start, end
        case _:
            raise BadHours(f'{day}: {written!r} is no pair like ["07:30", "17:00"]')


def _quarters(start: str, end: str) -> int:
    return span(-(-_minute(start) // 15), _minute(end) // 15)


def _minute(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def wall_quarter(moment: datetime) -> int:
    """Where an aware local moment stands on the wall clock."""
    return moment.hour * 4 + moment.minute // 15
