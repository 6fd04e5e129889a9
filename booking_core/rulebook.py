"""The rules of workshops as they stand in the database, read in one query, parsed once per wording."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from booking_core import wire
from booking_core.calendars import Calendar, read_calendar
from booking_core.values import ServiceId, WorkshopId
from booking_core.visits import Job, Visit, plan_visit, read_jobs

ROOM = """
    SELECT json_agg(resources.* ORDER BY resources.id) AS described,
           array_agg(resources.id) AS units, array_agg(CAST(resources.capacity AS bigint)) AS capacities
      FROM resources WHERE resources.workshop_id = workshops.id AND resources.capacity > 0
"""
"""What a workshop works with, read along with it as `room`."""

# Texts, because a text is its own cache key: the same rules are parsed once, and a changed rule is never served stale.
CALENDAR = """
    CAST(json_build_object(
             'workshop', row_to_json(workshops.*), 'units', room.described,
             'closures', (SELECT json_agg(closures.* ORDER BY closures.start_time, closures.id) FROM closures
                           WHERE closures.workshop_id = workshops.id AND closures.end_time > :now)
         ) AS text)
"""
"""All rules of a workshop but those of its services."""

# What is asked stands apart, out of the planner's sight: so one plan serves for all, and is made only once.
_RULES = text(f"""
    WITH asked AS MATERIALIZED (
        SELECT CAST(:workshops AS bigint[]) AS places, CAST(:codes AS text[]) AS codes, CAST(:ids AS bigint[]) AS ids
    ), wanted AS MATERIALIZED (
        SELECT places, codes || ARRAY(SELECT code FROM services WHERE id = ANY(ids)) AS codes FROM asked
    )
    SELECT {CALENDAR},
           CAST((SELECT json_agg(services.* ORDER BY services.id) FROM services
                  WHERE services.code = ANY(wanted.codes)
                    AND (services.workshop_id = workshops.id OR services.workshop_id IS NULL)) AS text)
      FROM wanted JOIN workshops ON workshops.id = ANY(wanted.places) CROSS JOIN LATERAL ({ROOM}) AS room
""")  # noqa: S608 - Nothing but our own words is put in.


@dataclass(frozen=True)
class Rules:
    """One workshop's calendar, and those of the wanted services that it sells."""

    calendar: Calendar
    jobs: Mapping[str, Job]

    def not_offered(self, codes: Sequence[str]) -> str | None:
        """The first service that this workshop does not sell, or has nothing to do it with."""
        return next((code for code in codes if not self._offers(code)), None)

    def _offers(self, code: str) -> bool:
        job = self.jobs.get(code)
        return job is not None and all(self.calendar.units_of(kind) for kind in job.kinds)

    def visit(self, codes: Sequence[str]) -> Visit:
        return plan_visit(tuple(self.jobs[code] for code in codes))


def read(calendar: str, jobs: str | None) -> Rules:
    """What the two columns say."""
    return Rules(read_calendar(calendar), read_jobs(jobs or "[]"))


def read_rules(
    session: Session,
    workshops: Sequence[WorkshopId],
    *,
    codes: Sequence[str] = (),
    ids: Sequence[ServiceId] = (),
    now: datetime,
) -> list[Rules]:
    """The rules of these workshops, in this order, with the services of these codes or ids; others are left out."""
    facts = {"workshops": wire.array(workshops), "codes": list(codes), "ids": wire.array(ids), "now": now}
    found = {rules.calendar.workshop: rules for rules in (read(*row) for row in wire.send(session, _RULES, facts))}
    return [found[workshop] for workshop in dict.fromkeys(workshops) if workshop in found]
