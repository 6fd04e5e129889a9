"""Which quarter hours of which units are taken: cells with no room left, once dead holds are disregarded."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from booking_core import wire
from booking_core.calendars import Unit
from booking_core.quarters import gathered, shifted
from booking_core.stretches import Stretch
from booking_core.values import CELL, AppointmentId, Period, ResourceId, WorkshopId

# date_part and not extract: that one counts in numeric, which takes twice as long.
# What is asked stands apart, out of the planner's sight: so one plan serves for all, and is made only once.
_FULL = text("""
    WITH asked AS MATERIALIZED (
        SELECT CAST(:workshops AS bigint[]) AS workshops, CAST(:ignoring AS bigint[]) AS ignoring,
               CAST(:units AS bigint[]) AS units, CAST(:capacities AS bigint[]) AS capacities,
               CAST(:origin AS timestamptz) AS origin, CAST(:end AS timestamptz) AS "end"
    ), dead AS MATERIALIZED (
        SELECT appointments.id FROM asked JOIN appointments ON appointments.workshop_id = ANY(asked.workshops)
         WHERE status = 'reserved' AND reserved_until <= :now
    )
    SELECT slots.resource_id,
           array_agg(CAST(date_part('epoch', slots.start_time - asked.origin) AS integer) / 900)
      FROM asked CROSS JOIN unnest(units, capacities) AS unit(id, capacity)
      JOIN slots ON slots.resource_id = unit.id AND slots.start_time >= asked.origin AND slots.start_time < asked."end"
      LEFT JOIN (SELECT appointment_slots.slot_id, count(*) AS places
                   FROM (SELECT id FROM dead UNION SELECT unnest(ignoring) FROM asked) AS void
                   JOIN appointment_slots ON appointment_slots.appointment_id = void.id
                  GROUP BY appointment_slots.slot_id) AS given_back ON given_back.slot_id = slots.id
     WHERE slots.booked_count - coalesce(given_back.places, 0) >= least(slots.capacity, unit.capacity)
     GROUP BY slots.resource_id
     UNION ALL
    SELECT NULL, NULL WHERE EXISTS (SELECT FROM dead)
""")


@dataclass(frozen=True)
class Taken:
    """The taken quarters of each unit that has any, counted from `origin`.

    `dead_holds` says whether the workshops have any; their cells count them still.
    """

    origin: datetime
    quarters: Mapping[ResourceId, int]
    dead_holds: bool

    def of(self, unit: Unit, line: Stretch) -> int:
        """The same, counted from the start of a line."""
        return shifted(self.quarters.get(unit.id, 0), -line.quarter(self.origin))


def read_taken(
    session: Session,
    workshops: Sequence[WorkshopId],
    units: Sequence[Unit],
    period: Period,
    *,
    now: datetime,
    ignoring: Collection[AppointmentId] = (),
) -> Taken:
    """What is taken of these units, which belong to these workshops, in a period that begins on the grid.

    Holds that are dead by `now` and the appointments in `ignoring` take nothing.
    """
    facts = {
        "workshops": list(workshops),
        "units": [unit.id for unit in units],
        "capacities": [unit.capacity for unit in units],
        "origin": period.start,
        "end": period.end,
        "now": now,
        "ignoring": list(ignoring),
    }
    length = (period.end - period.start) // CELL + 1
    rows = wire.send(session, _FULL, facts).all()
    full = {unit: gathered(places, length) for unit, places in rows if unit is not None}
    return Taken(period.start, full, dead_holds=len(full) < len(rows))
