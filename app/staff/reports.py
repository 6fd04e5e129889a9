"""What there is to know: who waits, how it goes, who did what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fastapi import APIRouter, Response

from app.staff import calendar
from app.staff.desk import AtDesk, StaffRoute
from booking_core.counter import figures, logs, unserved
from booking_core.counter.figures import Load

router = APIRouter(prefix="/staff/{workshop_id}", route_class=StaffRoute)

DAYS = 14


@dataclass(frozen=True)
class Row:
    """One resource's days; a load is a share of what is open, None where nothing is."""

    name: str
    loads: Sequence[float | None]


@router.get("/waiting", name="list_waiting")
def show_waiting(desk: AtDesk) -> Response:
    waiting = desk.at(lambda session, now: unserved.waiting_list(session, desk.at.workshop)).items
    refused = desk.at(lambda session, now: unserved.refused_wishes(session, desk.at.workshop, limit=20)).items
    return desk.show("waiting.html", tab="waiting", waiting=waiting, refused=refused)


@router.get("/figures", name="read_figures")
def show_figures(desk: AtDesk, since: date | None = None) -> Response:
    first = since or desk.now.date() - timedelta(days=3)
    told = desk.at(lambda session, now: figures.figures(session, desk.at.workshop, first, DAYS))
    names = {int(one["id"]): one["title"] for one in desk.at(lambda s, _: calendar.columns(s, desk.at.workshop))}
    days = [first + timedelta(days=count) for count in range(DAYS)]
    rows = [Row(name, _loads(told.load, resource, days)) for resource, name in names.items()]
    return desk.show("figures.html", tab="figures", figures=told, days=days, rows=rows, step=timedelta(days=DAYS))


def _loads(load: Sequence[Load], resource: int, days: Sequence[date]) -> list[float | None]:
    of_day = {one.day: one for one in load if one.resource == resource}
    return [one.booked / one.open if (one := of_day.get(day)) and one.open else None for day in days]


@router.get("/audit", name="read_audit")
def show_audit(desk: AtDesk, after: int | None = None) -> Response:
    changes = desk.at(lambda session, now: logs.changes(session, desk.at.workshop, after=after))
    return desk.show("audit.html", tab="audit", changes=changes)
