"""Weekdays and the days next to today: "nächsten Mittwoch", "übermorgen", "am Mi"."""

from bot.understanding.dates.almanac import DAY, one_day
from bot.understanding.dates.daynames import DayName, Found
from bot.understanding.dates.kinds import Kind
from bot.understanding.dates.sentence import Sentence
from bot.understanding.dates.tokens import Date


def relative_day(s: Sentence, i: int) -> Found | None:
    shift = s[i].number(Kind.DAY)
    if shift is None or shift < 0 or part_after_day(s, i):
        return None
    return DayName(period=one_day(s.today + shift * DAY)), i + 1


def part_after_day(s: Sentence, i: int) -> bool:
    """Whether a word like "morgen" stands after a day, where it is the morning: "Dienstag morgen", "heute morgen"."""
    return s.has(i, Kind.DAY) and s.has(i, Kind.PART) and s.has(i - 1, Kind.WEEKDAY, Kind.SHORT_WEEKDAY, Kind.DAY)


def weekday_name(s: Sentence, i: int) -> Found | None:
    j, ref = i, None
    if s.has(i, Kind.REF):
        ref, j = s.ref(i), i + 1
        if s.has(j, Kind.REF):
            ref, j = s.ref(j), j + 1
    if ref is not None and ref < 0:
        return None
    weekday = _named_weekday(s, j)
    if weekday is None:
        return None
    j = s.dot(j + 1)
    trailing = s.ref(j)
    if ref is None and trailing == 2 and not s.has(j + 1, Kind.UNIT):
        return DayName(weekday=weekday, ref=2), j + 1
    return DayName(weekday=weekday, ref=ref), j


def _named_weekday(s: Sentence, i: int) -> int | None:
    sure = s[i].number(Kind.WEEKDAY)
    if sure is not None:
        return sure
    short, shy = s[i].number(Kind.SHORT_WEEKDAY), s[i].number(Kind.SHY_WEEKDAY)
    if short is not None and not s.is_short_unknown(i - 1) and (_beside_time(s, i) or len(s) <= 2):
        return short
    after = s.skip(s.dot(i + 1), Kind.ARTICLE)
    if shy is not None and (
        s.dot(i + 1) == len(s) > i + 1 or isinstance(s[after].shape, Date) or _between_weekdays(s, i)
    ):
        return shy
    return None


def _beside_time(s: Sentence, i: int) -> bool:
    """Whether the words on either side of a short weekday speak of time, too."""
    after = s.skip(s.dot(i + 1), Kind.ARTICLE)
    before = s.has(
        i - 1,
        Kind.ON,
        Kind.BOUND,
        Kind.REF,
        Kind.OR,
        Kind.TO,
        Kind.EVERY,
        Kind.BETWEEN,
        Kind.AND,
        Kind.NOT,
        Kind.RATHER,
    )
    return before or s[after].shape is not None or s.has(after, *_TIME_KINDS)


def _between_weekdays(s: Sentence, i: int) -> bool:
    before = s.has(i - 1, Kind.OR, Kind.TO, Kind.AND) and s.has(i - 2, Kind.WEEKDAY, Kind.SHORT_WEEKDAY)
    after = s.has(i + 1, Kind.OR, Kind.TO) and s.has(i + 2, Kind.WEEKDAY, Kind.SHORT_WEEKDAY)
    return before or after or s.has(i - 1, Kind.ON_DAY, Kind.REF)


_TIME_KINDS = (
    Kind.AT, Kind.PART, Kind.REF, Kind.OR, Kind.TO, Kind.BOUND, Kind.DAY, Kind.WEEKDAY, Kind.CLOCK, Kind.AND, Kind.NOT,
    Kind.HALF_TO,
)  # fmt: skip
