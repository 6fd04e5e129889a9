"""How full the workshops are: minutes booked of those open, measured now and then and kept for each day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from booking_core.counter.figures import load_of
from booking_core.rulebook import read_rules
from booking_core.stretches import stretch
from booking_core.tables import UtilisationRow, WorkshopRow
from booking_core.values import WorkshopId

AHEAD = 14
"""Days that are measured, the running one included."""

WEEK = 7


@dataclass(frozen=True)
class Utilisation:
    """Of a workshop from its today on, for so many days."""

    workshop: WorkshopId
    days: int
    open_minutes: int
    booked_minutes: int


def workshops(session: Session) -> list[WorkshopId]:
    """All there are, to be measured one by one."""
    return list(session.scalars(select(WorkshopRow.id).order_by(WorkshopRow.id)))


def measure(session: Session, workshop: WorkshopId, *, now: datetime) -> int:
    """Write down how full the next days are; how many figures that makes."""
    # What is closed is read from `now` on, and today has already begun.
    [rules] = read_rules(session, [workshop], now=now - timedelta(days=1))
    zone = rules.calendar.zone
    line = stretch(zone, now.astimezone(zone).date(), AHEAD)
    rows = [
        {
            "resource_id": load.resource,
            "day": load.day,
            "workshop_id": workshop,
            "open_minutes": load.open,
            "booked_minutes": load.booked,
            "measured_at": now,
        }
        for load in load_of(session, rules.calendar, line)
    ]
    if rows:
        measuring = insert(UtilisationRow).values(rows)
        fresh = {name: measuring.excluded[name] for name in ("open_minutes", "booked_minutes", "measured_at")}
        session.execute(measuring.on_conflict_do_update(index_elements=["resource_id", "day"], set_=fresh))
    return len(rows)


def measured(session: Session, *, now: datetime, days: Iterable[int] = (1, WEEK)) -> list[Utilisation]:
    """The figures of each workshop for its running day and the week from then on, as last measured."""
    today = func.date(func.timezone(WorkshopRow.timezone, now.astimezone(UTC)))
    found = []
    for many in days:
        rows = session.execute(
            select(
                UtilisationRow.workshop_id,
                func.sum(UtilisationRow.open_minutes),
                func.sum(UtilisationRow.booked_minutes),
            )
            .join(WorkshopRow, WorkshopRow.id == UtilisationRow.workshop_id)
            .where(UtilisationRow.day >= today, UtilisationRow.day < today + many)
            .group_by(UtilisationRow.workshop_id)
            .order_by(UtilisationRow.workshop_id)
        )
        found += [Utilisation(workshop, many, open, booked) for workshop, open, booked in rows]
    return found
