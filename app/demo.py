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

_ZONE = ZoneInfo("Europe/Berlin")
_YEARS = range(2026, 2036)
_NO_COLUMNS = {"lifts", "resources", "services", "winter_break"}


def seed_demo(session: Session) -> bool:
    """Fill an empty database with the demo's workshops; whether it was empty."""
    if session.scalar(select(exists(select(WorkshopRow.id)))):
        return False
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    session.add_all(ServiceRow(**service) for service in data["services"])
    for workshop in data["workshops"]:
        _open_workshop(session, workshop, data)
    return True


def _open_workshop(session: Session, facts: dict[str, Any], data: dict[str, Any]) -> None:
    lat, lng = locate(facts["plz"]) or (0, 0)
    columns = {name: fact for name, fact in facts.items() if name not in _NO_COLUMNS}
    workshop = WorkshopRow(**columns, lat=lat, lng=lng, state="NW")
    session.add(workshop)
    session.flush()
    lifts = [{"kind": "lift", "name": f"Bühne {number}"} for number in range(1, facts["lifts"] + 1)]
    others = [{"kind": kind, **data["resources"][kind]} for kind in facts["resources"]]
    session.add_all(ResourceRow(workshop_id=workshop.id, **resource) for resource in [*lifts, *others])
    everybodys = {service["code"]: service for service in data["services"]}
    own = [everybodys[code] | changed for code, changed in facts.get("services", {}).items()]
    session.add_all(ServiceRow(workshop_id=workshop.id, **service) for service in own)
    if "winter_break" in facts:
        session.add_all(_winter_break(workshop, year, *facts["winter_break"]) for year in _YEARS)


def _winter_break(workshop: WorkshopRow, year: int, first: str, last: str) -> ClosureRow:
    """From a day in this year to one in the next, both included."""
    start = datetime.combine(date.fromisoformat(f"{year}-{first}"), time(), _ZONE)
    end = datetime.combine(date.fromisoformat(f"{year + 1}-{last}") + timedelta(days=1), time(), _ZONE)
    return ClosureRow(workshop_id=workshop.id, start_time=start, end_time=end, reason="Betriebsferien")


def fill(engine: Engine) -> None:
    """Seed the demo into a database that was just migrated."""
    with Session(engine) as session, session.begin():
        seed_demo(session)
