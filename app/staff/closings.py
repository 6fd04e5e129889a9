"""Closures: whom they would hit comes first, then the closing."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Response

from app.admin import closings as counter
from app.admin.closings import Closure
from app.admin.types import Id
from app.admin.writing import EACH_TIME
from app.staff import calendar
from app.staff.desk import AtDesk, Desk, StaffRoute

router = APIRouter(prefix="/staff/{workshop_id}/closures", route_class=StaffRoute)


@router.get("", name="list_closures")
def show_closures(desk: AtDesk) -> Response:
    return desk.show("closures.html", tab="closures", closures=counter.list_closures(desk.at), columns=_columns(desk))


@router.post("", name="close")
def close(
    desk: AtDesk,
    start: Annotated[datetime, Form()],
    end: Annotated[datetime, Form()],
    reason: Annotated[str, Form()],
    resource: Annotated[str, Form()] = "",
    sure: Annotated[bool, Form()] = False,
) -> Response:
    """Asked for once it shows whom it hits; asked for again it is done."""
    facts = {"start": desk.local(start), "end": desk.local(end), "reason": reason, "dry_run": not sure}
    wish = Closure.model_validate(facts | {"resource_id": int(resource) if resource else None})
    closed = counter.close(desk.at, wish, EACH_TIME)
    answer = desk.show("affected.html", closed=closed, wish=wish, start=start, end=end, columns=_columns(desk))
    if sure:
        answer.headers["HX-Trigger"] = "closures"
    return answer


@router.get("/list", name="list_closures")
def show_list(desk: AtDesk) -> Response:
    return desk.show("closure_list.html", closures=counter.list_closures(desk.at), columns=_columns(desk))


@router.post("/{closure_id}/reopening", name="reopen")
def reopen(desk: AtDesk, closure_id: Id) -> Response:
    counter.reopen(desk.at, closure_id)
    return show_list(desk)


def _columns(desk: Desk) -> dict[int, str]:
    found = desk.at(lambda session, now: calendar.columns(session, desk.at.workshop))
    return {int(one["id"]): one["title"] for one in found}
