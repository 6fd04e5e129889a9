"""One workshop searched for one visit: where it is free, and which units would serve it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, reduce
from operator import or_

from booking_core.calendars import Calendar, Unit, closed_of, hours_of, open_of, undisturbed, unit_starts, workable
from booking_core.occupancy import Taken
from booking_core.quarters import first, last, span
from booking_core.refusals import Refusal, WhyNot
from booking_core.stretches import Stretch
from booking_core.values import CELL, Cell, Period, Slot
from booking_core.visits import Need, Visit


@dataclass(frozen=True)
class Search:
    calendar: Calendar
    visit: Visit
    now: datetime

    @cached_property
    def line(self) -> Stretch:
        return self.calendar.stretch(self.now, self.visit)

    @cached_property
    def ahead(self) -> Period:
        """From now, notice or not, up to the horizon."""
        return Period(self.now, self.calendar.bookable(self.now).end)

    @property
    def units(self) -> list[Unit]:
        return [unit for need in self.visit.needs for unit in self.calendar.units_of(need.kind)]

    def surroundings(self, windows: Sequence[Period]) -> Period:
        """On the grid, all the time that bookable visits starting in these windows may keep."""
        start, end = self.visit.reach
        earliest = min(max(self.ahead.start, min(window.start for window in windows)), self.ahead.end)
        latest = max(min(self.ahead.end, max(window.end for window in windows)), earliest)
        return Period(
            self.line.moment(self.line.quarter(earliest) + start),
            self.line.moment(self.line.quarter_not_before(latest) + end),
        )

    def asked(self, windows: Sequence[Period]) -> int:
        """The quarters that begin in these windows."""
        return reduce(or_, map(self.line.starts_in, windows), 0)

    def free(self, taken: Taken) -> int:
        """Every start at which the visit can be booked."""
        starts = workable(self.calendar, self.visit, self.line) & self._bookable()
        for need in self.visit.needs:
            starts &= reduce(or_, (self._serves(unit, need, taken) for unit in self.calendar.units_of(need.kind)))
        return starts

    def _bookable(self) -> int:
        earliest = self.line.quarter_not_before(self.now + self.calendar.notice)
        return span(earliest, self.line.quarter_not_before(self.ahead.end))

    def _serves(self, unit: Unit, need: Need, taken: Taken) -> int:
        mine = unit_starts(self.calendar, unit, need, self.line)
        busy = taken.of(unit, self.line)
        return mine & undisturbed(self.line.everything & ~busy, need) if busy else mine

    def slot(self, quarter: int) -> Slot:
        return self.slot_at(self.line.moment(quarter))

    def slot_at(self, start: datetime) -> Slot:
        return Slot(self.calendar.workshop, self.visit.services, start, start + self.visit.length * CELL)

    def why_not(self, windows: Sequence[Period], free: int) -> WhyNot:
        """Why none of the free starts lies in these windows."""
        return Refusal(self.calendar, self.visit, self.line, free, self.now).why_not(windows)

    def cells(self, quarter: int, taken: Taken) -> tuple[Cell, ...]:
        """Of each kind the unit it fits most tightly, so that gaps stay whole."""
        chosen = [(need, self._tightest(need, quarter, taken)) for need in self.visit.needs]
        return tuple(
            sorted(
                Cell(unit.id, self.line.moment(quarter + place))
                for need, unit in chosen
                for start, end in need.kept
                for place in range(start, end)
            )
        )

    def _tightest(self, need: Need, quarter: int, taken: Taken) -> Unit:
        able = [unit for unit in self.calendar.units_of(need.kind) if self._serves(unit, need, taken) >> quarter & 1]
        return min(able, key=lambda unit: (self._room_around(unit, need, quarter, taken), unit.id))

    def _room_around(self, unit: Unit, need: Need, quarter: int, taken: Taken) -> int:
        """How many quarters a unit could still work right before and right after the visit."""
        line = self.line
        usable = open_of(self.calendar, line) & hours_of(unit.week, line)
        usable &= span(line.quarter(self.now), line.length)
        usable &= ~(closed_of(self.calendar, unit.id, line) | taken.of(unit, line))
        blocked = line.everything & ~usable
        start, end = quarter + need.kept[0][0], quarter + need.kept[-1][1]
        before, after = last(blocked, before=start), first(blocked, since=end)
        return (start - 1 - (-1 if before is None else before)) + ((line.length if after is None else after) - end)
