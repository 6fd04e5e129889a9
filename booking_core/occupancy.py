"""Which quarter hours of which units are taken: cells with no room left, once dead holds are disregarded."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from booking_core.quarters import gathered
from booking_core.values import CELL, AppointmentId, Period, ResourceId

_FULL = text("""
    SELECT slots.resource_id,
           array_agg(CAST(extract(epoch FROM slots.start_time - :origin) AS integer) / 900)
      FROM slots
      JOIN resources ON resources.id = slots.resource_id
      LEFT JOIN (SELECT appointment_slots.slot_id, count(*) AS places
                   FROM (SELECT id
                           FROM appointments
                          WHERE status = 'reserved' AND reserved_until <= :now
                            AND workshop_id IN (SELECT workshop_id
                                                  FROM resources
                                                 WHERE id = ANY(CAST(:units AS bigint[])))
                          UNION
                         SELECT unnest(CAST(:ignoring AS bigint[]))) AS void
                   JOIN appointment_slots ON appointment_slots.appointment_id = void.id
                  GROUP BY appointment_slots.slot_id) AS given_back ON given_back.slot_id = slots.id
     WHERE slots.resource_id = ANY(CAST(:units AS bigint[])) AND slots.start_time >= :origin AND slots.start_time < :end
       AND slots.booked_count - coalesce(given_back.places, 0) >= least(slots.capacity, resources.capacity)
     GROUP BY slots.resource_id
""")


def taken_quarters(
    session: Session,
    units: Collection[ResourceId],
    period: Period,
    *,
    now: datetime,
    ignoring: Collection[AppointmentId] = (),
) -> Mapping[ResourceId, int]:
    """For each unit with any, the taken quarters counted from the start of the period, which lies on the grid.

    Holds that are dead by `now` and the appointments in `ignoring` take nothing.
    """
    facts = {
        "units": list(units),
        "origin": period.start,
        "end": period.end,
        "now": now,
        "ignoring": list(ignoring),
    }
    length = (period.end - period.start) // CELL + 1
    return {unit: gathered(places, length) for unit, places in session.execute(_FULL, facts)}
