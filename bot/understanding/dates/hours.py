"""The hours of a day that suit: a moment, a stretch, a part of the day."""

from dataclasses import dataclass
from datetime import time

from bot.understanding.dates.faces import MIDNIGHT, NOON, Clock
from bot.understanding.dates.lexicon import Part


@dataclass(frozen=True)
class Hours:
    """From `start` to `end`, an open side None, or twice one clock for a moment; within the `part` if one was said."""

    start: Clock | None = None
    end: Clock | None = None
    part: Part | None = None

    @property
    def is_moment(self) -> bool:
        return self.start is not None and self.start == self.end

    def joined(self, other: "Hours") -> "Hours | None":
        """Both as one ("nachmittags" and "um drei"), or None if each stands for itself."""
        if self == other:
            return self
        if (self.start and other.start) or (self.end and other.end):
            return None
        part = self.part or other.part
        if self.part and other.part:
            part = _narrower(self.part, other.part)
            if part is None:
                return None
        return Hours(self.start or other.start, self.end or other.end, part)

    def minutes(self, *, past: int = -1) -> tuple[int, int]:
        """The minutes of the day, half-open. Of two readings of a clock the one after `past` is meant."""
        half = self.part.half if self.part else None
        if self.start is None and self.end is None:
            return (self.part.start, self.part.end) if self.part else (0, MIDNIGHT)
        if self.start is not None and self.is_moment:
            moment = _later(self.start, self.start.settled(half), past)
            return moment, moment
        if self.start is not None and self.end is not None:
            return _stretch(self.start, self.end, half, past)
        low, high = (self.part.start, self.part.end) if self.part else (0, MIDNIGHT)
        if self.start is not None:
            low = _later(self.start, self.start.settled(half), past)
        if self.end is not None:
            high = self.end.settled(half)
        return (low, high) if low < high else (low, MIDNIGHT)


def _narrower(one: Part, two: Part) -> Part | None:
    """The part that lies within the other: "first thing" of the morning."""
    if one.start <= two.start and two.end <= one.end:
        return two
    return one if two.start <= one.start and one.end <= two.end else None


def _later(clock: Clock, minute: int, past: int) -> int:
    ambiguous = not clock.sure and minute <= past and minute < NOON
    return minute + NOON if ambiguous and minute + NOON > past else minute


def _stretch(first: Clock, last: Clock, half: str | None, past: int) -> tuple[int, int]:
    """Two clocks settled together: "3-6 pm", "11 to 4", "zwischen 4 und 7"."""
    if last.minute == 0:
        last = Clock(MIDNIGHT, sure=True)
    if last.sure and not first.sure:
        low = first.settled("pm") if last.minute > NOON else first.settled(half)
        if low >= last.minute:
            low = first.minute
        return (low, last.minute) if low < last.minute else (last.minute - 60, last.minute)
    low = _later(first, first.settled(half), past)
    high = last.settled(half)
    if not last.sure and high <= low:
        high = last.minute if last.minute > low else last.minute + NOON
    if not last.sure and low >= NOON > last.minute and last.minute + NOON > low:
        high = last.minute + NOON
    return (low, min(high, MIDNIGHT)) if low < high else (low, MIDNIGHT)


def time_at(minute: int) -> time:
    """The time of day; `time.max` for midnight at its end."""
    return time.max if minute >= MIDNIGHT else time(minute // 60, minute % 60)


def around(clock: Clock, before: int, after: int) -> Hours:
    """Shortly past or to a clock time."""
    minute = clock.settled()
    return Hours(Clock(max(0, minute - before), sure=True), Clock(min(MIDNIGHT, minute + after), sure=True))
