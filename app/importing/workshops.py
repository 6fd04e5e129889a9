"""Workshops, with all they work with, from a table."""

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.admin.types import Code, Phone, Plz, Words
from app.importing.hours import Hours
from app.importing.tables import Unfit
from booking_core.postcodes import locate
from booking_core.tables import ResourceRow, WorkshopRow
from booking_core.values import WorkshopId

STATES = "^(BW|BY|BE|BB|HB|HH|HE|MV|NI|NW|RP|SL|SN|ST|SH|TH)$"


class Resource(BaseModel):
    kind: Code
    name: Words


def _resources(written: object) -> Any:
    parts = [part.partition(":") for part in str(written).split(";") if part.strip()]
    return [{"kind": kind.strip(), "name": name.strip()} for kind, _, name in parts]


class Workshop(BaseModel):
    """`resources` as in "lift: Bühne 1; lift: Bühne 2; examiner: Prüfingenieur"."""

    model_config = ConfigDict(extra="forbid")

    name: Words
    address: Words
    plz: Plz
    city: Words
    phone: Phone
    state: str = Field(pattern=STATES)
    opening_hours: Hours
    resources: Annotated[list[Resource], BeforeValidator(_resources)] = []
    catholic_holidays: bool = False
    min_notice: int = Field(120, ge=0)
    horizon_days: int = Field(120, ge=1, le=400)
    cancel_cutoff: int = Field(1440, ge=0)
    max_open_appointments: int = Field(3, ge=1)
    familiar: bool = False


def add(session: Session, workshop: Workshop) -> WorkshopId:
    """Open a workshop; its number. Raises Unfit if there is one of this name there, or its postcode is none."""
    known = select(WorkshopRow.id).where(WorkshopRow.name == workshop.name, WorkshopRow.plz == workshop.plz)
    if session.scalar(known) is not None:
        raise Unfit(f"there is a workshop {workshop.name} in {workshop.plz} already")
    if _twice(resource.name for resource in workshop.resources):
        raise Unfit("resources: two have the same name")
    point = locate(workshop.plz)
    if point is None:
        raise Unfit(f"plz: {workshop.plz} is no German postcode")
    row = WorkshopRow(**workshop.model_dump(exclude={"resources"}), lat=point[0], lng=point[1])
    session.add(row)
    session.flush()
    session.add_all(ResourceRow(workshop_id=row.id, **resource.model_dump()) for resource in workshop.resources)
    session.flush()
    return row.id


def _twice(names: Iterable[str]) -> bool:
    listed = list(names)
    return len(set(listed)) < len(listed)
