"""Which times to look for when none of those offered was right."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import assert_never

from bot.events import Said
from bot.understanding.dates import narrowed
from bot.understanding.meaning import THAT_DAY, Grain, Shift, When, Window

BY_THE_TIME = THAT_DAY | {Shift.EARLIER, Shift.LATER}
A_DAY = timedelta(days=1)
NOON = time(12)
"""Where "earlier in the day" ends, while times of several days are on the table."""


def fits(when: When, moment: datetime) -> bool:
    """Whether a moment, local to the workshop, is one the customer named."""
    return (
        (not when.windows or any(_within(window, moment) for window in when.windows))
        and (not when.weekdays or moment.isoweekday() in when.weekdays)
        and (
            not when.times
            or any(start <= moment.time() < end or start == end == moment.time() for start, end in when.times)
        )
        and not any(_within(window, moment) for window in when.without)
        and moment.isoweekday() not in when.without_weekdays
    )


def _within(window: Window, moment: datetime) -> bool:
    if window.start is not None and window.start == window.end:
        return moment == window.start
    return (window.start is None or window.start <= moment) and (window.end is None or moment < window.end)


def shifted(when: When | None, starts: Sequence[datetime], shift: Shift) -> When:
    """The wish after "later", "earlier", "another day" than these: what was said before holds, as far as it can."""
    wish = replace(when or When(), soonest=False)
    if not starts:
        return wish
    wish = replace(wish, times=tuple(part for part in wish.times if part[0] != part[1]))
    days = tuple(day_of(day) for day in sorted({midnight(start) for start in starts}))
    match shift:
        case Shift.LATER | Shift.OTHER_TIME:
            return replace(wish, windows=(_later_than(starts),))
        case Shift.EARLIER:
            return replace(wish, windows=(_earlier_than(starts),))
        case Shift.EARLIER_THAT_DAY | Shift.LATER_THAT_DAY if len(days) > 1:
            half = (time(), NOON) if shift is Shift.EARLIER_THAT_DAY else (NOON, time.max)
            return replace(wish, times=(half,))
        case Shift.EARLIER_THAT_DAY:
            return When(windows=(replace(_earlier_than(starts), start=days[0].start),))
        case Shift.LATER_THAT_DAY:
            return When(windows=(replace(_later_than(starts), end=days[0].end),))
        case Shift.OTHER_DAY:
            return replace(wish, windows=(), weekdays=frozenset(), without=wish.without + days)
        case Shift.OTHER_WORKSHOP:
            return wish
        case _:
            assert_never(shift)


def _later_than(starts: Sequence[datetime]) -> Window:
    return Window(max(starts) + timedelta(minutes=1), None, Grain.MINUTE)


def _earlier_than(starts: Sequence[datetime]) -> Window:
    return Window(None, min(starts), Grain.MINUTE)


def seen_from(anchors: Sequence[datetime], said: Said) -> Said:
    """What was said, with "an hour later" and "the same time" seen from the time we speak of, local to the workshop.

    Where we speak of several, it is only later than those; days later it is a day again.
    """
    offset = said.meaning.offset
    if said.meaning.same_time and len(anchors) == 1:
        return replace(said, meaning=replace(said.meaning, when=at_that_time(said.meaning.when, anchors[0])))
    if not anchors or offset is None:
        return said
    told = replace(said.meaning, when=None, offset=None)
    if len(anchors) == 1:
        told = replace(told, when=exactly(anchors[0] + offset), shift=None)
    elif abs(offset) >= A_DAY:
        told = replace(told, when=same_day(anchors[0] + offset), shift=None)
    return replace(said, meaning=told)


def at_that_time(when: When | None, moment: datetime) -> When:
    """ "Next week, same time": the days that were said, at that moment's time of day."""
    return replace(when or When(), times=((moment.time(), moment.time()),))


def pivot(starts: Sequence[datetime], shift: Shift) -> datetime | None:
    """The time next to which to look: "later" than times of one day is best on that day, if there is any left."""
    if len({start.date() for start in starts}) != 1:
        return None
    match shift:
        case Shift.LATER | Shift.OTHER_TIME:
            return max(starts)
        case Shift.EARLIER:
            return min(starts)
        case Shift.EARLIER_THAT_DAY | Shift.LATER_THAT_DAY | Shift.OTHER_DAY | Shift.OTHER_WORKSHOP:
            return None
        case _:
            assert_never(shift)


def exactly(moment: datetime) -> When:
    """That very time."""
    return When(windows=(Window(moment, moment, Grain.MINUTE),))


def same_day(moment: datetime) -> When:
    """Any time of that day."""
    return When(windows=(day_of(midnight(moment)),))


def week_of(moment: datetime) -> When:
    """Any time of that week."""
    monday = midnight(moment) - timedelta(days=moment.weekday())
    return When(windows=(Window(monday, monday + timedelta(days=7), Grain.WEEK),))


def also_of_its_week(when: When, moment: datetime) -> When:
    """A weekday alone, for an appointment that is to move: the next such day, or that of the appointment's week."""
    there = narrowed(week_of(moment), when) if when.loose is Grain.WEEK else when
    return when if there.windows == when.windows or fits(there, moment) else either(when, there)


def either(one: When, other: When) -> When:
    """Any of the days of both wishes, at the times of day of the second."""
    return replace(other, windows=(*one.windows, *other.windows), loose=None)


def such_a_day_after(moment: datetime, weekdays: Collection[int] = ()) -> When:
    """The same weekday, or one of these, later."""
    tomorrow = Window(midnight(moment) + timedelta(days=1), None)
    return When(windows=(tomorrow,), weekdays=frozenset(weekdays or {moment.isoweekday()}))


def midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time(), moment.tzinfo)


def day_of(midnight: datetime) -> Window:
    return Window(midnight, midnight + timedelta(days=1))
