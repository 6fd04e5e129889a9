"""The house as its owner arranges it: hours, services, resources."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from app.admin import settings as counter
from app.admin.settings import Changed, ResourceChange, Service, WorkshopChange
from app.admin.types import Code, Id
from app.staff.desk import AtDesk, Desk, StaffRoute

router = APIRouter(prefix="/staff/{workshop_id}/settings", route_class=StaffRoute)

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ANY = "*"


@router.get("", name="read_settings")
def show_settings(desk: AtDesk) -> Response:
    return desk.show("settings.html", tab="settings", **_facts(desk))


def _facts(desk: Desk) -> dict[str, Any]:
    return {
        "facts": counter.read_settings(desk.at, Response()),
        "services": counter.list_services(desk.at),
        "resources": counter.list_resources(desk.at),
        "week": WEEK,
    }


@router.post("/hours", name="change_settings")
async def change_hours(desk: AtDesk, request: Request) -> Response:
    """Each day as "07:30-12:00, 13:00-17:30"; asked for once it shows whom it hits, asked for again it is done."""
    form = await request.form()
    hours = {day: spans for day in WEEK if (spans := _spans(str(form.get(day, ""))))}
    return _told(desk, WorkshopChange.model_validate({"opening_hours": hours, "dry_run": "sure" not in form}), form)


@router.post("/rules", name="change_settings")
def change_rules(
    desk: AtDesk,
    min_notice: Annotated[int, Form()],
    horizon_days: Annotated[int, Form()],
    cancel_cutoff: Annotated[int, Form()],
    familiar: Annotated[bool, Form()] = False,
) -> Response:
    rules = {"min_notice": min_notice, "horizon_days": horizon_days, "cancel_cutoff": cancel_cutoff}
    rules["familiar"] = familiar
    return _told(desk, WorkshopChange.model_validate(rules), {"sure": "yes"})


@router.post("/services/{code}", name="put_service")
def change_service(
    desk: AtDesk,
    code: Code,
    name: Annotated[str, Form()],
    duration_minutes: Annotated[int, Form()],
    buffer_after: Annotated[int, Form()],
    euros: Annotated[float, Form(ge=0)],
) -> Response:
    known = next(one for one in counter.list_services(desk.at) if one.code == code)
    facts = known.model_dump(exclude={"code", "own"})
    news = {
        "name": name,
        "duration_minutes": duration_minutes,
        "buffer_after": buffer_after,
        "price": round(euros * 100),
    }
    counter.put_service(desk.at, code, Service.model_validate({**facts, **news}))
    return desk.show("saved.html", affected=[], form={}, sure=True, again="")


@router.post("/resources/{resource_id}", name="change_resource")
def change_resource(
    desk: AtDesk, resource_id: Id, name: Annotated[str, Form()], capacity: Annotated[int, Form()]
) -> Response:
    changed = counter.change_resource(
        desk.at, resource_id, ResourceChange.model_validate({"name": name, "capacity": capacity})
    )
    return desk.show("saved.html", affected=changed.affected, form={}, sure=True, again="")


def _told(desk: Desk, change: WorkshopChange, form: Any) -> Response:
    changed: Changed = counter.change_settings(desk.at, change, ANY)
    facts = {name: value for name, value in form.items() if name != "sure"}
    again = str(desk.request.url.path)
    return desk.show("saved.html", affected=changed.affected, form=facts, sure="sure" in form, again=again)


def _spans(written: str) -> list[list[str]]:
    return [[part.strip() for part in span.replace("–", "-").split("-")] for span in written.split(",") if span.strip()]
