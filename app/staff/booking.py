"""Booking for somebody on the phone."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Response
from sqlalchemy.orm import Session

from app.admin import appointments as counter
from app.admin.appointments import Booking
from app.admin.writing import Repeatable
from app.staff import opening
from app.staff.desk import AtDesk, Desk, StaffRoute
from booking_core import slots
from booking_core.counter import agenda
from booking_core.services import services_of
from booking_core.slots import Found

router = APIRouter(prefix="/staff/{workshop_id}/booking", route_class=StaffRoute)

Services = Annotated[list[int], Query(max_length=10)]


@router.get("", name="create_appointment")
def show_form(desk: AtDesk, day: date | None = None) -> Response:
    sold = desk.at(lambda session, now: services_of(session, desk.at.workshop))
    chosen = day or desk.at(lambda session, now: opening.next_open_day(session, desk.at.workshop, desk.now.date()))
    return desk.show("booking.html", tab="calendar", sold=sold, day=chosen, key=secrets.token_hex(16), found=None)


@router.get("/times", name="create_appointment")
def show_times(desk: AtDesk, day: date, service: Services = []) -> Response:  # noqa: B006 - FastAPI copies it.
    """The free times of a day; if there are none, why, and when instead."""
    return desk.show("times.html", found=_found(desk, service, day) if service else None)


def _found(desk: Desk, wanted: Sequence[int], day: date) -> Found:
    def find(session: Session, now: datetime) -> Found:
        codes = [service.code for service in services_of(session, desk.at.workshop) if service.id in wanted]
        whole_day = agenda.days(day, 1, desk.zone)
        return slots.find_slots(session, codes, workshops=[desk.at.workshop], windows=[whole_day], now=now)

    return desk.at(find)


@router.post("", name="create_appointment")
def book(
    desk: AtDesk,
    start: Annotated[datetime, Form()],
    service: Annotated[list[int], Form()],
    name: Annotated[str, Form()],
    phone: Annotated[str, Form()],
    key: Annotated[str, Form(min_length=16, max_length=64)],
    plate: Annotated[str, Form()] = "",
    email: Annotated[str, Form()] = "",
) -> Response:
    """By the same rules as in every chat; a second press of the button books nothing more."""
    wish = {
        "service_ids": service,
        "start": desk.local(start),
        "new_customer": {"name": name, "phone": phone, "email": email or None},
        "new_vehicle": {"plate": plate.strip().upper()} if plate.strip() else None,
    }
    made = counter.create_appointment(desk.at, Booking.model_validate(wish), Repeatable(key), Response())
    where = f"{desk.home}?day={made.start.date().isoformat()}#appointment-{made.id}"
    return Response(status_code=204, headers={"HX-Redirect": where})
