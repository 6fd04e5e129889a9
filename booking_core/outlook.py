"""All that decides on a booking, seen in one look: the rules, what is taken around the time, who has what already."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from booking_core import occupancy, rulebook, wire
from booking_core.errors import UnknownService
from booking_core.occupancy import Taken
from booking_core.rulebook import Rules
from booking_core.values import AppointmentId, Period, Slot, UserId

# The day of the visit and, before and after it, as much as the whole visit with its buffers could take at the most.
_LOOK = text(f"""
    WITH wanted AS MATERIALIZED (
        SELECT ARRAY(SELECT code FROM services WHERE id = ANY(CAST(:services AS bigint[]))) AS codes,
               (SELECT CAST(coalesce(sum(duration_minutes + buffer_before + buffer_after), 0) / 60 AS integer) + 2
                  FROM services WHERE id = ANY(CAST(:services AS bigint[]))) AS margin
    ), asked AS MATERIALIZED (
        SELECT ARRAY[workshops.id] AS workshops, CAST(:ignoring AS bigint[]) AS ignoring, units, capacities,
               date_trunc('day', CAST(:start AS timestamptz), timezone) - make_interval(hours => margin) AS origin,
               date_trunc('day', CAST(:start AS timestamptz), timezone) + make_interval(hours => 25 + margin) AS "end"
          FROM wanted CROSS JOIN workshops
         CROSS JOIN LATERAL (SELECT array_agg(resources.id) AS units, array_agg(CAST(capacity AS bigint)) AS capacities
                               FROM resources WHERE workshop_id = workshops.id AND capacity > 0) AS room
         WHERE workshops.id = :workshop
    ), {occupancy.FULL}
    SELECT {rulebook.RULES}, origin, "end", (SELECT json_agg(json_build_array(unit, quarters)) FROM taken),
           EXISTS (SELECT FROM dead), max_open_appointments, max_holds_per_hour, mine.*
      FROM wanted CROSS JOIN asked CROSS JOIN workshops
     CROSS JOIN LATERAL (
               SELECT count(*) FILTER (WHERE workshop_id = workshops.id AND status = 'confirmed' AND end_time > :now),
                      count(*) FILTER (WHERE workshop_id = workshops.id AND created_at > :an_hour_ago),
                      count(*) FILTER (WHERE status = 'reserved')
                 FROM appointments WHERE user_id = :user) AS mine
     WHERE workshops.id = :workshop
""")  # noqa: S608 - Nothing but our own words is put in.


@dataclass(frozen=True)
class Standing:
    """What a customer may have at the workshop, and has: appointments, holds of the last hour, open holds anywhere."""

    max_open: int
    max_held: int
    open: int
    held: int
    holds: int


@dataclass(frozen=True)
class Outlook:
    """`taken` covers all that a visit on the day of the slot may keep."""

    rules: Rules
    taken: Taken
    standing: Standing


def look(
    session: Session,
    slot: Slot,
    user: UserId | None = None,
    *,
    now: datetime,
    ignoring: Collection[AppointmentId] = (),
) -> Outlook:
    """What the appointments in `ignoring` occupy counts as free. Raises UnknownService where there is no workshop."""
    facts = {
        "workshop": slot.workshop,
        "services": wire.array(slot.services),
        "start": slot.start,
        "ignoring": wire.array(ignoring),
        "user": user,
        "now": now,
        "an_hour_ago": now - timedelta(hours=1),
    }
    rows = wire.send(session, _LOOK, facts)
    if not rows:
        raise UnknownService(workshop=slot.workshop, services=slot.services)
    calendar, jobs, origin, end, taken, dead_holds, *standing = rows[0]
    return Outlook(
        rulebook.read(calendar, jobs),
        occupancy.read(taken or (), Period(origin, end), dead_holds=dead_holds),
        Standing(*standing),
    )
