"""What a clock shows, as it is written or said: "halb drei", "17h10", "quarter past 6", "1430"."""

from dataclasses import dataclass

from bot.understanding.dates.kinds import Kind
from bot.understanding.dates.sentence import Sentence
from bot.understanding.dates.tokens import Date, Face, Whole

NOON = 12 * 60
MIDNIGHT = 24 * 60
_EARLIEST_MORNING_HOUR = 7 * 60


@dataclass(frozen=True)
class Clock:
    """A minute of the day as it was said; not `sure` if it could be in the morning or in the afternoon.

    `bare` marks a lone number, which only its neighbours make a time.
    """

    minute: int
    sure: bool = False
    bare: bool = False

    def settled(self, half: str | None = None) -> int:
        """The minute meant. Without a hint, 1 to 6 are afternoon: no workshop opens before seven."""
        if self.sure:
            return self.minute
        if half == "night":
            half = "pm" if self.minute >= 5 * 60 and self.minute < NOON else "am"
            return self.minute % NOON + (NOON if half == "pm" else 0)
        if half == "pm":
            return self.minute % NOON + NOON
        if half == "am":
            return self.minute
        return self.minute + NOON if 60 <= self.minute < _EARLIEST_MORNING_HOUR else self.minute

    def in_half(self, half: str) -> "Clock":
        return Clock(self.settled(half), sure=True)


def face(s: Sentence, i: int, marked: bool) -> tuple[Clock, int] | None:
    """A clock time at `i`, in words or figures; `marked` says that "um" or the like stands before it."""
    return _named(s, i) or _spoken(s, i) or _figures(s, i, marked) or _words(s, i)


def _named(s: Sentence, i: int) -> tuple[Clock, int] | None:
    name = s[i].name(Kind.CLOCK)
    if name is None:
        return None
    hour, minute = name.split(":")
    return Clock(int(hour) * 60 + int(minute), sure=True), i + 1


def _spoken(s: Sentence, i: int) -> tuple[Clock, int] | None:
    """Half, quarters and minutes past or to the hour."""
    if s.has(i, Kind.HALF_TO):
        return _hour(s, i + 1, -30)
    if s.has(i, Kind.HALF_PAST):
        return _hour(s, i + 1, 30)
    if s.has(i, Kind.THREE_QUARTERS):
        return _hour(s, i + 1, -15)
    if s.has(i, Kind.QUARTER):
        j = i + 1
        if s.has(j, Kind.PAST):
            return _hour(s, j + 1, 15)
        if s.has(j, Kind.HOUR_TO):
            return _hour(s, j + 1, -15)
        return _hour(s, j, -45)
    minutes = s.whole(i)
    if minutes is None or not 1 <= minutes <= 40 or (isinstance(s[i].shape, Whole) and _dotted(s, i)):
        return None
    j = s.skip(i + 1, Kind.MINUTES_WORD)
    if s.has(j, Kind.PAST):
        return _hour(s, j + 1, minutes)
    if s.has(j, Kind.HOUR_TO) and (
        not s.has(j, Kind.TO) or j > i + 1 or s.has(i - 1, Kind.AT) or _spelt_out(s, i, minutes)
    ):
        return _hour(s, j + 1, -minutes)
    return None


def _spelt_out(s: Sentence, i: int, minutes: int) -> bool:
    """ "twenty to nine" is a clock time, "8 to 9" and "from five to six" are ranges."""
    return s[i].shape is None and minutes % 5 == 0 and minutes >= 10 and not s.has(i - 1, Kind.BETWEEN)


def _hour(s: Sentence, i: int, shift: int) -> tuple[Clock, int] | None:
    """An hour, moved by some minutes; "fünf vor halb drei" moves a half hour."""
    if s.has(i, Kind.HALF_TO):
        found = _hour(s, i + 1, -30)
        return (Clock((found[0].minute + shift) % MIDNIGHT, found[0].sure), found[1]) if found else None
    named = _named(s, i)
    if named:
        return Clock((named[0].minute + shift) % MIDNIGHT, sure=True), named[1]
    hour = s.whole(i)
    if hour is None or not 1 <= hour <= 24 or (s.has(i + 1, Kind.UNIT) and not s.has(i + 1, Kind.OCLOCK)):
        return None
    minute = (hour * 60 + shift) % MIDNIGHT
    if hour == 12 and shift < 0 and minute < NOON:
        return Clock(minute), i + 1
    return Clock(minute, sure=hour > 12), i + 1


def _figures(s: Sentence, i: int, marked: bool) -> tuple[Clock, int] | None:
    """ "9:30", "9.30 Uhr", "15h", "17h10", "15 Uhr 20", "1430"."""
    shape = s[i].shape
    if (
        isinstance(shape, Date)
        and shape.face is not None
        and (marked or (len(s) == 1 and not shape.day) or s.has(i + 1, Kind.OCLOCK, Kind.HALF_DAY))
    ):
        shape = shape.face
    if isinstance(shape, Face):
        return Clock(shape.hour * 60 + shape.minute, sure=shape.zero or shape.hour > 12 or shape.hour == 0), i + 1
    if not isinstance(shape, Whole):
        return None
    value = shape.value
    if shape.digits in (3, 4) and value // 100 <= 24 and value % 100 < 60:
        if s.has(i + 1, Kind.OCLOCK, Kind.HALF_DAY) or (s.has(i - 1, Kind.AT) and not 1990 <= value <= 2039):
            return Clock(
                value // 100 * 60 + value % 100, sure=value >= 1300 or (shape.digits == 4 and value < 1000)
            ), i + 1
        return None
    if value > 24 or shape.digits > 2:
        return None
    sure = value > 12 or value == 0 or (shape.digits == 2 and value < 10)
    if s.has(i + 1, Kind.HALF_AFTER_HOUR):
        return Clock(value * 60 + 30, sure), i + 2
    if s.has(i + 1, Kind.OCLOCK):
        after = _minutes(s, i + 2)
        return (Clock(value * 60 + (after or 0), sure), i + 2 + (after is not None))
    return Clock(value * 60, sure, bare=not s.has(i + 1, Kind.HALF_DAY)), i + 1


def _minutes(s: Sentence, i: int) -> int | None:
    """The minutes of "15 Uhr 20", unless they begin something else ("15 Uhr 20. Mai", "10 Uhr 3 Reifen")."""
    minutes = s.whole(i)
    shape = s[i].shape
    long_enough = (isinstance(shape, Whole) and shape.digits == 2) or (shape is None and (minutes or 0) >= 5)
    if minutes is None or not long_enough or minutes > 59 or s.has(i + 1, Kind.COUNTED, Kind.MONTH, Kind.UNIT):
        return None
    return minutes


def _words(s: Sentence, i: int) -> tuple[Clock, int] | None:
    """ "acht Uhr", "eight forty", "seven"."""
    hour = s[i].number(Kind.NUMBER)
    if hour is None and s.has(i + 1, Kind.OCLOCK):
        hour = s[i].number(Kind.QUANTITY)
    if hour is None or not 0 <= hour <= 24:
        return None
    if s.has(i + 1, Kind.OCLOCK):
        after = _minutes(s, i + 2)
        return Clock(hour * 60 + (after or 0), hour > 12), i + 2 + (after is not None)
    if s.has(i + 1, Kind.HALF_AFTER_HOUR):
        return Clock(hour * 60 + 30, hour > 12), i + 2
    minutes = s[i + 1].number(Kind.NUMBER)
    if (
        minutes is not None
        and 10 <= minutes <= 59
        and hour >= 1
        and not s.has(i + 2, Kind.COUNTED, Kind.UNIT, Kind.MONTH)
    ):
        return Clock(hour * 60 + minutes, hour > 12), i + 2
    return Clock(hour * 60, hour > 12, bare=not s.has(i + 1, Kind.HALF_DAY)), i + 1


def _dotted(s: Sentence, i: int) -> bool:
    shape = s[i].shape
    return isinstance(shape, Whole) and shape.dotted
