"""The house as its owner arranges it: where it is, when it is open, its rules and how it reminds."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel

from app.admin import settings as counter
from app.admin.settings import Changed, WorkshopChange
from app.staff.desk import AtDesk, Desk, StaffRoute

router = APIRouter(prefix="/staff/{workshop_id}/settings", route_class=StaffRoute)

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ANY = "*"


class Place(BaseModel):
    name: str
    address: str
    plz: str
    city: str
    phone: str


class Rules(BaseModel):
    """As a form sends them: a box that is not ticked is not there."""

    min_notice: int
    horizon_days: int
    cancel_cutoff: int
    familiar: bool = False


class Reminding(BaseModel):
    """The same of reminders; no hours mean no second one."""

    remind_day_before: bool = False
    remind_hours_before: int | None = None
    remind_mondays_on: str
    remind_ready: bool = False
    remind_no_show: bool = False
    quiet_from: str
    quiet_until: str


@router.get("", name="read_settings")
def show_settings(desk: AtDesk) -> Response:
    services, resources = counter.list_services(desk.at), counter.list_resources(desk.at)
    kinds = dict.fromkeys([*(one.kind for one in resources), *(kind for one in services for kind in one.kinds)])
    facts = counter.read_settings(desk.at, Response())
    parts = {"services": services, "resources": resources, "kinds": list(kinds), "week": WEEK}
    return desk.show("settings.html", tab="settings", facts=facts, **parts)


@router.post("/hours", name="change_settings")
async def change_hours(desk: AtDesk, request: Request) -> Response:
    """Each day as "07:30-12:00, 13:00-17:30"; asked for once it shows whom it hits, asked for again it is done."""
    form = await request.form()
    hours = {day: spans for day in WEEK if (spans := _spans(str(form.get(day, ""))))}
    return _told(desk, {"opening_hours": hours, "dry_run": "sure" not in form}, form)


@router.post("/rules", name="change_settings")
def change_rules(desk: AtDesk, rules: Annotated[Rules, Form()]) -> Response:
    return _told(desk, rules.model_dump())


@router.post("/reminders", name="change_settings")
def change_reminders(desk: AtDesk, reminding: Annotated[Reminding, Form()]) -> Response:
    return _told(desk, reminding.model_dump())


@router.post("/place", name="change_settings")
def change_place(desk: AtDesk, place: Annotated[Place, Form()]) -> Response:
    return _told(desk, place.model_dump())


def _told(desk: Desk, change: Mapping[str, Any], form: Mapping[str, Any] | None = None) -> Response:
    """What came of it; a `form` is to be sent again by whoever is sure."""
    changed: Changed = counter.change_settings(desk.at, WorkshopChange.model_validate(change), ANY)
    facts = {name: value for name, value in (form or {}).items() if name != "sure"}
    again = str(desk.request.url.path)
    sure = form is None or "sure" in form
    return desk.show("saved.html", affected=changed.affected, form=facts, sure=sure, again=again)


def _spans(written: str) -> list[list[str]]:
    return [[part.strip() for part in span.replace("–", "-").split("-")] for span in written.split(",") if span.strip()]
