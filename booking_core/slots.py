"""Slot search: what is free, why nothing is, and which cells a visit would take."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import merge
from itertools import islice

from sqlalchemy.orm import Session

from booking_core.alternatives import alternatives
from booking_core.errors import BookingError, NotBookable, SlotTaken, UnknownService
from booking_core.occupancy import Taken, read_taken
from booking_core.quarters import first
from booking_core.refusals import Reason, WhyNot
from booking_core.rulebook import Rules, read_rules
from booking_core.searches import Search
from booking_core.values import CELL, AppointmentId, Cell, Period, ServiceId, Slot, WorkshopId

__all__ = ["Found", "Reason", "WhyNot", "find_slots", "place_visit", "slot_at"]


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
        each = (search.slots(found) for search, found in zip(searches, starts, strict=True))
        return Found(tuple(islice(merge(*each, key=_start), limit)))
    why_not = searches[0].why_not(wishes[0], free[0])
    return Found((), why_not, _elsewhere(session, searches, windows, ignoring=ignoring) if windows else ())


@dataclass(frozen=True)
class Placement:
    """The cells that a visit would take, in locking order; with `dead_holds` some of them may still be counted."""

    cells: tuple[Cell, ...]
    dead_holds: bool


def place_visit(session: Session, slot: Slot, *, now: datetime, ignoring: Collection[AppointmentId] = ()) -> Placement:
    """Where a visit in this slot would stand; what `ignoring` occupies counts as free.

    Raises UnknownService, SlotTaken, or NotBookable with `reason` and `why_not` among its facts.
    """
    search = _search(session, slot.workshop, slot.services, now=now)
    wish = (Period(slot.start, slot.start + timedelta.resolution),)
    day = search.line.whole_day(search.line.quarter(slot.start))
    taken = _taken(session, [search], [(day,)], ignoring=ignoring)
    free = search.free(taken)
    quarter = first(search.asked(wish) & free)
    if quarter is None:
        raise _refusal(search.why_not(wish, free), slot)
    if search.slot(quarter).end != slot.end:
        raise _refusal(WhyNot(Reason.CHANGED, search.line.day(quarter), workshop=slot.workshop), slot)
    return Placement(search.cells(quarter, taken), taken.dead_holds)


def slot_at(
    session: Session, workshop: WorkshopId, services: Sequence[ServiceId], start: datetime, *, now: datetime
) -> Slot:
    """The slot of a visit that starts at this moment, free or not. Raises UnknownService."""
    visit = _search(session, workshop, services, now=now).visit
    return Slot(workshop, visit.services, start.astimezone(UTC), start.astimezone(UTC) + visit.length * CELL)


def _search(session: Session, workshop: WorkshopId, services: Sequence[ServiceId], *, now: datetime) -> Search:
    for rules in read_rules(session, [workshop], ids=services, now=now):
        sold = {job.id: code for code, job in rules.jobs.items()}
        codes = [sold[service] for service in services if service in sold]
        if codes and len(codes) == len(services) and not rules.not_offered(codes):
            return Search(rules.calendar, rules.visit(codes), now)
    raise UnknownService(workshop=workshop, services=tuple(services))


def _refusal(why_not: WhyNot, slot: Slot) -> BookingError:
    if why_not.reason is Reason.FULL:
        return SlotTaken(start=slot.start)
    return NotBookable(reason=why_not.reason, why_not=why_not, start=slot.start)


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


def _start(slot: Slot) -> datetime:
    return slot.start
