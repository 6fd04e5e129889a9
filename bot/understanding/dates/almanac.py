"""Days, weeks, months and feasts of the calendar."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter  # type: ignore[import-untyped]

from bot.understanding.meaning import Grain

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
_LAST_YEAR = 2199


@dataclass(frozen=True)
class Stretch:
    """A stretch of whole days with both ends, half-open."""

    start: date
    end: date
    grain: Grain = Grain.DAY

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


def one_day(day: date) -> Stretch:
    return Stretch(day, day + DAY)


def week_of(day: date) -> Stretch:
    """The week from Monday to Sunday that the day lies in."""
    monday = day - day.weekday() * DAY
    return Stretch(monday, monday + WEEK, Grain.WEEK)


def weekend_of(day: date) -> Stretch:
    monday = day - day.weekday() * DAY
    return Stretch(monday + 5 * DAY, monday + WEEK, Grain.WEEKEND)


def month_of(year: int, month: int) -> Stretch:
    """A month; months past 12 or before 1 run over into other years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return Stretch(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1), Grain.MONTH)


def year_of(year: int) -> Stretch:
    return Stretch(date(year, 1, 1), date(year + 1, 1, 1), Grain.YEAR)


def iso_week(year: int, week: int) -> Stretch | None:
    """A numbered week of a year, or None if the year has no such week."""
    if not 1 <= week <= date(year, 12, 28).isocalendar().week:
        return None
    return week_of(date.fromisocalendar(year, week, 1))


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    month = month_of(day.year, day.month + months)
    return min(month.start + (day.day - 1) * DAY, month.end - DAY)


def valid_date(year: int, month: int, day: int) -> date | None:
    """The date, or None if there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def nth_weekday(stretch: Stretch, weekday: int, nth: int) -> date | None:
    """The nth such ISO weekday of the stretch, counted from its end if negative."""
    if nth < 0:
        day = stretch.end - DAY
        day -= (day.isoweekday() - weekday) % 7 * DAY + (-nth - 1) * WEEK
    else:
        day = stretch.start + (weekday - stretch.start.isoweekday()) % 7 * DAY + (nth - 1) * WEEK
    return day if day in stretch else None


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FEAST = re.compile(
    r"(?P<moving>easter|advent)(?P<shift>[+-]\d+)"
    r"|(?P<month>\d\d)-(?P<day>\d\d)"
    r"|(?P<of>\d\d) (?P<weekday>[a-z]+) (?P<nth>-?\d)"
)


@lru_cache(maxsize=1024)
def feast(rule: str, year: int) -> Stretch | None:
    """The feast of a year, by its rule: "12-24", "easter+39", "advent-7", "05 sunday 2", or "first/last" of these."""
    first, _, last = rule.partition("/")
    start, end = _feast_day(first, year), _feast_day(last or first, year)
    if start is None or end is None:
        return None
    return Stretch(start, end + DAY, Grain.WEEK if last else Grain.DAY)


def _feast_day(rule: str, year: int) -> date | None:
    match = _FEAST.fullmatch(rule)
    if match is None:
        raise ValueError(rule)
    if match["moving"] == "easter":
        sunday: date = easter(year)
        return sunday + int(match["shift"]) * DAY
    if match["moving"]:
        christmas = date(year, 12, 25)
        fourth = christmas - christmas.isoweekday() * DAY
        return fourth + (int(match["shift"]) - 21) * DAY
    if match["month"]:
        return valid_date(year, int(match["month"]), int(match["day"]))
    return nth_weekday(month_of(year, int(match["of"])), _WEEKDAYS.index(match["weekday"]) + 1, int(match["nth"]))


def next_feast(rule: str, today: date) -> Stretch | None:
    """The feast that is on now or comes next."""
    for year in (today.year, today.year + 1):
        found = feast(rule, year)
        if found is not None and found.end > today:
            return found
    return None


def sane_year(year: int) -> bool:
    """Whether the calendar here reaches that year."""
    return 1990 <= year <= _LAST_YEAR


_WEEK_EDGES = {"start": (0, 2), "middle": (1, 4), "end": (3, 5)}
_THIRD = 10 * DAY


def edge_of(stretch: Stretch, edge: str, today: date) -> Stretch:
    """A part of a period. The end of a week is Thursday and Friday: that is when a workshop is open."""
    start, end = stretch.start, stretch.end
    if edge == "rest":
        return Stretch(max(start, today), end, stretch.grain)
    if edge == "later":
        return Stretch(max(start, min(start + (end - start) / 2, end), today), end, stretch.grain)
    if stretch.grain in (Grain.WEEK, Grain.WEEKEND):
        first, last = _WEEK_EDGES[edge]
        return Stretch(start + first * DAY, start + last * DAY, Grain.WEEK)
    if stretch.grain is Grain.YEAR:
        first, last = {"start": (1, 3), "middle": (5, 9), "end": (11, 13)}[edge]
        return Stretch(month_of(start.year, first).start, month_of(start.year, last).start, Grain.MONTH)
    if edge == "start":
        return Stretch(start, start + _THIRD, stretch.grain)
    if edge == "middle":
        return Stretch(start + _THIRD, start + 2 * _THIRD, stretch.grain)
    return Stretch(start + 2 * _THIRD, end, stretch.grain)
