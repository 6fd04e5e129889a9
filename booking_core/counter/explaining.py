"""Why a time is not free, told to somebody who may know everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from booking_core import closures, slots
from booking_core.register import Appointment
from booking_core.slots import Found
from booking_core.values import Period, WorkshopId


@dataclass(frozen=True)
class Explanation:
    """`found` says whether and why not; `in_the_way` are the appointments and holds of that quarter hour's visits."""

    found: Found
    in_the_way: Sequence[Appointment]


def explain(
    session: Session, workshop: WorkshopId, codes: Sequence[str], at: datetime, *, now: datetime
) -> Explanation:
    """Whether these services (codes) can begin at this moment, and if not, why not and when instead."""
    moment = Period(at, at + timedelta.resolution)
    found = slots.find_slots(session, codes, workshops=[workshop], windows=[moment], now=now)
    return Explanation(found, () if found.slots else closures.affected(session, workshop, moment, now=now))
