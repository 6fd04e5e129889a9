"""Closures from a table or from a calendar, as a works council or a holiday planner exports them."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from icalendar import Calendar
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.admin.types import Id, Words
from app.importing.tables import Line, Unfit, Unreadable
from booking_core import closures, directory
from booking_core.tables import ResourceRow
from booking_core.values import Period, ResourceId, WorkshopId

ACTOR = "import"


class Closure(BaseModel):
    """From a day to a day, both included, or from a local time to another; of one resource, if one is named."""

    model_config = ConfigDict(extra="forbid")

    workshop: Id
    start: date | datetime
    end: date | datetime
    reason: Words
    resource: Words | None = None


def calendar_lines(path: Path, workshop: int) -> list[Line]:
    """The events of a calendar as closures of one workshop; the line is the event's number. Raises Unreadable."""
    try:
        calendar = Calendar.from_ical(path.read_bytes())
    except ValueError as error:
        raise Unreadable(f"{path} is no calendar: {error}") from None
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from None
    events = calendar.walk("VEVENT")
    return [Line(number, _cells(event, workshop)) for number, event in enumerate(events, 1)]


def _cells(event: Any, workshop: int) -> dict[str, Any]:
    """A calendar's day ends before the next one begins; ours is included."""
    cells = {"workshop": workshop, "reason": str(event.get("SUMMARY", "")).strip() or None}
    start = event.decoded("DTSTART", None)
    end = event.decoded("DTEND", None)
    if end is not None and not isinstance(end, datetime):
        end -= timedelta(days=1)
    cells |= {"start": start, "end": end or start}
    return {name: cell for name, cell in cells.items() if cell is not None}


def add(session: Session, closure: Closure, *, now: datetime) -> int:
    """Close, and how many appointments that hits. Raises UnknownWorkshop or Unfit."""
    place = directory.workshop(session, WorkshopId(closure.workshop))
    start, end = (_moment(closure.start, place.zone, 0), _moment(closure.end, place.zone, 1))
    if end <= start:
        raise Unfit("end: a closure ends after it starts")
    resource = _resource(session, place.id, closure.resource)
    period = Period(start, end)
    closures.close(session, place.id, period, closure.reason, resource=resource, actor=ACTOR, now=now)
    return len(closures.affected(session, place.id, period, resource=resource, now=now))


def _moment(written: date | datetime, zone: Any, days_later: int) -> datetime:
    if isinstance(written, datetime):
        return written if written.tzinfo else written.replace(tzinfo=zone)
    return datetime.combine(written + timedelta(days=days_later), time(), zone)


def _resource(session: Session, workshop: WorkshopId, name: str | None) -> ResourceId | None:
    if name is None:
        return None
    named = select(ResourceRow.id).where(ResourceRow.workshop_id == workshop, ResourceRow.name == name)
    found = session.scalar(named)
    if found is None:
        raise Unfit(f"resource: the workshop has no {name}")
    return found
