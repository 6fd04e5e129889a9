"""Free times, and why there are none."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.orm import Session

from app.api import answers
from app.api.paging import link_next
from app.api.refusals import refusals
from app.api.requests import SlotsWanted
from app.http.transactions import Transacting
from booking_core import directory, services, slots
from booking_core.directory import Place
from booking_core.errors import UnknownService
from booking_core.slots import Found, Reason, WhyNot
from booking_core.values import Period

router = APIRouter()

FAR = timedelta(days=400)
"""Nobody's calendar is open that far ahead."""


@router.get(
    "/slots",
    operation_id="findSlots",
    tags=["slots"],
    responses=refusals("unknown_workshop", "unknown_service"),
)
def find_slots(
    transact: Transacting, request: Request, response: Response, wanted: Annotated[SlotsWanted, Query()]
) -> answers.Slots:
    """The free times of some days, earliest first; if there are none, why not, and free times near by.

    A time can be held or booked by its `start`. It is only certain once it is.
    """

    def find(session: Session, now: datetime) -> tuple[Place, Found]:
        place = directory.workshop(session, wanted.workshop_id)
        return place, _find(session, wanted, place, now=now)

    place, found = transact(find)
    page = Found(found.slots[: wanted.limit], found.why_not, found.alternatives)
    more = len(found.slots) > wanted.limit
    last = page.slots[-1].start.isoformat() if more else None
    following = link_next(request, response, after=last) if last else None
    return answers.Slots.of(page, place, following)


def _find(session: Session, wanted: SlotsWanted, place: Place, *, now: datetime) -> Found:
    sold = {service.id: service.code for service in services.services_of(session, place.id)}
    if unknown := [identity for identity in wanted.service_id if identity not in sold]:
        raise UnknownService(service=unknown[0])
    first = wanted.date or now.astimezone(place.zone).date()
    if beyond := _beyond(first, now.astimezone(place.zone).date()):
        return Found((), WhyNot(beyond, first))
    start, end = (datetime.combine(day, time(), place.zone) for day in (first, first + timedelta(days=wanted.days)))
    if wanted.after is not None and wanted.after >= start:
        start = min(wanted.after + timedelta.resolution, end)
    codes = [sold[identity] for identity in wanted.service_id]
    window = Period(start, end)
    return slots.find_slots(session, codes, workshops=[place.id], windows=[window], now=now, limit=wanted.limit + 1)


def _beyond(day: date, today: date) -> Reason | None:
    """Days that no calendar reaches, and some that even calendars of centuries do not."""
    if day < today - timedelta(days=60):
        return Reason.PAST
    return Reason.HORIZON if day > today + FAR else None
