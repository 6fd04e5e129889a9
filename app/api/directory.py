"""Which workshops there are, and what they do."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from app.api import answers
from app.api.paging import link_next
from app.api.refusals import refusals
from app.api.requests import ServicesWanted, WorkshopsWanted
from app.http.transactions import Transacting
from booking_core import directory, services
from booking_core.directory import Place
from booking_core.services import Service
from booking_core.values import WorkshopId

router = APIRouter()


@router.get("/workshops", operation_id="listWorkshops", tags=["workshops"], responses=refusals("unknown_workshop"))
def list_workshops(
    transact: Transacting, request: Request, response: Response, wanted: Annotated[WorkshopsWanted, Query()]
) -> answers.Workshops:
    """The workshops near a postcode, those of a town, or all there are.

    Near a postcode the nearest come first, otherwise those that have been here longest.
    """

    def find(session: Session, now: datetime) -> list[Place]:
        if wanted.after is not None:
            directory.workshop(session, wanted.after)
        return _places(session, wanted, wanted.limit + 1)

    found = transact(find)
    shown = found[: wanted.limit]
    following = link_next(request, response, after=shown[-1].id) if len(found) > len(shown) else None
    return answers.Workshops(workshops=[answers.Workshop.at(place) for place in shown], next=following)


def _places(session: Session, wanted: WorkshopsWanted, limit: int) -> list[Place]:
    after = wanted.after or WorkshopId(0)
    if wanted.plz:
        return directory.nearest_workshops(session, wanted.plz, limit=limit, after=wanted.after)
    if wanted.city:
        return [place for place in directory.workshops_in(session, wanted.city) if place.id > after][:limit]
    return directory.all_workshops(session, after=after, limit=limit)


@router.get("/services", operation_id="listServices", tags=["workshops"], responses=refusals("unknown_workshop"))
def list_services(transact: Transacting, wanted: Annotated[ServicesWanted, Query()]) -> answers.Services:
    """What a workshop does. Several services can be done in one visit."""

    def find(session: Session, now: datetime) -> list[Service]:
        directory.workshop(session, wanted.workshop_id)
        return services.services_of(session, wanted.workshop_id)

    return answers.Services(services=[answers.ServiceSold.of(service) for service in transact(find)])
