"""When a workshop reminds and when it is quiet, as it stands in its row."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from booking_core import wire
from booking_core.lead_times import MondaysOn, Rules
from booking_core.tables import WorkshopRow, table_of
from booking_core.values import WorkshopId

HouseRules = tuple[ZoneInfo, Rules]
"""The zone in which they hold, and the rules."""

WORKSHOP = table_of(WorkshopRow).c
COLUMNS = (
    WORKSHOP.timezone,
    WORKSHOP.remind_day_before,
    WORKSHOP.remind_hours_before,
    WORKSHOP.remind_ready,
    WORKSHOP.remind_no_show,
    WORKSHOP.quiet_from,
    WORKSHOP.quiet_until,
    WORKSHOP.remind_mondays_on,
)
_RULES = select(*COLUMNS).where(WORKSHOP.id == bindparam("workshop"))


def read(row: Sequence[Any]) -> HouseRules:
    """What a row of `COLUMNS` says."""
    zone, day_before, hours_before, ready, no_show, quiet_from, quiet_until, mondays_on = row
    mondays = MondaysOn(mondays_on)
    return ZoneInfo(zone), Rules(day_before, hours_before, ready, no_show, quiet_from, quiet_until, mondays)


def of(session: Session, workshop: WorkshopId) -> HouseRules:
    [row] = wire.send(session, _RULES, {"workshop": workshop})
    return read(row)
