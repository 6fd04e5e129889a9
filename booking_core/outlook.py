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
# Each table is read once: what the rules say of the units is what is asked for, too.
_LOOK = text(f"""
    WITH asked AS MATERIALIZED (
        SELECT {rulebook.CALENDAR} AS calendar, jobs, max_open_appointments, max_holds_per_hour,
               ARRAY[workshops.id] AS workshops, CAST(:ignoring AS bigint[]) AS ignoring, room.units, room.capacities,
               date_trunc('day', CAST(:start AS timestamptz), timezone) - make_interval(hours => margin) AS origin,
               date_trunc('day', CAST(:start AS timestamptz), timezone) + make_interval(hours => 25 + margin) AS "end"
          FROM workshops CROSS JOIN LATERAL ({rulebook.ROOM}) AS room
         CROSS JOIN LATERAL (
                   SELECT CAST(json_agg(services.* ORDER BY services.id) AS text) AS jobs, 2 + CAST(
                          coalesce(sum(duration_minutes + buffer_before + buffer_after), 0) / 60 AS integer) AS margin
                     FROM services WHERE services.id = ANY(CAST(:services AS bigint[]))
                      AND (services.workshop_id = workshops.id OR services.workshop_id IS NULL AND NOT EXISTS (
                           SELECT FROM services AS own
                            WHERE own.code = services.code AND own.workshop_id = workshops.id))) AS sold
         WHERE workshops.id = :workshop
    ), {occupancy.FULL}
    SELECT calendar, jobs, origin, "end", (SELECT json_agg(json_build_array(unit, quarters)) FROM taken),
           EXISTS (SELECT FROM dead), max_open_appointments, max_holds_per_hour, mine.*
      FROM asked CROSS JOIN LATERAL (
               SELECT count(*) FILTER (WHERE workshop_id = :workshop AND status = 'confirmed' AND end_time > :now),
                      count(*) FILTER (WHERE workshop_id = :workshop AND created_at > :an_hour_ago),
                      count(*) FILTER (WHERE status = 'reserved')
                 FROM appointments WHERE user_id = :user) AS mine
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
