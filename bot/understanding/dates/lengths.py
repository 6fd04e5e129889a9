"""Lengths of time from now on or back: "in zwei Stunden", "vor 3 Wochen"."""

from datetime import UTC, datetime, timedelta

from bot.understanding.dates.almanac import DAY
from bot.understanding.dates.daynames import COMING
from bot.understanding.dates.days import whole_day
from bot.understanding.dates.kinds import Kind
from bot.understanding.dates.said import Phrase, Said
from bot.understanding.dates.sentence import Sentence

_CLOCK_UNITS = {"second": 1 / 60, "minute": 1, "hour": 60}
_DAYS_OF = {"day": 1, "week": 7}
_FARTHEST = 60


def past(s: Sentence, i: int) -> Said | None:
    """What is over and no wish: "seit drei Wochen", "vor 2 Tagen", "letzte Woche", "gestern"."""
    if (s[i].number(Kind.DAY) or 0) < 0:
        return Phrase(past=True), s.skip(i + 1, Kind.PART)
    if s.has(i, Kind.SINCE):
        found = whole_day(s, s.skip(i + 1, Kind.ARTICLE, Kind.ON, Kind.AT))
        j = s.skip(i + 1, Kind.ARTICLE, Kind.REF, Kind.APPROXIMATELY)
        if s.quantity(j) is not None and s.has(j + 1, Kind.UNIT):
            return Phrase(past=True), j + 2
        inner = past(s, i + 1)
        return (
            (Phrase(past=True), (found or inner or (None, 0))[1])
            if (found or inner) and s.has(i, Kind.BOUND) is False
            else None
        )
    if s.has(i, Kind.AGO) and s.quantity(i + 1) is not None and s.has(i + 2, Kind.UNIT):
        return Phrase(past=True), i + 3
    if s.quantity(i) is not None and s.has(i + 1, Kind.UNIT) and s.has(i + 2, Kind.AGO_WORD):
        return Phrase(past=True), i + 3
    if (s.ref(i) or 0) < 0 or (s[i].number(Kind.ORDINAL) or 0) < 0:
        j = i + 1 + (s.quantity(i + 1) is not None)
        if s.has(j, Kind.UNIT, Kind.WEEKDAY, Kind.MONTH, Kind.FEAST, Kind.PART):
            return Phrase(past=True), j + 1
    return None


def soon(s: Sentence, i: int) -> Said | None:
    """ "in zwei Stunden", "30 minutes later", "innerhalb der nächsten 3 Stunden"."""
    j = s.skip(i, Kind.WITHIN, Kind.IN)
    within = s.has(i, Kind.WITHIN) and not s.has(i, Kind.IN)
    j = s.skip(j, Kind.ARTICLE, Kind.APPROXIMATELY, Kind.AT)
    following = s.ref(j) in (1, COMING)
    marked = j > i and s.has(i, Kind.WITHIN, Kind.IN)
    j += following
    minutes, k = _minutes(s, j)
    if minutes is None:
        return None
    later = s.has(k, Kind.LATER)
    if not (marked or following or later):
        return None
    moment = _after(s.now, minutes)
    if within or following:
        return Phrase(ends=(s.now, moment)), k
    return Phrase(ends=(moment, moment)), k + later


def put_off(s: Sentence, i: int) -> timedelta | None:
    """How much later than something else, negative if earlier: "eine Stunde später", "am Tag davor"."""
    if s.has(i, Kind.DAY_AFTER, Kind.DAY_BEFORE):
        return DAY if s.has(i, Kind.DAY_AFTER) else -DAY
    minutes, k = _minutes(s, i)
    if minutes is None:
        days, count = _DAYS_OF.get(s[i + 1].name(Kind.UNIT) or ""), s.quantity(i)
        if days is None or count is None or not 1 <= count <= _FARTHEST:
            return None
        minutes, k = days * count * 24 * 60, i + 2
    if s.has(k, Kind.PUT_OFF):
        return timedelta(minutes=minutes)
    return timedelta(minutes=-minutes) if s.has(k, Kind.BROUGHT_FORWARD) else None


def _minutes(s: Sentence, i: int) -> tuple[float | None, int]:
    """A length of time shorter than a day, in minutes."""
    at = s.skip(i, Kind.QUANTITY)
    half = s[at].name(Kind.HALF_UNIT)
    if half in _CLOCK_UNITS:
        return _CLOCK_UNITS[half] / 2, at + 1
    if s.has(i, Kind.THREE_QUARTERS):
        j = s.skip(i + 1, Kind.ARTICLE, Kind.OF, Kind.QUANTITY)
        return (45, j + 1) if s[j].name(Kind.UNIT) == "hour" else (None, i)
    count, j = s.quantity(i), i + 1
    if s.quantity(j) is not None and s.has(j, Kind.QUANTITY):
        count, j = s.quantity(j), j + 1
    extra = 0.0
    half_after = s.skip(j + 1, Kind.ARTICLE, Kind.QUANTITY)
    if s.has(j, Kind.AND) and s.has(half_after, Kind.HALF_PAST, Kind.HALF_TO):
        extra, j = 0.5, half_after + 1
    unit = s[j].name(Kind.UNIT)
    if unit is None and s.has(j, Kind.OCLOCK) and s.has(i - 1, Kind.IN, Kind.WITHIN):
        unit = "hour"
    if count is None and s.has(i - 1, Kind.REF) and s[i].name(Kind.UNIT) == "hour":
        return 60, i + 1
    if count is None or unit not in _CLOCK_UNITS or count > 10_000:
        return None, i
    return (count + extra) * _CLOCK_UNITS[unit], j + 1


def _after(now: datetime, minutes: float) -> datetime:
    return (now.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(now.tzinfo)
