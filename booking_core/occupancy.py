"""Which quarter hours of which units are taken: cells with no room left, once dead holds are disregarded."""

from collections.abc import Collection, Iterable, Mapping, Sequence
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
FULL = """
    dead AS MATERIALIZED (
        SELECT appointments.id FROM asked JOIN appointments ON appointments.workshop_id = ANY(asked.workshops)
         WHERE status = 'reserved' AND reserved_until <= :now
    ), given_back AS MATERIALIZED (
        SELECT appointment_slots.slot_id, count(*) AS places
          FROM (SELECT id FROM dead UNION SELECT unnest(ignoring) FROM asked) AS void
          JOIN appointment_slots ON appointment_slots.appointment_id = void.id
         GROUP BY appointment_slots.slot_id
    ), taken AS MATERIALIZED (
        SELECT unit.id AS unit, quarters
          FROM asked CROSS JOIN unnest(units, capacities) AS unit(id, capacity)
         CROSS JOIN LATERAL (
                   SELECT array_agg(CAST(date_part('epoch', start_time - asked.origin) AS integer) / 900) AS quarters
                     FROM slots LEFT JOIN given_back ON given_back.slot_id = slots.id
                    WHERE resource_id = unit.id AND start_time >= asked.origin AND start_time < asked."end"
                      AND booked_count - coalesce(places, 0) >= least(slots.capacity, unit.capacity)) AS full_ones
         WHERE quarters IS NOT NULL
    )
"""
"""What is `taken` of the `units` with their `capacities` between `origin` and `end`, all of which `asked` names.

Each unit is asked for by itself, or the planner would read all the cells there are, as long as it knows of few.
"""

# What is asked stands apart, out of the planner's sight: so one plan serves for all, and is made only once.
_FULL = text(f"""
    WITH asked AS MATERIALIZED (
        SELECT CAST(:workshops AS bigint[]) AS workshops, CAST(:ignoring AS bigint[]) AS ignoring,
               CAST(:units AS bigint[]) AS units, CAST(:capacities AS bigint[]) AS capacities,
               CAST(:origin AS timestamptz) AS origin, CAST(:end AS timestamptz) AS "end"
    ), {FULL}
    SELECT unit, quarters FROM taken UNION ALL SELECT NULL, NULL WHERE EXISTS (SELECT FROM dead)
""")  # noqa: S608 - Nothing but our own words is put in.


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
        "workshops": wire.array(workshops),
        "units": wire.array(unit.id for unit in units),
        "capacities": wire.array(unit.capacity for unit in units),
        "origin": period.start,
        "end": period.end,
        "now": now,
        "ignoring": wire.array(ignoring),
    }
    rows = wire.send(session, _FULL, facts)
    full = [(unit, places) for unit, places in rows if unit is not None]
    return read(full, period, dead_holds=len(full) < len(rows))


def read(taken: Iterable[tuple[ResourceId, list[int]]], period: Period, *, dead_holds: bool) -> Taken:
    """What the rows of `taken` say of a period that begins on the grid."""
    length = (period.end - period.start) // CELL + 1
    return Taken(period.start, {unit: gathered(places, length) for unit, places in taken}, dead_holds)
