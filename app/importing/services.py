"""Services from a table: everybody's, or one workshop's own."""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.admin.types import Code, Id, Plain, Words
from app.importing.hours import Hours, Seasons
from booking_core import directory
from booking_core.tables import ServiceRow
from booking_core.values import WorkshopId


def _kinds(written: object) -> Any:
    return [kind.strip() for kind in str(written).split(";") if kind.strip()]


class Service(BaseModel):
    """Durations are minutes, `price` is cents; without `workshop` every workshop sells it."""

    model_config = ConfigDict(extra="forbid")

    workshop: Id | None = None
    code: Code
    name: Words
    name_en: Words
    description: Plain = ""
    duration_minutes: int = Field(ge=1, le=1440)
    buffer_before: int = Field(0, ge=0)
    buffer_after: int = Field(0, ge=0)
    price: int = Field(ge=0, le=10_000_000)
    kinds: Annotated[list[Code], BeforeValidator(_kinds), Field(min_length=1)]
    windows: Hours | None = None
    season: Seasons | None = None


def put(session: Session, service: Service) -> None:
    """Add a service, or word the one with this code anew. Raises UnknownWorkshop."""
    workshop = None if service.workshop is None else WorkshopId(service.workshop)
    if workshop is not None:
        directory.workshop(session, workshop)
    facts = service.model_dump(exclude={"workshop"})
    row = session.scalars(
        select(ServiceRow).where(ServiceRow.code == service.code, ServiceRow.workshop_id.is_not_distinct_from(workshop))
    ).one_or_none()
    if row is None:
        session.add(ServiceRow(workshop_id=workshop, **facts))
    else:
        for name, fact in facts.items():
            setattr(row, name, fact)
    session.flush()
