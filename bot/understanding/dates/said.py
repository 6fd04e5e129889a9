"""What a phrase about time says, before anyone asks which day of the calendar it is."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot.understanding.dates.daynames import DayName
from bot.understanding.dates.faces import Clock
from bot.understanding.dates.hours import Hours


@dataclass(frozen=True)
class DayRange:
    """Days from one to another, an open side None. `after` and `before` leave out the named days themselves."""

    first: DayName | None
    last: DayName | None
    after: bool = False
    before: bool = False

    def joined(self, other: DayName) -> "DayRange | None":
        """The range within the period that was named elsewhere ("nächsten Monat vom 4. bis zum 23.")."""
        if other.is_day:
            return None
        first = self.first.joined(other) if self.first else None
        last = self.last.joined(other) if self.last else None
        return replace(self, first=first, last=last) if (first or not self.first) and (last or not self.last) else None


@dataclass(frozen=True)
class Endpoint:
    """One end of a range: a day, a clock, or both; `number` is a lone number that its neighbours explain."""

    day: DayName | None = None
    clock: Clock | None = None
    number: int | None = None
    part_end: Clock | None = None


@dataclass(frozen=True)
class Phrase:
    """What one phrase says: days, hours or both. `ends` are exact moments, an open side None."""

    days: DayName | DayRange | None = None
    hours: Hours | None = None
    every: frozenset[int] = frozenset()
    ends: tuple[datetime | None, datetime | None] | None = None
    edges: "tuple[Endpoint | None, Endpoint | None] | None" = None
    past: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether this names exact moments, which nothing else narrows."""
        return self.ends is not None or self.edges is not None


Said = tuple[Phrase, int]
