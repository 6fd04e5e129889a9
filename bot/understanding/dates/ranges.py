"""Ranges and bounds of days and clock times: "vom 4. bis zum 23.", "ab Freitag 14 Uhr"."""

from dataclasses import replace

from bot.understanding.dates.clocks import clock, part
from bot.understanding.dates.daynames import DayName
from bot.understanding.dates.days import day, whole_day
from bot.understanding.dates.faces import Clock
from bot.understanding.dates.hours import Hours
from bot.understanding.dates.kinds import Kind
from bot.understanding.dates.said import DayRange, Endpoint, Phrase, Said
from bot.understanding.dates.sentence import Sentence
from bot.understanding.dates.tokens import Whole
from bot.understanding.meaning import Grain


def endpoint(s: Sentence, i: int) -> tuple[Endpoint, int] | None:
    """A day and a clock in either order, or only one of them."""
    return s.remembered(_read_endpoint, i)


def _read_endpoint(s: Sentence, i: int) -> tuple[Endpoint, int] | None:
    i = s.skip(i, Kind.ARTICLE, Kind.ON)
    named = whole_day(s, i)
    number = s.whole(i)
    if named is None and number is not None and 1 <= number <= 31 and s.has(i + 1, Kind.ORDINAL_SUFFIX):
        named = DayName(day=number), i + 2
    if named is None or (named[0].day is not None and (clock(s, i) or (None, -1))[1] > named[1]):
        return _clock_end(s, i)
    j = s.skip(named[1], Kind.ARTICLE)
    told = clock(s, j)
    if told is not None and not told[0].bare:
        return Endpoint(named[0], told[0]), told[1]
    return Endpoint(named[0]), named[1]


def _clock_end(s: Sentence, i: int) -> tuple[Endpoint, int] | None:
    shape, ordinal = s[i].shape, s[i].number(Kind.ORDINAL)
    dotted = isinstance(shape, Whole) and shape.dotted and not s.has(i + 1, Kind.OCLOCK, Kind.HALF_DAY)
    if dotted and isinstance(shape, Whole) and 1 <= shape.value <= 31:
        return Endpoint(number=shape.value, day=DayName(day=shape.value)), i + 1
    if ordinal is not None and ordinal > 0 and not s.has(i + 1, Kind.UNIT, Kind.WEEKDAY):
        return Endpoint(number=ordinal, day=DayName(day=ordinal)), i + 1
    told = clock(s, i, bare=True)
    if told is None:
        number = s.whole(i)
        if number is not None and 1 <= number <= 31 and not s.has(i + 1, Kind.COUNTED, Kind.UNIT):
            return Endpoint(number=number), i + 1
        spoken = part(s, i)
        if spoken is None:
            return None
        hours = spoken[0]
        return Endpoint(clock=Clock(hours.start, sure=True), part_end=Clock(hours.end, sure=True)), spoken[1]
    bare = told[0].bare
    number = s.whole(i) if bare else None
    j = s.skip(told[1], Kind.ON, Kind.ARTICLE)
    named = whole_day(s, j)
    if named is not None and named[0].is_day and not (bare and named[0].month):
        return Endpoint(named[0], told[0], number), named[1]
    return Endpoint(clock=told[0], number=number), told[1]


def range_of_time(s: Sentence, i: int, beside_day: bool) -> Said | None:
    """ "von Montag 7 Uhr bis Freitag 15 Uhr", "zwischen 4 und 6", "13 bis 15 Juli", "9:30 - 11:00"."""
    explicit = s.has(i, Kind.BETWEEN)
    left = endpoint(s, i + 1 if explicit else i)
    if left is None:
        return None
    j = left[1] + (s[left[1]].key == ",")
    if not (s.has(j, Kind.TO) or (explicit and s.has(j, Kind.AND))) or (s.has(j, Kind.AND) and not explicit):
        return None
    j = s.skip(j, Kind.TO, Kind.BETWEEN, Kind.AND)
    right = endpoint(s, s.skip(j, Kind.BOUND))
    if right is None:
        return None
    at_end = s[right[1]].key == "" and right[0].day is not None and right[0].day.only_day
    if left[0].clock and not left[0].day and at_end:
        right = _as_clock(right[0]), right[1]
    moved = explicit and s.has(left[1], Kind.MOVED_TO) and any(Kind.MOVE in term.meanings for term in s.terms)
    if moved and right[0].day is not None:
        return Phrase(days=right[0].day), right[1]
    return _between(s, left[0], right[0], right[1], firm=explicit or beside_day)


def _as_clock(end: Endpoint) -> Endpoint:
    """The number before a full stop, which is no ordinal after a clock: "11-4."."""
    number = (end.day.day if end.day else None) or 0
    return Endpoint(clock=Clock(number * 60, sure=number > 12, bare=True), number=number) if number <= 24 else end


def _between(s: Sentence, first: Endpoint, last: Endpoint, end: int, *, firm: bool) -> Said | None:
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


def _as_days(s: Sentence, first: Endpoint, last: Endpoint, end: int) -> tuple[Endpoint, Endpoint, int]:
    """Lone numbers beside a month are days: "13 bis 15 Juli", "July 13 to 15", "4-23 in next month"."""
    lone_first = first.number and first.clock and (first.clock.bare or not first.day)
    if lone_first and last.day and last.day.day and last.clock is None:
        first = Endpoint(day=DayName(day=first.number))
    if first.day and first.clock is None and first.day.day and last.number and (last.clock is None or last.clock.bare):
        last = Endpoint(day=DayName(day=last.number))
    if first.number and last.number and not (first.day and last.day):
        following = day(s, s.skip(end, Kind.IN, Kind.OF, Kind.ARTICLE, Kind.ON))
        if following and not following[0].is_day and (following[0].month or _is_month(following[0])):
            return Endpoint(DayName(day=first.number)), Endpoint(DayName(day=last.number)), end
    if first.number and first.clock is None and last.day:
        first = Endpoint(day=DayName(day=first.number))
    return first, last, end


def _is_month(name: DayName) -> bool:
    return name.period is not None and name.period.grain is Grain.MONTH and name.edge is None


def bounded(s: Sentence, i: int) -> Said | None:
    """ "ab 14 Uhr", "vor dem Wochenende", "spätestens Freitag", "3 pm or later"."""
    bound = s[i].name(Kind.BOUND)
    j = i + 1
    if bound is not None and s.has(i, Kind.EDGE) and s.has(i + 1, Kind.OF, Kind.REF):
        return None
    if bound is None:
        found = endpoint(s, i) if s[i].meanings or s[i].shape else None
        trailing = s[s.skip(found[1], Kind.ON)].name(Kind.TRAILING_BOUND) if found else None
        if found is None or trailing is None:
            return None
        return _bound(found[0], trailing, found[1] + 1)
    j = s.skip(j, Kind.BOUND)
    found = endpoint(s, s.skip(j, Kind.APPROXIMATELY))
    if found is None or _counts(s, found) or _in_a_plate(s, i, found[0]):
        return None
    second = s[found[1]].name(Kind.TRAILING_BOUND)
    return _bound(found[0], bound, found[1] + (second == bound))


def _counts(s: Sentence, found: tuple[Endpoint, int]) -> bool:
    """Whether the number counts something else: "ab 10 Euro", "nach 60.000 km"."""
    told = found[0].clock
    return found[0].day is None and (told is None or told.bare) and s.has(found[1], Kind.COUNTED, Kind.UNIT)


def _in_a_plate(s: Sentence, i: int, end: Endpoint) -> bool:
    """ "K AB 12" is a plate, no "ab 12"."""
    told = end.clock
    return end.day is None and (told is None or told.bare) and s.is_short_unknown(i - 1)


def _bound(end: Endpoint, bound: str, j: int) -> Said | None:
    told = replace(end.clock, bare=False) if end.clock else None
    if end.part_end is not None and bound == "after":
        told = end.part_end
    from_here = bound in ("from", "after")
    if told is not None and end.day is not None and end.number is None:
        exact = Endpoint(end.day, told)
        return Phrase(edges=(exact, None) if from_here else (None, exact)), j
    if end.day is not None:
        if from_here:
            return Phrase(days=DayRange(end.day, None, after=bound == "after")), j
        return Phrase(days=DayRange(None, end.day, before=bound == "before")), j
    if told is None:
        return None
    return Phrase(hours=Hours(start=told) if from_here else Hours(end=told)), j
