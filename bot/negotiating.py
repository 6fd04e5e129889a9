"""Offers and wishes: which offer was meant, and which times to look for when none was right."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import assert_never

from bot.events import Said
from bot.facts import Offer
from bot.understanding.meaning import Grain, Intent, Shift, Understanding, When, Window

LAST = -1
APART = timedelta(hours=1)


def picked_offer(offers: Sequence[Offer], said: Said) -> Offer | None:
    """The offer the customer took: tapped, named by its number or time, or by a yes to the only one."""
    if said.picked is not None:
        return next((offer for offer in offers if offer.token == said.picked), None)
    if said.meaning.when is not None or said.meaning.clock is not None:
        meant = [offer for offer in offers if _names(said.meaning, offer.start)]
        return meant[0] if len(meant) == 1 else None
    if (said.wants(Intent.AFFIRM) and len(offers) == 1) or (said.meaning.skipped and offers):
        return offers[0]
    return offers[-1] if said.meaning.number == LAST and offers else None


def _names(said: Understanding, moment: datetime) -> bool:
    at_the_time = said.clock is None or said.clock == moment.time()
    return at_the_time and (said.when is None or fits(said.when, moment))


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


def narrowed(before: When | None, said: When | None) -> When | None:
    """The wish after more was said: a new day keeps the time of day, a time of day keeps the days."""
    if before is None or said is None:
        return said or before
    days_said = bool(said.windows or said.weekdays or said.soonest)
    days = said if days_said else before
    whole_days = all(window.start != window.end for window in days.windows)
    return replace(
        days,
        times=said.times or (before.times if whole_days else ()),
        without=days.without + (() if days_said else said.without),
        without_weekdays=days.without_weekdays | said.without_weekdays,
    )


def shifted(when: When | None, starts: Sequence[datetime], shift: Shift) -> When:
    """The wish after "later", "earlier", "another day" than these: what was said before holds, as far as it can.

    Later or earlier than one time means on the same day; than several, before the first or after the last.
    """
    wish = replace(when or When(), soonest=False)
    if not starts:
        return wish
    wish = replace(wish, times=tuple(part for part in wish.times if part[0] != part[1]))
    day = _day_of(_midnight(starts[0])) if len(starts) == 1 else Window(None, None)
    match shift:
        case Shift.LATER | Shift.OTHER_TIME:
            return replace(wish, windows=(Window(max(starts) + timedelta(minutes=1), day.end, Grain.MINUTE),))
        case Shift.EARLIER:
            return replace(wish, windows=(Window(day.start, min(starts), Grain.MINUTE),))
        case Shift.OTHER_DAY:
            shown = tuple(_day_of(day) for day in sorted({_midnight(start) for start in starts}))
            return replace(wish, windows=(), weekdays=frozenset(), without=wish.without + shown)
        case Shift.OTHER_WORKSHOP:
            return wish
        case _:
            assert_never(shift)


def same_day(moment: datetime) -> When:
    """Any time of that day."""
    return When(windows=(_day_of(_midnight(moment)),))


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time(), moment.tzinfo)


def _day_of(midnight: datetime) -> Window:
    return Window(midnight, midnight + timedelta(days=1))


def spread(offers: Sequence[Offer], most: int) -> tuple[Offer, ...]:
    """A few offers out of many, in order: on the first days, and early and late on each."""
    by_day: dict[date, list[Offer]] = {}
    for offer in sorted(offers, key=lambda offer: offer.start):
        by_day.setdefault(offer.start.date(), []).append(offer)
    chosen = list(by_day.values())[:most]
    shares = [most // len(chosen) + (number < most % len(chosen)) for number in range(len(chosen))]
    return tuple(offer for day, share in zip(chosen, shares, strict=True) for offer in _evenly(day, share))


def soonest(offers: Sequence[Offer], most: int) -> tuple[Offer, ...]:
    """The earliest, an hour or more apart, the second half of them from later days."""
    chosen: list[Offer] = []
    for offer in sorted(offers, key=lambda offer: offer.start):
        today = [other for other in chosen if other.start.date() == offer.start.date()]
        if not today or (offer.start - today[-1].start >= APART and len(today) < most // 2):
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
