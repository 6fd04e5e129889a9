"""The workshops a caller may look after."""

from fastapi import APIRouter
from pydantic import BaseModel

from app.admin.counter import Admitted
from app.admin.refusals import KNOWN, refusals
from app.http.transactions import Transacting
from booking_core import directory

router = APIRouter(tags=["workshops"], responses=refusals(*KNOWN))


class WorkshopShown(BaseModel):
    id: int
    name: str
    city: str
    timezone: str


@router.get("/workshops")
def list_workshops(caller: Admitted, transact: Transacting) -> list[WorkshopShown]:
    """Those of which everything else here is about one."""
    return [
        WorkshopShown(id=place.id, name=place.name, city=place.city, timezone=place.zone.key)
        for place in transact(lambda session, now: directory.all_workshops(session))
        if caller.works_at(place.id)
    ]
