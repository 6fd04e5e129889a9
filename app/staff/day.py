"""The calendar, and the one appointment that is looked at."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy.orm import Session

from app.admin import changes
from app.admin.changes import Cancelling, Moving, NewNote, Step
from app.admin.types import Id
from app.admin.writing import EACH_TIME
from app.http.problems import Problem
from app.staff import calendar, opening
from app.staff.desk import AtDesk, Desk, StaffRoute, refused
from booking_core.counter import agenda, notes
from booking_core.errors import BookingError
from booking_core.values import AppointmentId

router = APIRouter(prefix="/staff/{workshop_id}", route_class=StaffRoute)

Version = Annotated[int, Form(ge=1)]


@router.get("", name="read_agenda")
def show_day(desk: AtDesk, day: date | None = None) -> Response:
    """The calendar, and the day as a list for whoever would rather read; first today, or the next day that is open."""
    shown = day or desk.at(lambda session, now: opening.next_open_day(session, desk.at.workshop, desk.now.date()))
    return desk.show("day.html", tab="calendar", day=shown, **_listed(desk, shown))


@router.get("/list", name="read_agenda")
def show_list(desk: AtDesk, day: date | None = None) -> Response:
    return desk.show("day_list.html", day=day or desk.now.date(), **_listed(desk, day or desk.now.date()))


def _listed(desk: Desk, day: date) -> dict[str, Any]:
    def read(session: Session, now: datetime) -> list[agenda.Entry]:
        return agenda.agenda(session, desk.at.workshop, agenda.days(day, 1, desk.zone), now=now)

    entries = desk.at(read)
    return {
        "entries": entries,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "columns": {
            int(one["id"]): one["title"] for one in desk.at(lambda s, _: calendar.columns(s, desk.at.workshop))
        },
    }


@router.get("/live", name="read_agenda", response_class=EventSourceResponse)
async def follow(request: Request, desk: AtDesk) -> AsyncIterator[ServerSentEvent]:
    async for mark in request.app.state.watch.changes():
        yield ServerSentEvent(event="changed", raw_data=mark)


@router.get("/calendar/{workshop}/resources", name="list_resources")
def show_columns(desk: AtDesk, workshop: int) -> list[dict[str, Any]]:
    return desk.at(lambda session, now: calendar.columns(session, desk.at.workshop))


@router.get("/calendar/{workshop}/events", name="read_agenda")
def show_events(desk: AtDesk, workshop: int, start: datetime, end: datetime) -> list[dict[str, Any]]:
    return desk.at(
        lambda session, now: calendar.events(session, desk.at.workshop, start, end, now=now, language=desk.language)
    )


@router.get("/appointments/{appointment_id}", name="read_appointment")
def show_appointment(desk: AtDesk, appointment_id: Id) -> Response:
    """Everything about one, beside the calendar."""
    identity = AppointmentId(appointment_id)

    def read(session: Session, now: datetime) -> dict[str, Any]:
        entry = agenda.entry(session, desk.at.workshop, identity)
        return {"entry": entry, "notes": notes.of(session, desk.at.workshop, identity)}

    return desk.show("appointment.html", **desk.at(read))


@router.post("/appointments/{appointment_id}/steps", name="step_appointment")
def take_step(desk: AtDesk, appointment_id: Id, step: Annotated[Step, Form()], version: Version) -> Response:
    changes.step_appointment(desk.at, appointment_id, step, version, Response())
    return show_appointment(desk, appointment_id)


@router.post("/appointments/{appointment_id}/cancellation", name="cancel_appointment")
def cancel(
    desk: AtDesk, appointment_id: Id, version: Version, reason: Annotated[str, Form(max_length=200)] = ""
) -> Response:
    changes.cancel_appointment(desk.at, appointment_id, Cancelling(reason=reason or None), version, Response())
    return show_appointment(desk, appointment_id)


@router.post("/appointments/{appointment_id}/notes", name="add_note")
def note(desk: AtDesk, appointment_id: Id, text: Annotated[str, Form(min_length=1, max_length=2000)]) -> Response:
    changes.add_note(desk.at, appointment_id, NewNote(text=text), EACH_TIME)
    return show_appointment(desk, appointment_id)


@router.post("/appointments/{appointment_id}/move", name="move_appointment")
def move(desk: AtDesk, appointment_id: Id, start: Annotated[datetime, Form()], version: Version) -> Response:
    """Dragged in the calendar, or typed; what stands in the way is told."""
    moving = Moving.model_validate({"start": desk.local(start)})
    try:
        moved = changes.move_appointment(desk.at, appointment_id, moving, version, Response())
    except (BookingError, Problem) as refusal:
        return refused(desk.request, refusal)
    answer = desk.show("moved.html", start=moved.start)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#notice", "innerHTML"
    return answer
