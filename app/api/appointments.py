"""Holds and appointments over HTTP: made, looked at, moved, cancelled."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Body, Depends, Header, Request, Response
from sqlalchemy.orm import Session

from app import mailroom
from app.api import answers, booking, requests
from app.api.idempotency import Answer, Once
from app.api.proving import Claimed, Shown, claim
from app.api.refusals import refusals
from app.api.versions import Version, etag, unchanged
from app.http.problems import Problem
from app.http.transactions import Transacting
from app.http.turnstile import caller

MAKING = (
    "key_required",
    "key_reused",
    "request_running",
    "unknown_service",
    "slot_taken",
    "not_bookable",
)
CHANGING = (
    "unauthenticated",
    "unknown_appointment",
    "wrong_status",
    "too_late",
    "stale",
    "precondition_required",
)


def sparingly(request: Request) -> None:
    """Nobody shall hoard times: these cost more than a look."""
    site = request.app.state.site
    standing = request.app.state.limiter.hit(site.rates.booking, caller(request.scope, site.trusted_proxies))
    if not standing.allowed:
        raise Problem("too_many_requests", headers=standing.headers)


router = APIRouter()
Sparingly = Depends(sparingly)


@router.post(
    "/holds",
    operation_id="holdSlot",
    tags=["appointments"],
    status_code=201,
    response_model=answers.AppointmentWithProof,
    responses=refusals(*MAKING, body=True),
    dependencies=[Sparingly],
)
def hold_slot(transact: Transacting, once: Once, wanted: Annotated[requests.NewHold, Body()]) -> Response:
    """Keep a time for ten minutes, until it is confirmed. It gives itself back when it is not."""

    def work(session: Session, now: datetime) -> Response:
        return once.once(session, lambda: _made(*booking.hold(session, wanted, now=now)), now=now)

    return transact(work)


@router.post(
    "/appointments",
    operation_id="bookAppointment",
    tags=["appointments"],
    status_code=201,
    response_model=answers.AppointmentWithProof,
    responses=refusals(
        *MAKING, "unauthenticated", "unknown_appointment", "wrong_status", "too_many_appointments", body=True
    ),
    openapi_extra={"security": [{}]},
    dependencies=[Sparingly],
)
def book_appointment(
    request: Request,
    transact: Transacting,
    once: Once,
    wanted: Annotated[requests.Booking, Body()],
    proof: Shown = None,
) -> Response:
    """Book a time for a guest, or confirm a hold, which wants its proof in `Appointment-Proof`.

    A guest is reached by e-mail or phone; a confirmation with a calendar file goes to the e-mail address.
    """

    def book(session: Session, now: datetime) -> booking.Made:
        if isinstance(wanted, requests.HoldToConfirm):
            return booking.confirm(session, wanted, claim(request, wanted.hold, proof), now=now)
        return booking.book(session, wanted, now=now)

    def work(session: Session, now: datetime) -> Response:
        return once.once(session, lambda: _made(*book(session, now)), now=now)

    return transact(work)


@router.get(
    "/appointments/{code}",
    operation_id="showAppointment",
    tags=["appointments"],
    response_model=answers.Appointment,
    responses=refusals("unauthenticated", "unknown_appointment") | {304: {"description": "As you know it"}},
)
def show_appointment(
    transact: Transacting,
    mine: Claimed,
    if_none_match: Annotated[str | None, Header(alias="If-None-Match", description="The ETag you have")] = None,
) -> Response:
    """A hold or an appointment. Another's and one that does not exist look the same."""

    def look(session: Session, now: datetime) -> Response:
        found = mine.settle(session)
        if unchanged(if_none_match, found):
            return Response(status_code=304, headers={"ETag": etag(found)})
        return _shown(booking.visit(session, found))

    return transact(look)


@router.patch(
    "/appointments/{code}",
    operation_id="moveAppointment",
    tags=["appointments"],
    response_model=answers.Appointment,
    responses=refusals(*CHANGING, "slot_taken", "not_bookable", body=True),
)
def move_appointment(
    transact: Transacting,
    mine: Claimed,
    version: Version,
    wanted: Annotated[requests.NewTime, Body()],
    later: BackgroundTasks,
) -> Response:
    """Move to another time in the same workshop: the new time is taken and the old one given back, both or neither."""
    return _change(transact, later, lambda session, now: booking.move(session, mine, wanted.start, version, now=now))


@router.delete(
    "/appointments/{code}",
    operation_id="cancelAppointment",
    tags=["appointments"],
    response_model=answers.Appointment,
    responses=refusals(*CHANGING),
)
def cancel_appointment(transact: Transacting, mine: Claimed, version: Version, later: BackgroundTasks) -> Response:
    """Cancel an appointment or give up a hold; its time is free at once."""
    return _change(transact, later, lambda session, now: booking.cancel(session, mine, version, now=now))


def _change(
    transact: Transacting, later: BackgroundTasks, change: Callable[[Session, datetime], booking.Visit]
) -> Response:
    """Once it is certain, those who wait are told of the time that became free."""

    changed = transact(change)
    later.add_task(mailroom.tell_waiting, transact.sessions, {changed.place.id})
    response = _shown(changed)
    response.background = later
    return response


def _made(visit: booking.Visit, proof: str) -> Answer:
    shown = answers.AppointmentWithProof.of(visit, proof=proof)
    headers = {"Location": f"/api/appointments/{shown.code}", "ETag": etag(visit.appointment)}
    return Answer(201, headers, shown.model_dump_json())


def _shown(visit: booking.Visit) -> Response:
    shown = answers.Appointment.of(visit)
    return Response(shown.model_dump_json(), headers={"ETag": etag(visit.appointment)}, media_type="application/json")
