"""Where a visit would stand: the cells it would take at its time, or why it cannot."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from booking_core.errors import BookingError, NotBookable, SlotTaken, UnknownService
from booking_core.outlook import Outlook, look
from booking_core.quarters import first
from booking_core.refusals import Reason, WhyNot
from booking_core.rulebook import Rules, read_rules
from booking_core.searches import Search
from booking_core.values import CELL, AppointmentId, Cell, Period, ServiceId, Slot, WorkshopId


@dataclass(frozen=True)
class Placement:
    """The cells that a visit would take, in locking order; with `dead_holds` some of them may still be counted."""

    cells: tuple[Cell, ...]
    dead_holds: bool


def place_visit(session: Session, slot: Slot, *, now: datetime, ignoring: Collection[AppointmentId] = ()) -> Placement:
    """Where a visit in this slot would stand; what `ignoring` occupies counts as free.

    Raises UnknownService, SlotTaken, or NotBookable with `reason` and `why_not` among its facts.
    """
    return place(look(session, slot, now=now, ignoring=ignoring), slot, now=now)


def place(outlook: Outlook, slot: Slot, *, now: datetime) -> Placement:
    """The same, by what was seen."""
    search = _search([outlook.rules], slot.workshop, slot.services, now=now)
    wish = (Period(slot.start, slot.start + timedelta.resolution),)
    free = search.free(outlook.taken)
    quarter = first(search.asked(wish) & free)
    if quarter is None:
        raise _refusal(search.why_not(wish, free), slot)
    if search.slot(quarter).end != slot.end:
        raise _refusal(WhyNot(Reason.CHANGED, search.line.day(quarter), workshop=slot.workshop), slot)
    return Placement(search.cells(quarter, outlook.taken), outlook.taken.dead_holds)


def slot_at(
    session: Session, workshop: WorkshopId, services: Sequence[ServiceId], start: datetime, *, now: datetime
) -> Slot:
    """The slot of a visit that starts at this moment, free or not. Raises UnknownService."""
    visit = _search(read_rules(session, [workshop], ids=services, now=now), workshop, services, now=now).visit
    return Slot(workshop, visit.services, start.astimezone(UTC), start.astimezone(UTC) + visit.length * CELL)


def _search(rulebook: Sequence[Rules], workshop: WorkshopId, services: Sequence[ServiceId], *, now: datetime) -> Search:
    for rules in rulebook:
        sold = {job.id: code for code, job in rules.jobs.items()}
        codes = [sold[service] for service in services if service in sold]
        if codes and len(codes) == len(services) and not rules.not_offered(codes):
            return Search(rules.calendar, rules.visit(codes), now)
    raise UnknownService(workshop=workshop, services=tuple(services))


def _refusal(why_not: WhyNot, slot: Slot) -> BookingError:
    if why_not.reason is Reason.FULL:
        return SlotTaken(start=slot.start)
    return NotBookable(reason=why_not.reason, why_not=why_not, start=slot.start)
