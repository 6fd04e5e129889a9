"""Slot search: what is free, and why nothing is."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import islice
from operator import or_

from sqlalchemy.orm import Session

from booking_core.alternatives import alternatives
from booking_core.occupancy import Taken, read_taken
from booking_core.quarters import ones, shifted
from booking_core.refusals import Reason, WhyNot
from booking_core.rulebook import Rules, read_rules
from booking_core.searches import Search
from booking_core.values import CELL, AppointmentId, Period, Slot, WorkshopId

__all__ = ["Found", "Reason", "WhyNot", "find_slots"]


@dataclass(frozen=True)
class Found:
    """Free slots, earliest first; if there are none, why not, and free starts near the wish, nearest first."""

    slots: tuple[Slot, ...]
    why_not: WhyNot | None = None
    alternatives: tuple[Slot, ...] = ()


def find_slots(
    session: Session,
    codes: Sequence[str],
    *,
    workshops: Sequence[WorkshopId],
    windows: Sequence[Period] = (),
    now: datetime,
    limit: int = 200,
    ignoring: Collection[AppointmentId] = (),
) -> Found:
    """Slots for all these services in one visit that start in one of the windows; without windows, up to the horizon.

    Workshops come nearest first: equal starts keep their order, and `why_not` speaks of the first that sells all
    the services. What the appointments in `ignoring` occupy counts as free.
    """
    codes = tuple(dict.fromkeys(codes))
    if not codes:
        raise ValueError("a visit needs a service")
    rules = read_rules(session, workshops, codes=codes, now=now)
    searches = [Search(rule.calendar, rule.visit(codes), now) for rule in rules if not rule.not_offered(codes)]
    if not searches:
        return Found((), _not_offered(rules, codes))
    wishes = [windows or (search.ahead,) for search in searches]
    taken = _taken(session, searches, wishes, ignoring=ignoring)
    free = [search.free(taken) for search in searches]
    starts = [
        open_starts & search.asked(wish) for search, open_starts, wish in zip(searches, free, wishes, strict=True)
    ]
    if any(starts):
        return Found(tuple(islice(_earliest(searches, starts), limit)))
    why_not = searches[0].why_not(wishes[0], free[0])
    return Found((), why_not, _elsewhere(session, searches, windows, ignoring=ignoring) if windows else ())


def _not_offered(rules: Sequence[Rules], codes: Sequence[str]) -> WhyNot:
    if not rules:
        return WhyNot(Reason.NOT_OFFERED, service=codes[0])
    return WhyNot(Reason.NOT_OFFERED, service=rules[0].not_offered(codes), workshop=rules[0].calendar.workshop)


def _taken(
    session: Session,
    searches: Sequence[Search],
    wishes: Sequence[Sequence[Period]],
    *,
    ignoring: Collection[AppointmentId],
) -> Taken:
    """What is taken in all the time that these wishes may touch, in one query."""
    around = [search.surroundings(wish) for search, wish in zip(searches, wishes, strict=True)]
    period = Period(min(each.start for each in around), max(each.end for each in around))
    units = [unit for search in searches for unit in search.units]
    workshops = [search.calendar.workshop for search in searches]
    return read_taken(session, workshops, units, period, now=searches[0].now, ignoring=ignoring)


def _elsewhere(
    session: Session, searches: Sequence[Search], windows: Sequence[Period], *, ignoring: Collection[AppointmentId]
) -> tuple[Slot, ...]:
    taken = _taken(session, searches, [(search.ahead,) for search in searches], ignoring=ignoring)
    return alternatives([(search, search.free(taken)) for search in searches], windows)


def _earliest(searches: Sequence[Search], starts: Sequence[int]) -> Iterator[Slot]:
    """All these starts, the earliest first and equal ones in the order of the searches: quarter by quarter of all."""
    origin = min(search.line.origin for search in searches)
    moved = [shifted(found, search.line.quarter(origin)) for search, found in zip(searches, starts, strict=True)]
    digits = [f"{found:b}"[::-1] for found in moved]
    for quarter in ones(reduce(or_, moved)):
        start = origin + quarter * CELL
        for search, free in zip(searches, digits, strict=True):
            if free[quarter : quarter + 1] == "1":
                yield search.slot_at(start)
