"""A few times worth offering, out of many that are free."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import cycle

from bot.facts import Offer

APART = timedelta(hours=1)

_TIMES_OF_DAY = (0, 0.6, 0.3, 0.9)
"""Where in the day we look, one day after the other, so that early birds and late risers both find something."""


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
