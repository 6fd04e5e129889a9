"""What the workshop sells and works with: its services and resources, changed line by line."""

import re
from typing import Annotated

from fastapi import APIRouter, Form, Response
from pydantic import BaseModel, Field

from app.admin import settings as counter
from app.admin.settings import Resource, ResourceChange, Service
from app.admin.types import Code, Id
from app.admin.writing import Repeatable
from app.staff.desk import AtDesk, Desk, StaffRoute
from booking_core.errors import NameTaken, Unknown

router = APIRouter(prefix="/staff/{workshop_id}/settings", route_class=StaffRoute)


class Offered(BaseModel):
    """A line of the services, as a form sends it."""

    name: str
    duration_minutes: int
    buffer_after: int
    euros: float = Field(ge=0, le=100_000)

    def facts(self) -> dict[str, object]:
        """As the API has them, in cents."""
        return {**self.model_dump(exclude={"euros"}), "price": round(self.euros * 100)}


class New(Offered):
    """A service that only this workshop has; its code is made of the English name."""

    name_en: str = Field(pattern="[A-Za-z0-9]")
    kind: str

    @property
    def code(self) -> str:
        return "-".join(re.findall("[a-z0-9]+", self.name_en.lower()))[:40].strip("-")

    def facts(self) -> dict[str, object]:
        facts = super().facts()
        kind = facts.pop("kind")
        return {**facts, "kinds": [kind]}


@router.post("/services", name="put_service")
def add_service(desk: AtDesk, new: Annotated[New, Form()]) -> Response:
    """Raises NameTaken for one that there is already."""
    if any(new.code == one.code for one in counter.list_services(desk.at)):
        raise NameTaken(name=new.name_en)
    counter.put_service(desk.at, new.code, Service.model_validate(new.facts()))
    return _shown_anew(desk)


@router.post("/services/{code}", name="put_service")
def change_service(desk: AtDesk, code: Code, offered: Annotated[Offered, Form()]) -> Response:
    known = next((one for one in counter.list_services(desk.at) if one.code == code), None)
    if known is None:
        raise Unknown(service=code)
    facts = known.model_dump(exclude={"code", "own"})
    counter.put_service(desk.at, code, Service.model_validate({**facts, **offered.facts()}))
    return desk.show("saved.html", affected=[], form={}, sure=True, again="")


@router.post("/resources", name="add_resource")
def add_resource(
    desk: AtDesk, kind: Annotated[str, Form()], name: Annotated[str, Form()], capacity: Annotated[int, Form()]
) -> Response:
    facts = {"kind": kind, "name": name, "capacity": capacity}
    counter.add_resource(desk.at, Resource.model_validate(facts), Repeatable())
    return _shown_anew(desk)


@router.post("/resources/{resource_id}", name="change_resource")
def change_resource(
    desk: AtDesk, resource_id: Id, name: Annotated[str, Form()], capacity: Annotated[int, Form()]
) -> Response:
    change = ResourceChange.model_validate({"name": name, "capacity": capacity})
    changed = counter.change_resource(desk.at, resource_id, change)
    return desk.show("saved.html", affected=changed.affected, form={}, sure=True, again="")


def _shown_anew(desk: Desk) -> Response:
    return Response(status_code=204, headers={"HX-Redirect": f"{desk.home}/settings"})
