"""Offers and wishes: which offer was meant, and which times to look for when none was right."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import cycle
from typing import assert_never

from bot.events import Said
from bot.facts import Offer
from bot.understanding.dates import narrowed
from bot.understanding.meaning import THAT_DAY, Grain, Intent, Shift, Understanding, When, Window

BY_THE_TIME = THAT_DAY | {Shift.EARLIER, Shift.LATER}
LAST = -1
A_DAY = timedelta(days=1)
APART = timedelta(hours=1)
NOON = time(12)
"""Where "earlier in the day" ends, while times of several days are on the table."""

_TIMES_OF_DAY = (0, 0.6, 0.3, 0.9)
"""Where in the day we look, one day after the other, so that early birds and late risers both find something."""


def picked_offer(offers: Sequence[Offer], said: Said) -> Offer | None:
    """The offer the customer took: tapped, named by its number or time, or by a yes to the only one."""
    if said.picked is not None:
        return next((offer for offer in offers if offer.token == said.picked), None)
    if said.wants(Intent.DENY) and said.meaning.when and not said.meaning.when.windows and not said.meaning.clock:
        return None  # "Four is bad, rather in the morning" asks what else there is.
    if _is_part_of_day(said.meaning) and len({offer.start.date() for offer in offers}) > 1:
        return None  # "Only in the morning" of times on several days asks for more of them.
    if said.meaning.when is not None or said.meaning.clock is not None:
        meant = [offer for offer in offers if _names(said.meaning, offer.start)]
        meant = meant or [offer for offer in offers if _names_by_weekday(said.meaning, offer.start)]
        return meant[0] if len(meant) == 1 else None
    if (said.wants(Intent.AFFIRM) and len(offers) == 1) or (said.meaning.skipped and offers):
        return offers[0]
    return offers[-1] if said.meaning.number == LAST and offers else None


def _is_part_of_day(said: Understanding) -> bool:
    when = said.when
    return when is not None and bool(when.times) and not (when.windows or when.weekdays or said.clock)


def _names(said: Understanding, moment: datetime) -> bool:
    at_the_time = said.clock is None or said.clock == moment.time()
    return at_the_time and (said.when is None or fits(said.when, moment))


def _names_by_weekday(said: Understanding, moment: datetime) -> bool:
    """ "Montag um 7:30", where the Monday on the table is not the next one."""
    if said.when is None or said.when.loose is not Grain.WEEK or said.clock is None:
        return False
    days = {window.start.isoweekday() for window in said.when.windows if window.start}
    return moment.isoweekday() in days and moment.time() == said.clock


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
    days = tuple(_day_of(day) for day in sorted({_midnight(start) for start in starts}))
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
    """What was said, with "an hour later" as the time it is later than the one we speak of, local to the workshop.

    Where we speak of several, it is only later than those; days later it is a day again.
    """
    offset = said.meaning.offset
    if not anchors or offset is None:
        return said
    told = replace(said.meaning, when=None, offset=None)
    if len(anchors) == 1:
        told = replace(told, when=exactly(anchors[0] + offset), shift=None)
    elif abs(offset) >= A_DAY:
        told = replace(told, when=same_day(anchors[0] + offset), shift=None)
    return replace(said, meaning=told)


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


def on_that_day(said: When | None, offers: Sequence[Offer], near: datetime | None) -> When | None:
    """A time of day alone, where times of one day are on the table, is one of that day."""
    if said is None or not said.times or replace(said, times=()) != When():
        return None
    days = {_midnight(offer.start) for offer in offers} if near is None else {_midnight(near)}
    return replace(said, windows=(_day_of(days.pop()),)) if len(days) == 1 else None


def refused(when: When | None, offers: Sequence[Offer]) -> list[datetime]:
    """The times on the table that "not on Wednesday" means, in whatever week they are."""
    weekdays = {window.start.isoweekday() for window in when.without if window.start} if when else set()
    return [offer.start for offer in offers if offer.start.isoweekday() in weekdays]


def exactly(moment: datetime) -> When:
    """That very time."""
    return When(windows=(Window(moment, moment, Grain.MINUTE),))


def same_day(moment: datetime) -> When:
    """Any time of that day."""
    return When(windows=(_day_of(_midnight(moment)),))


def week_of(moment: datetime) -> When:
    """Any time of that week."""
    monday = _midnight(moment) - timedelta(days=moment.weekday())
    return When(windows=(Window(monday, monday + timedelta(days=7), Grain.WEEK),))


def also_of_its_week(when: When, moment: datetime) -> When:
    """A weekday alone, for an appointment that is to move: the next such day, or that of the appointment's week."""
    there = narrowed(week_of(moment), when) if when.loose is Grain.WEEK else when
    return when if there.windows == when.windows or fits(there, moment) else either(when, there)


def either(one: When, other: When) -> When:
    """Any of the days of both wishes, at the times of day of the second."""
    return replace(other, windows=(*one.windows, *other.windows), loose=None)


def such_a_day_after(moment: datetime) -> When:
    """The same weekday, later."""
    tomorrow = Window(_midnight(moment) + timedelta(days=1), None)
    return When(windows=(tomorrow,), weekdays=frozenset({moment.isoweekday()}))


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time(), moment.tzinfo)


def _day_of(midnight: datetime) -> Window:
    return Window(midnight, midnight + timedelta(days=1))


def spread(offers: Sequence[Offer], most: int) -> tuple[Offer, ...]:
    """A few offers out of many, in order: on the first days, the very first among them, and at all times of day."""
    chosen = _by_day(offers)[:most]
    if len(chosen) == most:
        return tuple(_at(day, place) for day, place in zip(chosen, cycle(_TIMES_OF_DAY), strict=False))
    shares = [most // len(chosen) + (number < most % len(chosen)) for number in range(len(chosen))]
    return tuple(offer for day, share in zip(chosen, shares, strict=True) for offer in _evenly(day, share))


def close_to(offers: Sequence[Offer], moment: datetime, most: int) -> tuple[Offer, ...]:
    """A few offers out of many, in order: mostly on the day that is nearest, then on the next ones."""
    nearest = sorted(_by_day(offers), key=lambda day: abs(day[0].start.date() - moment.date()))
    chosen: list[Offer] = []
    for day in nearest[:most]:
        chosen += _evenly(day, max(1, most - 1 - len(chosen)))
    return tuple(sorted(chosen[:most], key=lambda offer: offer.start))


def _by_day(offers: Sequence[Offer]) -> list[list[Offer]]:
    days: dict[date, list[Offer]] = {}
    for offer in sorted(offers, key=lambda offer: offer.start):
        days.setdefault(offer.start.date(), []).append(offer)
    return list(days.values())


def _at(day: Sequence[Offer], place: float) -> Offer:
    """What lies there between the first (0) and the last (1) of a day; full and half hours are easier to remember."""
    times = [offer for offer in day if offer.start.minute in (0, 30)] or day
    return times[round(place * (len(times) - 1))] if place else day[0]


def soonest(offers: Sequence[Offer], most: int) -> tuple[Offer, ...]:
    """The earliest, at different places or an hour and more apart, the second half of them from later days."""
    chosen: list[Offer] = []
    for offer in sorted(offers, key=lambda offer: offer.start):
        today = [other for other in chosen if other.start.date() == offer.start.date()]
        new_place = offer.slot.workshop not in {other.slot.workshop for other in today}
        if not today or ((offer.start - today[-1].start >= APART or new_place) and len(today) < most // 2):
            chosen.append(offer)
    return tuple(chosen[:most])


def _evenly(day: Sequence[Offer], share: int) -> Sequence[Offer]:
    """The first of the day, the last, and what lies evenly between; full and half hours are easier to remember."""
    round_ones = [offer for offer in day if offer.start.minute in (0, 30)]
    times = round_ones if len(round_ones) >= share else day
    if share >= len(times):
        return times
    if share == 1:
        return times[:1]
    return [times[round(number * (len(times) - 1) / (share - 1))] for number in range(share)]
