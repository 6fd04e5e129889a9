"""What a workshop's own rules leave open, before anybody has booked: hours, holidays, closures, units."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache, reduce
from operator import and_, or_
from typing import Any
from zoneinfo import ZoneInfo

from booking_core.feast_days import feast_day
from booking_core.hours import Week, read_week
from booking_core.quarters import runs, shifted
from booking_core.stretches import Stretch, midnight, stretch
from booking_core.values import Period, ResourceId, WorkshopId
from booking_core.visits import Job, Need, Visit


@dataclass(frozen=True)
class Closure:
    """The whole workshop or, with `unit`, one resource is out of use."""

    period: Period
    reason: str
    unit: ResourceId | None


@dataclass(frozen=True, eq=False)
class Unit:
    id: ResourceId
    kind: str
    capacity: int
    week: Week | None


@dataclass(frozen=True, eq=False)
class Calendar:
    """The rules of one workshop. Read once per text, so it and its units may be keys by identity."""

    workshop: WorkshopId
    zone: ZoneInfo
    state: str
    catholic: bool
    notice: timedelta
    horizon_days: int
    week: Week
    units: tuple[Unit, ...]
    closures: tuple[Closure, ...]

    def units_of(self, kind: str) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.kind == kind)

    def feast_day(self, day: date) -> str | None:
        return feast_day(day, self.state, catholic=self.catholic)

    def stretch(self, now: datetime, visit: Visit) -> Stretch:
        """Today up to the horizon, and on both sides as many days more as the visit may reach."""
        start, end = visit.reach
        margin = 1 + max(-start, end) // 92
        return stretch(self.zone, self.today(now) - timedelta(days=margin), self.horizon_days + 1 + 2 * margin)

    def today(self, now: datetime) -> date:
        return now.astimezone(self.zone).date()

    def bookable(self, now: datetime) -> Period:
        """From the midnight before now up to the end of the last day on which a visit may start."""
        last_day = self.today(now) + timedelta(days=self.horizon_days)
        return Period(midnight(self.today(now), self.zone), midnight(last_day + timedelta(days=1), self.zone))


@lru_cache(maxsize=4096)
def read_calendar(text: str) -> Calendar:
    """Read the JSON text of a workshop's row, its resources that have room, and its closures."""
    rules = json.loads(text)
    row = rules["workshop"]
    return Calendar(
        workshop=row["id"],
        zone=ZoneInfo(row["timezone"]),
        state=row["state"],
        catholic=row["catholic_holidays"],
        notice=timedelta(minutes=row["min_notice"]),
        horizon_days=row["horizon_days"],
        week=read_week(row["opening_hours"]),
        units=tuple(_read_unit(unit) for unit in rules["units"] or ()),
        closures=tuple(_read_closure(closure) for closure in rules["closures"] or ()),
    )


def _read_unit(row: Mapping[str, Any]) -> Unit:
    return Unit(row["id"], row["kind"], row["capacity"], None if row["windows"] is None else read_week(row["windows"]))


def _read_closure(row: Mapping[str, Any]) -> Closure:
    period = Period(datetime.fromisoformat(row["start_time"]), datetime.fromisoformat(row["end_time"]))
    return Closure(period, row["reason"], row["resource_id"])


@lru_cache(maxsize=8192)
def hours_of(week: Week | None, line: Stretch) -> int:
    """The quarters inside weekly hours; all of them where there are none."""
    return line.everything if week is None else line.week(week)


@lru_cache(maxsize=8192)
def feasts_of(calendar: Calendar, line: Stretch) -> int:
    return line.days_on_which(calendar.feast_day)


@lru_cache(maxsize=8192)
def closed_of(calendar: Calendar, unit: ResourceId | None, line: Stretch) -> int:
    """The quarters touched by closures of the workshop (None) or of one unit."""
    touched = (line.touched_by(closure.period) for closure in calendar.closures if closure.unit == unit)
    return reduce(or_, touched, 0)


def open_of(calendar: Calendar, line: Stretch) -> int:
    """The quarters in which the workshop works at all."""
    hours = hours_of(calendar.week, line)
    return hours & ~feasts_of(calendar, line) & ~closed_of(calendar, None, line)


def season_of(job: Job, line: Stretch) -> int:
    return line.everything if job.season is None else line.days_on_which(job.season.holds)


@lru_cache(maxsize=8192)
def workable(calendar: Calendar, visit: Visit, line: Stretch) -> int:
    """The starts from which all work lies in opening hours, and each job in its windows and its season."""
    work = open_of(calendar, line)
    return reduce(
        and_,
        (
            shifted(runs(work & hours_of(job.week, line) & season_of(job, line), job.length), start)
            for start, job in visit.jobs
        ),
    )


def attended(unit: Unit, need: Need, line: Stretch) -> int:
    """The starts from which a unit is there for all the work."""
    hours = hours_of(unit.week, line)
    return reduce(and_, (shifted(runs(hours, end - start), start) for start, end in need.work))


def undisturbed(quarters: int, need: Need) -> int:
    """The starts from which everything a visit keeps of a unit lies in these quarters."""
    return reduce(and_, (shifted(runs(quarters, end - start), start) for start, end in need.kept))


@lru_cache(maxsize=16384)
def unit_starts(calendar: Calendar, unit: Unit, need: Need, line: Stretch) -> int:
    """The starts a unit can serve while nobody has booked it."""
    return attended(unit, need, line) & undisturbed(line.everything & ~closed_of(calendar, unit.id, line), need)
