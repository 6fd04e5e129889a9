"""Why a workshop has nothing free in the windows somebody asked for."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial, reduce
from operator import or_

from booking_core.calendars import (
    Calendar,
    attended,
    closed_of,
    feasts_of,
    hours_of,
    season_of,
    unit_starts,
    workable,
)
from booking_core.hours import Week
from booking_core.quarters import first, shifted, span
from booking_core.stretches import Stretch
from booking_core.values import Period, ResourceId, WorkshopId
from booking_core.visits import Job, Visit


class Reason(StrEnum):
    """What stands in the way; CHANGED says that the services take another time than when the slot was offered."""

    NOT_OFFERED = "not_offered"
    PAST = "past"
    HORIZON = "horizon"
    OFF_GRID = "off_grid"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    CLOSURE = "closure"
    SEASON = "season"
    NOT_THAT_DAY = "not_that_day"
    TOO_LONG = "too_long"
    NOTICE = "notice"
    FULL = "full"
    CHANGED = "changed"


@dataclass(frozen=True)
class WhyNot:
    """`day` is the local day that came closest, `service` the code of the one to blame, if one is.

    `detail` is the holiday's German name, the closure's reason, the season ("10-01/04-15") or, beyond the horizon, the
    last bookable day (ISO). `hours` are those that would do: the workshop's if it is CLOSED, the service's or the
    examiner's if it is NOT_THAT_DAY.
    """

    reason: Reason
    day: date | None = None
    detail: str | None = None
    service: str | None = None
    hours: Week | None = None
    workshop: WorkshopId | None = None


@dataclass(frozen=True)
class Hurdle:
    """A rule: the starts it lets pass, and what to say of the quarter at which it stopped the last one."""

    reason: Reason
    passing: int
    detail: Callable[[int], str | None] = lambda quarter: None
    service: str | None = None
    hours: Week | None = None


@dataclass(frozen=True)
class Refusal:
    """A visit that one workshop could not serve as wished. `free` are all the starts at which it could."""

    calendar: Calendar
    visit: Visit
    line: Stretch
    free: int
    now: datetime

    def why_not(self, windows: Sequence[Period]) -> WhyNot:
        """The first rule, from the plainest to the most particular, that leaves nothing of these windows."""
        ahead = self.calendar.bookable(self.now)
        asked = reduce(or_, map(self.line.starts_in, windows)) & self.line.starts_in(ahead)
        if not asked or all(window.end <= self.now for window in windows):
            return self._out_of_reach(windows, ahead)
        hurdles = self._hurdles()
        hurdle = next(hurdles)
        while left := asked & hurdle.passing:  # The last hurdle lets nothing pass that was asked for.
            asked, hurdle = left, next(hurdles)
        quarter = first(asked) or 0
        return WhyNot(
            hurdle.reason,
            self.line.day(quarter),
            hurdle.detail(quarter),
            hurdle.service,
            hurdle.hours,
            self.calendar.workshop,
        )

    def _out_of_reach(self, windows: Sequence[Period], ahead: Period) -> WhyNot:
        coming = [window for window in windows if window.end > self.now]
        asked = (coming or windows)[0].start.astimezone(self.line.zone).date()
        if not coming:
            return WhyNot(Reason.PAST, asked, workshop=self.calendar.workshop)
        if all(window.start >= ahead.end for window in coming):
            last_day = self.line.day(self.line.quarter(ahead.end) - 1)
            return WhyNot(Reason.HORIZON, asked, last_day.isoformat(), workshop=self.calendar.workshop)
        return WhyNot(Reason.OFF_GRID, asked, workshop=self.calendar.workshop)

    def _hurdles(self) -> Iterator[Hurdle]:
        """Whole days before hours, and hours before closures: who asks for Christmas evening shall hear Christmas."""
        yield from self._days()
        yield from self._services()
        yield from self._units()
        yield Hurdle(Reason.PAST, self._from(self.now))
        yield Hurdle(Reason.NOTICE, self._from(self.now + self.calendar.notice))
        yield Hurdle(Reason.FULL, self.free)

    def _days(self) -> Iterator[Hurdle]:
        calendar, line = self.calendar, self.line
        week, closed = hours_of(calendar.week, line), closed_of(calendar, None, line)
        yield Hurdle(Reason.CLOSED, line.days_touched(week), hours=calendar.week)
        yield Hurdle(Reason.HOLIDAY, ~feasts_of(calendar, line), lambda quarter: calendar.feast_day(line.day(quarter)))
        yield Hurdle(Reason.CLOSURE, line.days_touched(week & ~closed), partial(self._closure, {None}))
        yield Hurdle(Reason.CLOSED, week, hours=calendar.week)
        yield Hurdle(Reason.CLOSURE, ~closed, partial(self._closure, {None}))

    def _services(self) -> Iterator[Hurdle]:
        line = self.line
        for start, job in self.visit.jobs:
            season, hours = shifted(season_of(job, line), start), shifted(hours_of(job.week, line), start)
            yield Hurdle(Reason.SEASON, season, partial(_season, job), job.code)
            yield Hurdle(Reason.NOT_THAT_DAY, hours, service=job.code, hours=job.week)
        yield Hurdle(Reason.TOO_LONG, workable(self.calendar, self.visit, line))

    def _units(self) -> Iterator[Hurdle]:
        line = self.line
        for need in self.visit.needs:
            units = self.calendar.units_of(need.kind)
            service = next(job.code for _, job in self.visit.jobs if need.kind in job.kinds)
            there = reduce(or_, (shifted(hours_of(unit.week, line), need.work[0][0]) for unit in units))
            yield Hurdle(Reason.NOT_THAT_DAY, there, service=service, hours=units[0].week)
            yield Hurdle(Reason.TOO_LONG, reduce(or_, (attended(unit, need, line) for unit in units)), service=service)
            in_use = reduce(or_, (unit_starts(self.calendar, unit, need, line) for unit in units))
            yield Hurdle(Reason.CLOSURE, in_use, partial(self._closure, {unit.id for unit in units}))

    def _closure(self, units: Collection[ResourceId | None], quarter: int) -> str:
        """The reason of the closure in the way of a visit that begins here, or else of one on that day."""
        start, end = self.visit.reach
        visit = Period(self.line.moment(quarter + start), self.line.moment(quarter + end))
        closures = [closure for closure in self.calendar.closures if closure.unit in units]
        return next(
            closure.reason
            for period in (visit, self.line.whole_day(quarter))
            for closure in closures
            if closure.period.overlaps(period)
        )

    def _from(self, moment: datetime) -> int:
        return span(self.line.quarter_not_before(moment), self.line.length)


def _season(job: Job, quarter: int) -> str:
    return str(job.season)
