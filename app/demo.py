"""Workshops to try things out with."""

import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, exists, select
from sqlalchemy.orm import Session

from booking_core.postcodes import locate
from booking_core.tables import ClosureRow, ResourceRow, ServiceRow, WorkshopRow

DATA = Path(__file__).parent / "data" / "demo.toml"
SOURCES = (DATA, Path(__file__))
"""The files that decide what the demo's data is."""

CUTOFF = 240
"""Minutes: short enough to try out moving and cancelling what was booked for tomorrow."""

_ZONE = ZoneInfo("Europe/Berlin")
_YEARS = range(2026, 2036)


def seed_demo(session: Session) -> bool:
    """Fill an empty database with the demo's workshops; whether it was empty."""
    if session.scalar(select(exists(select(WorkshopRow.id)))):
        return False
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    session.add_all(ServiceRow(**service) for service in data["services"])
    for workshop in data["workshops"]:
        _open_workshop(session, workshop, data["resources"])
    return True


def _open_workshop(session: Session, facts: dict[str, Any], resources: list[dict[str, Any]]) -> None:
    lat, lng = locate(facts["plz"]) or (0, 0)
    named = {name: facts[name] for name in ("name", "address", "plz", "city", "phone")}
    workshop = WorkshopRow(**named, lat=lat, lng=lng, opening_hours=facts["hours"], state="NW", cancel_cutoff=CUTOFF)
    session.add(workshop)
    session.flush()
    lifts = [{"kind": "lift", "name": f"Bühne {number}"} for number in range(1, facts["lifts"] + 1)]
    session.add_all(ResourceRow(workshop_id=workshop.id, **resource) for resource in [*lifts, *resources])
    if "holidays" in facts:
        session.add_all(_winter_break(workshop, year, *facts["holidays"]) for year in _YEARS)


def _winter_break(workshop: WorkshopRow, year: int, first: str, last: str) -> ClosureRow:
    """From a day in this year to one in the next, both included."""
    start = datetime.combine(date.fromisoformat(f"{year}-{first}"), time(), _ZONE)
    end = datetime.combine(date.fromisoformat(f"{year + 1}-{last}") + timedelta(days=1), time(), _ZONE)
    return ClosureRow(workshop_id=workshop.id, start_time=start, end_time=end, reason="Betriebsferien")


def fill(engine: Engine) -> None:
    """Seed the demo into a database that was just migrated."""
    with Session(engine) as session, session.begin():
        seed_demo(session)
