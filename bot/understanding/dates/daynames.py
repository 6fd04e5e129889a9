"""What a day, week or month was called, and which one of the calendar that is."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from bot.understanding.dates.almanac import (
    DAY,
    WEEK,
    Stretch,
    edge_of,
    feast,
    month_of,
    next_feast,
    nth_weekday,
    one_day,
    sane_year,
    valid_date,
    week_of,
    weekend_of,
    year_of,
)
from bot.understanding.meaning import Grain

COMING = 9


@dataclass(frozen=True)
class DayName:
    """A day or a period as it was described; the parts may be said apart ("nächste Woche ... am Dienstag").

    `period` is one already known (next week, tomorrow). `ref` counts weekdays: 0 this, 1 next, 2 the one
    after, COMING the nearest. `weeks` moves a weekday on ("Mittwoch in zwei Wochen"). `nth` counts weekdays, or
    `unit`s, within the period, from its end if negative. `edge` cuts the period ("start", "middle", "end", "rest").
    """

    weekday: int | None = None
    ref: int | None = None
    weeks: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    feast: str | None = None
    period: Stretch | None = None
    nth: int | None = None
    unit: str | None = None
    edge: str | None = None

    def joined(self, other: "DayName") -> "DayName | None":
        """Both descriptions as one, or None if they speak of different days."""
        if self == other:
            return self
        if self._said() & other._said():
            return None
        both = DayName(
            *(mine if theirs is None else theirs for mine, theirs in zip(self._all(), other._all(), strict=True))
        )
        return both if both._possible() else None

    def _all(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in _FIELDS)

    def _said(self) -> set[str]:
        return {name for name in _FIELDS if getattr(self, name) is not None}

    def _possible(self) -> bool:
        if self.feast and (self.weekday or self.day or self.month):
            return False
        if self.period and self.period.grain is Grain.DAY and (self.day or self.month or self.nth or self.edge):
            return False
        if self.period and self.period.grain in (Grain.WEEK, Grain.WEEKEND) and (self.day or self.month):
            return False
        if self.period and self.period.grain is Grain.MONTH and self.month:
            return False
        if self.period and (self.feast or self.ref or self.weeks is not None):
            return False
        return not (self.edge and (self.day or self.weekday))

    @property
    def is_day(self) -> bool:
        """Whether this names one day, not a longer period."""
        return bool(self.weekday or self.day or self.feast or (self.period and self.period.grain is Grain.DAY))

    @property
    def only_weekday(self) -> bool:
        """Whether only a weekday was said, so that any week could be meant."""
        return self._said() == {"weekday"}

    @property
    def only_day(self) -> bool:
        """Whether only a day of the month was said, so that any month could be meant."""
        return self._said() == {"day"}


Found = tuple[DayName, int]
_FIELDS = tuple(field.name for field in fields(DayName))


def resolved(name: DayName, today: date, next_weekday: str = "nearest") -> Stretch | None:
    """The days that are meant, seen from `today`; None if there is no such day (30 February)."""
    if name.year is not None and not sane_year(name.year):
        return None
    if name.feast is not None:
        return feast(name.feast, name.year) if name.year else next_feast(name.feast, today)
    base = _period(name, today)
    if name.nth is not None:
        found = _nth(name, name.nth, base, today)
    elif name.day is not None:
        found = _day(name, name.day, base, today)
    elif name.weekday is not None:
        found = _weekday(name, name.weekday, base, today, next_weekday)
    else:
        found = base
    return _cut(found, name, today) if name.edge and found else found


def _cut(whole: Stretch, name: DayName, today: date) -> Stretch:
    """The part of it; "Anfang des Monats" that is over is next month's."""
    part = edge_of(whole, name.edge or "", today)
    if whole.grain is not Grain.MONTH or name.month is not None or part.end > today:
        return part
    return edge_of(month_of(whole.start.year, whole.start.month + 1), name.edge or "", today)


def _period(name: DayName, today: date) -> Stretch | None:
    if name.month is not None:
        if name.year is not None:
            return month_of(name.year, name.month)
        if name.period is not None and name.period.grain is Grain.YEAR:
            return month_of(name.period.start.year, name.month)
        year = today.year + (name.month < today.month or bool(name.ref and name.month == today.month))
        return month_of(year, name.month)
    if name.period is not None:
        return name.period
    return year_of(name.year) if name.year is not None else None


def _nth(name: DayName, nth: int, base: Stretch | None, today: date) -> Stretch | None:
    for stretch in (base,) if base else (month_of(today.year, today.month), month_of(today.year, today.month + 1)):
        if name.weekday is not None:
            day = nth_weekday(stretch, name.weekday, nth)
            found = one_day(day) if day else None
        elif name.unit == "week":
            day = nth_weekday(stretch, 1 if nth > 0 else 7, nth)
            found = week_of(day) if day else None
        elif name.unit == "weekend":
            day = nth_weekday(stretch, 6, nth)
            found = weekend_of(day) if day else None
        elif name.unit == "month":
            month = month_of(stretch.start.year, nth if nth > 0 else 13 + nth)
            found = month
        else:
            day = stretch.start + (nth - 1) * DAY if nth > 0 else stretch.end + nth * DAY
            found = one_day(day) if day in stretch else None
        if found and (base or found.end > today):
            return found
    return None


def _day(name: DayName, number: int, base: Stretch | None, today: date) -> Stretch | None:
    if base is not None and base.grain is not Grain.YEAR:
        day = valid_date(base.start.year, base.start.month, number)
        if name.year is None and name.month is not None and (day is None or day < today or not _fits(day, name)):
            years = range(base.start.year, base.start.year + 9)
            days = (valid_date(year, name.month, number) for year in years)
            day = next((day for day in days if day and day >= today and _fits(day, name)), day)
        return one_day(day) if day else None
    start = base.start if base else today
    months = (month_of(start.year, start.month + step).start for step in range(48))
    candidates = (valid_date(month.year, month.month, number) for month in months)
    for day in candidates:
        if day and day >= today and _fits(day, name):
            return one_day(day)
    return _day(replace(name, weekday=None), number, base, today) if name.weekday else None


def _fits(day: date, name: DayName) -> bool:
    return name.weekday is None or day.isoweekday() == name.weekday


def _weekday(name: DayName, weekday: int, base: Stretch | None, today: date, next_weekday: str) -> Stretch:
    if base is not None:
        begun = base.start < today < base.end and base.grain is not Grain.WEEK
        return one_day(_on_or_after(today if begun else base.start, weekday))
    if name.weeks is not None:
        return one_day(_on_or_after(today, weekday) + name.weeks * WEEK)
    if name.ref == 0:
        return one_day(_on_or_after(today, weekday))
    nearest = _on_or_after(today + DAY, weekday)
    if name.ref in (None, COMING):
        return one_day(nearest)
    if next_weekday == "next-week" and name.ref == 1:
        return one_day(week_of(today).end + (weekday - 1) * DAY)
    return one_day(nearest + ((name.ref or 1) - 1) * WEEK)


def _on_or_after(day: date, weekday: int) -> date:
    return day + (weekday - day.isoweekday()) % 7 * DAY
