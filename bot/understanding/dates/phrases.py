"""Phrases that name a time: a day, a clock, a range ("vom 4. bis zum 23."), a bound ("ab Freitag 14 Uhr")."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.understanding.dates.almanac import DAY, one_day
from bot.understanding.dates.clocks import Clock, clock, part
from bot.understanding.dates.daynames import COMING, DayName
from bot.understanding.dates.days import day, whole_day
from bot.understanding.dates.hours import Hours, around
from bot.understanding.dates.lexicon import Kind
from bot.understanding.dates.sentence import Sentence
from bot.understanding.dates.tokens import Whole

_CLOCK_UNITS = {"second": 1 / 60, "minute": 1, "hour": 60}


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
class Phrase:
    """What one phrase says: days, hours or both. `ends` are exact moments, an open side None."""

    days: DayName | DayRange | None = None
    hours: Hours | None = None
    every: frozenset[int] = frozenset()
    ends: tuple[datetime | None, datetime | None] | None = None
    edges: "tuple[_Endpoint | None, _Endpoint | None] | None" = None
    past: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether this names exact moments, which nothing else narrows."""
        return self.ends is not None or self.edges is not None


@dataclass(frozen=True)
class _Endpoint:
    """One end of a range: a day, a clock, or both; `number` is a lone number that its neighbours explain."""

    day: DayName | None = None
    clock: Clock | None = None
    number: int | None = None
    part_end: Clock | None = None


Found = tuple[Phrase, int]


def phrase(s: Sentence, i: int, *, beside_day: bool) -> Found | None:
    """The longest phrase about time at `i`. `beside_day` says that a day was named just before."""
    if not s[i].meanings and s[i].shape is None:
        return None
    best: Found | None = None
    for found in (
        _past(s, i),
        _range(s, i, beside_day),
        _bounded(s, i),
        _soon(s, i),
        _every(s, i),
        _day_part(s, i),
        _day(s, i),
        _hours(s, i, beside_day),
    ):
        if found is not None and (best is None or found[1] > best[1]):
            best = found
    return best


def _day(s: Sentence, i: int) -> Found | None:
    found = day(s, i)
    return (Phrase(days=found[0]), found[1]) if found else None


def _every(s: Sentence, i: int) -> Found | None:
    """ "montags", "jeden Dienstag", "werktags"."""
    if s.has(i, Kind.EVERY_WEEKDAY):
        return Phrase(every=_weekdays(s, i)), i + 1
    if s.has(i, Kind.EVERY) and s.has(i + 1, Kind.WEEKDAY):
        return Phrase(every=frozenset({s[i + 1].number(Kind.WEEKDAY) or 0})), i + 2
    return None


def _weekdays(s: Sentence, i: int) -> frozenset[int]:
    one, several = s[i].number(Kind.EVERY_WEEKDAY), s[i].name(Kind.EVERY_WEEKDAY)
    if several is None:
        return frozenset({one or 0})
    first, last = several.split("-")
    return frozenset(range(int(first), int(last) + 1))


def _hours(s: Sentence, i: int, beside_day: bool) -> Found | None:
    if s.has(i, Kind.SHORTLY_PAST, Kind.SHORTLY_TO):
        found = clock(s, i + 1, bare=True)
        if found:
            past = s.has(i, Kind.SHORTLY_PAST)
            return Phrase(hours=around(found[0], 0 if past else 30, 30 if past else 0)), found[1]
    said = clock(s, i, bare=beside_day or _before_day(s, i))
    if said is not None and not (said[0].bare and _is_dotted(s, i)):
        moment = replace(said[0], bare=False)
        return Phrase(hours=Hours(moment, moment)), said[1]
    half = s[i].name(Kind.HALF_DAY) if beside_day else None
    if half is not None:
        return Phrase(hours=Hours(part=s.lexicon.parts["morning" if half == "am" else "afternoon"])), s.dot(i + 1)
    spoken = part(s, i)
    return (Phrase(hours=Hours(part=spoken[0])), spoken[1]) if spoken else None


def _day_part(s: Sentence, i: int) -> Found | None:
    """ "tonight", "this morning", "next evening"."""
    named = s[i].name(Kind.DAY_PART)
    if named is not None:
        shift, _, name = named.partition(" ")
        return _part_of(s, int(shift), name), i + 1
    ref, name_after = s.ref(i), s[i + 1].name(Kind.PART)
    if ref not in (0, 1, COMING) or name_after is None:
        return None
    return _part_of(s, min(ref, 1), name_after), i + 2


def _part_of(s: Sentence, shift: int, name: str) -> Phrase:
    day_name = DayName(period=one_day(s.today + shift * DAY))
    return Phrase(days=day_name, hours=Hours(part=s.lexicon.parts[name]))


def _is_dotted(s: Sentence, i: int) -> bool:
    shape = s[i].shape
    return isinstance(shape, Whole) and shape.dotted and s[i + 1].key != ""


def _before_day(s: Sentence, i: int) -> bool:
    """Whether a lone number stands right before a day or after a part of the day: "9 tomorrow", "evening 4"."""
    j = s.skip(i + 1, Kind.IN, Kind.ON)
    after_part = s.has(i - 1, Kind.PART) and not s.has(i - 1, Kind.DAY)
    return after_part or s.has(j, Kind.DAY, Kind.DAY_PART) or (s.has(j, Kind.REF) and s.has(j + 1, Kind.PART))


def _past(s: Sentence, i: int) -> Found | None:
    """What is over and no wish: "seit drei Wochen", "vor 2 Tagen", "letzte Woche", "gestern"."""
    if (s[i].number(Kind.DAY) or 0) < 0:
        return Phrase(past=True), s.skip(i + 1, Kind.PART)
    if s.has(i, Kind.SINCE):
        found = whole_day(s, s.skip(i + 1, Kind.ARTICLE, Kind.ON, Kind.AT))
        j = s.skip(i + 1, Kind.ARTICLE, Kind.REF, Kind.APPROXIMATELY)
        if s.quantity(j) is not None and s.has(j + 1, Kind.UNIT):
            return Phrase(past=True), j + 2
        inner = _past(s, i + 1)
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


def _soon(s: Sentence, i: int) -> Found | None:
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


def _minutes(s: Sentence, i: int) -> tuple[float | None, int]:
    """A length of time shorter than a day, in minutes."""
    half = s[i].name(Kind.HALF_UNIT)
    if half in _CLOCK_UNITS:
        return _CLOCK_UNITS[half] / 2, i + 1
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
    if unit is None and s.has(j, Kind.OCLOCK) and s[j].key == "h" and s.has(i - 1, Kind.IN, Kind.WITHIN):
        unit = "hour"
    if count is None and s.has(i - 1, Kind.REF) and s[i].name(Kind.UNIT) == "hour":
        return 60, i + 1
    if count is None or unit not in _CLOCK_UNITS or count > 10_000:
        return None, i
    return (count + extra) * _CLOCK_UNITS[unit], j + 1


def _after(now: datetime, minutes: float) -> datetime:
    return (now.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(now.tzinfo)


def _endpoint(s: Sentence, i: int) -> tuple[_Endpoint, int] | None:
    """A day and a clock in either order, or only one of them."""
    return s.remembered(_read_endpoint, i)


def _read_endpoint(s: Sentence, i: int) -> tuple[_Endpoint, int] | None:
    i = s.skip(i, Kind.ARTICLE, Kind.ON)
    named = whole_day(s, i)
    number = s.whole(i)
    if named is None and number is not None and s.has(i + 1, Kind.ORDINAL_SUFFIX):
        named = DayName(day=number) if 1 <= number <= 31 else None, i + 2  # type: ignore[assignment]
    if named is None or (named[0].day is not None and (clock(s, i) or (None, -1))[1] > named[1]):
        return _clock_end(s, i)
    j = s.skip(named[1], Kind.ARTICLE)
    told = clock(s, j)
    if told is not None and not told[0].bare:
        return _Endpoint(named[0], told[0]), told[1]
    return _Endpoint(named[0]), named[1]


def _clock_end(s: Sentence, i: int) -> tuple[_Endpoint, int] | None:
    shape, ordinal = s[i].shape, s[i].number(Kind.ORDINAL)
    if (
        isinstance(shape, Whole)
        and shape.dotted
        and 1 <= shape.value <= 31
        and not s.has(i + 1, Kind.OCLOCK, Kind.HALF_DAY)
    ):
        return _Endpoint(number=shape.value, day=DayName(day=shape.value)), i + 1
    if ordinal is not None and ordinal > 0 and not s.has(i + 1, Kind.UNIT, Kind.WEEKDAY):
        return _Endpoint(number=ordinal, day=DayName(day=ordinal)), i + 1
    told = clock(s, i, bare=True)
    if told is None:
        number = s.whole(i)
        if number is not None and 1 <= number <= 31 and not s.has(i + 1, Kind.COUNTED, Kind.UNIT):
            return _Endpoint(number=number), i + 1
        spoken = part(s, i)
        if spoken is None:
            return None
        hours = spoken[0]
        return _Endpoint(clock=Clock(hours.start, sure=True), part_end=Clock(hours.end, sure=True)), spoken[1]
    bare = told[0].bare
    number = s.whole(i) if bare else None
    j = s.skip(told[1], Kind.ON, Kind.ARTICLE)
    named = whole_day(s, j)
    if named is not None and named[0].is_day and not (bare and named[0].month):
        return _Endpoint(named[0], told[0], number), named[1]
    return _Endpoint(clock=told[0], number=number), told[1]


def _range(s: Sentence, i: int, beside_day: bool) -> Found | None:
    """ "von Montag 7 Uhr bis Freitag 15 Uhr", "zwischen 4 und 6", "13 bis 15 Juli", "9:30 - 11:00"."""
    explicit = s.has(i, Kind.BETWEEN)
    left = _endpoint(s, i + 1 if explicit else i)
    if left is None:
        return None
    j = left[1] + (s[left[1]].key == ",")
    if not (s.has(j, Kind.TO) or (explicit and s.has(j, Kind.AND))) or (s.has(j, Kind.AND) and not explicit):
        return None
    j = s.skip(j, Kind.TO, Kind.BETWEEN, Kind.AND)
    right = _endpoint(s, s.skip(j, Kind.BOUND))
    if right is None:
        return None
    at_end = s[right[1]].key == "" and right[0].day is not None and right[0].day.only_day
    if left[0].clock and not left[0].day and at_end:
        right = _as_clock(right[0]), right[1]
    moved = explicit and s.has(left[1], Kind.MOVED_TO) and any(Kind.MOVE in term.meanings for term in s.terms)
    if moved and right[0].day is not None:
        return Phrase(days=right[0].day), right[1]
    return _between(s, left[0], right[0], right[1], firm=explicit or beside_day)


def _as_clock(end: _Endpoint) -> _Endpoint:
    """The number before a full stop, which is no ordinal after a clock: "11-4."."""
    number = (end.day.day if end.day else None) or 0
    return _Endpoint(clock=Clock(number * 60, sure=number > 12, bare=True), number=number) if number <= 24 else end


def _between(s: Sentence, first: _Endpoint, last: _Endpoint, end: int, *, firm: bool) -> Found | None:
    first, last, end = _as_days(s, first, last, end)
    if first.day and last.day and (first.clock is None or first.number) and (last.clock is None or last.number):
        return Phrase(days=DayRange(first.day, last.day)), end
    if first.clock and last.clock and first.day and last.day and first.day != last.day:
        return Phrase(edges=(first, last)), end
    if first.clock is None or last.clock is None:
        return None
    if not firm and first.clock.bare and last.clock.bare:
        return None
    if s.has(end, Kind.COUNTED, Kind.UNIT) and last.clock.bare:
        return None
    start, stop = replace(first.clock, bare=False), replace(last.clock, bare=False)
    if start == stop:
        return None
    return Phrase(days=first.day or last.day, hours=Hours(start, stop)), end


def _as_days(s: Sentence, first: _Endpoint, last: _Endpoint, end: int) -> tuple[_Endpoint, _Endpoint, int]:
    """Lone numbers beside a month are days: "13 bis 15 Juli", "July 13 to 15", "4-23 in next month"."""
    if (
        last.day
        and last.clock is None
        and last.day.day
        and first.number
        and first.clock
        and first.clock.bare | (not first.day)
    ):
        first = _Endpoint(day=DayName(day=first.number))
    if first.day and first.clock is None and first.day.day and last.number and (last.clock is None or last.clock.bare):
        last = _Endpoint(day=DayName(day=last.number))
    if first.number and last.number and not (first.day and last.day):
        following = day(s, s.skip(end, Kind.IN, Kind.OF, Kind.ARTICLE, Kind.ON))
        if following and not following[0].is_day and (following[0].month or _is_month(following[0])):
            return _Endpoint(DayName(day=first.number)), _Endpoint(DayName(day=last.number)), end
    if first.number and first.clock is None and last.day:
        first = _Endpoint(day=DayName(day=first.number))
    return first, last, end


def _is_month(name: DayName) -> bool:
    return name.period is not None and name.period.grain.value == "month" and name.edge is None


def _bounded(s: Sentence, i: int) -> Found | None:
    """ "ab 14 Uhr", "vor dem Wochenende", "spätestens Freitag", "3 pm or later"."""
    bound = s[i].name(Kind.BOUND)
    j = i + 1
    if bound is not None and s.has(i, Kind.EDGE) and s.has(i + 1, Kind.OF, Kind.REF):
        return None
    if bound is None:
        found = _endpoint(s, i) if s[i].meanings or s[i].shape else None
        trailing = s[s.skip(found[1], Kind.ON)].name(Kind.TRAILING_BOUND) if found else None
        if found is None or trailing is None:
            return None
        return _bound(found[0], trailing, found[1] + 1)
    while s.has(j, Kind.BOUND):
        j += 1
    found = _endpoint(s, s.skip(j, Kind.APPROXIMATELY))
    if found is None or _counts(s, found) or _in_a_plate(s, i, found[0]):
        return None
    second = s[found[1]].name(Kind.TRAILING_BOUND)
    return _bound(found[0], bound, found[1] + (second == bound))


def _counts(s: Sentence, found: tuple[_Endpoint, int]) -> bool:
    """Whether the number counts something else: "ab 10 Euro", "nach 60.000 km"."""
    told = found[0].clock
    return found[0].day is None and (told is None or told.bare) and s.has(found[1], Kind.COUNTED, Kind.UNIT)


def _in_a_plate(s: Sentence, i: int, end: _Endpoint) -> bool:
    """ "K AB 12" is a plate, no "ab 12"."""
    told = end.clock
    return end.day is None and (told is None or told.bare) and s.is_short_unknown(i - 1)


def _bound(end: _Endpoint, bound: str, j: int) -> Found | None:
    told = replace(end.clock, bare=False) if end.clock else None
    if end.part_end is not None and bound == "after":
        told = end.part_end
    from_here = bound in ("from", "after")
    if told is not None and end.day is not None and end.number is None:
        exact = _Endpoint(end.day, told)
        return Phrase(edges=(exact, None) if from_here else (None, exact)), j
    if end.day is not None:
        days = (
            DayRange(end.day, None, after=bound == "after")
            if from_here
            else DayRange(None, end.day, before=bound == "before")
        )
        return Phrase(days=days), j
    if told is None:
        return None
    return Phrase(hours=Hours(start=told) if from_here else Hours(end=told)), j
