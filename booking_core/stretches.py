"""Local days in a row, laid out as one line of quarter hours counted in UTC from the first local midnight."""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from booking_core.hours import WALL_DAY, Week, wall_quarter
from booking_core.quarters import span
from booking_core.values import CELL, Period

_DAY = timedelta(days=1)


@dataclass(frozen=True, eq=False)
class Stretch:
    """`midnights[i]` is the quarter at which day i begins, counted from `origin` (UTC); one more ends the last day.

    Made by `stretch`, which gives the same object for the same days, so it may be a key by identity.
    """

    zone: ZoneInfo
    first: date
    origin: datetime
    midnights: tuple[int, ...]

    @property
    def length(self) -> int:
        return self.midnights[-1]

    @property
    def everything(self) -> int:
        return span(0, self.length)

    def quarter(self, moment: datetime) -> int:
        """The quarter hour in which a moment lies; negative or beyond `length` when it is outside."""
        return (moment - self.origin) // CELL

    def quarter_not_before(self, moment: datetime) -> int:
        return -((self.origin - moment) // CELL)

    def moment(self, quarter: int) -> datetime:
        return self.origin + quarter * CELL

    def day(self, quarter: int) -> date:
        return self.moment(quarter).astimezone(self.zone).date()

    def days(self) -> Iterator[tuple[date, int, int]]:
        """Each day with its first quarter and that of the next day."""
        for number, (start, end) in enumerate(pairwise(self.midnights)):
            yield self.first + number * _DAY, start, end

    def whole_day(self, quarter: int) -> Period:
        """The local day of a quarter, or the day nearest to it that is on the line."""
        number = min(max(1, bisect_right(self.midnights, quarter)), len(self.midnights) - 1)
        return Period(self.moment(self.midnights[number - 1]), self.moment(self.midnights[number]))

    def starts_in(self, period: Period) -> int:
        """The quarters that begin in a half-open period."""
        return self._span(self.quarter_not_before(period.start), self.quarter_not_before(period.end))

    def touched_by(self, period: Period) -> int:
        """The quarters of which the period takes any part."""
        return self._span(self.quarter(period.start), self.quarter_not_before(period.end))

    def _span(self, start: int, end: int) -> int:
        return span(start, min(end, self.length))

    def days_on_which(self, holds: Callable[[date], object]) -> int:
        """All quarters of the days of which something holds."""
        return sum(span(start, end) for day, start, end in self.days() if holds(day))

    def days_touched(self, bits: int) -> int:
        """All quarters of the days of which any quarter is set."""
        return sum(span(start, end) for _, start, end in self.days() if bits & span(start, end))

    def week(self, week: Week) -> int:
        """The quarters that are open by the clock on the wall."""
        return sum(self._wall_day(week.quarters_on(day), start, end) << start for day, start, end in self.days())

    def _wall_day(self, quarters: int, start: int, end: int) -> int:
        if end - start == WALL_DAY:
            return quarters
        # The clocks change: an hour is missing or comes twice, so each quarter is asked what the wall clock shows.
        return sum(
            (quarters >> wall_quarter(self.moment(quarter).astimezone(self.zone)) & 1) << quarter - start
            for quarter in range(start, end)
        )


@lru_cache(maxsize=256)
def stretch(zone: ZoneInfo, first: date, days: int) -> Stretch:
    """`days` local days from `first` on."""
    midnights = [midnight(first + number * _DAY, zone) for number in range(days + 1)]
    origin = midnights[0]
    return Stretch(zone, first, origin, tuple((moment - origin) // CELL for moment in midnights))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The UTC moment at which a local day begins."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)
