"""The demo's page, and what its buttons do. It is served in the demo and nowhere else."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.cookies import give_cookie
from app.access.entrance import is_secure
from app.clock import database_now
from app.database import in_transaction
from app.live import Watch
from app.pages import COOKIE, LANGUAGES, language_of, page
from app.phones import clock, mails, transcript, why
from app.phones.clock import Leap
from app.phones.showroom import Showroom
from app.staff import calendar, opening
from booking_core.directory import all_workshops
from booking_core.tables import AppointmentRow, ServiceRow
from booking_core.values import UserId, WorkshopId

Channel = Literal["telegram", "sms", "whatsapp"]
NOTHING = Response(status_code=204)


def from_here(request: Request) -> None:
    """Refuse what another site's page sends: the demo is open to whoever sits at this machine, and to nobody else."""
    origin = request.headers.get("origin")
    if request.method != "GET" and origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403)


def demo_pages(showroom: Showroom, watch: Watch) -> APIRouter:
    """Everything below /demo."""
    router = APIRouter(prefix="/demo", include_in_schema=False, dependencies=[Depends(from_here)])
    _add_pages(router, showroom, watch)
    _add_phones(router, showroom)
    _add_calendar(router, showroom)
    return router


def _add_pages(router: APIRouter, showroom: Showroom, watch: Watch) -> None:
    @router.get("")
    def demo(request: Request) -> Response:
        places = in_transaction(showroom.sessions, all_workshops)
        facts = _clock(showroom)
        today = facts["now"].date()
        day = in_transaction(showroom.sessions, lambda session: opening.next_open_day(session, places[0].id, today))
        return page(request, "demo.html", phones=showroom.phones.values(), places=places, day=day, **facts)

    @router.get("/live", response_class=EventSourceResponse)
    async def live() -> AsyncIterator[ServerSentEvent]:
        async for mark in watch.changes():
            yield ServerSentEvent(event="changed", raw_data=mark)

    @router.get("/clock")
    def time_of_day(request: Request) -> Response:
        return page(request, "clock.html", **_clock(showroom))

    @router.post("/clock")
    def leap(leap: Annotated[Leap, Form()]) -> Response:
        showroom.leap(leap)
        return NOTHING

    @router.post("/reset")
    def reset() -> Response:
        showroom.reset()
        return RedirectResponse("/demo", 303)

    @router.post("/language")
    def speak(language: Annotated[str, Form()]) -> Response:
        answer = RedirectResponse("/demo", 303)
        if language in LANGUAGES:
            answer.set_cookie(COOKIE, language, httponly=True, samesite="lax")
        return answer

    @router.post("/staff")
    def enter(request: Request) -> Response:
        """Into the page for staff, without the password that one would need anywhere else."""
        answer = RedirectResponse("/staff", 303)
        give_cookie(answer, showroom.sign_in(), secure=is_secure(request))
        return answer

    @router.get("/why")
    def reasons(request: Request) -> Response:
        phone = showroom.phones[showroom.last_used]
        question = showroom.questions.get(phone.channel)
        told = in_transaction(
            showroom.sessions,
            lambda session: why.explained(session, phone.address, question, now=showroom.now().astimezone(clock.ZONE)),
        )
        return page(request, "why.html", phone=phone, why=told, zone=clock.ZONE, sold=_sold(showroom, request))

    @router.get("/mails")
    def tray(request: Request) -> Response:
        return page(request, "mails.html", mails=mails.shown(showroom.providers.mailbox.mails))

    @router.get("/mails/{number}/termin.ics")
    def calendar_file(number: int) -> Response:
        content = mails.calendar_file(showroom.providers.mailbox.mails, number)
        if content is None:
            raise HTTPException(404)
        disposition = {"Content-Disposition": "attachment; filename=termin.ics"}
        return Response(content, media_type="text/calendar; charset=utf-8", headers=disposition)


def _add_phones(router: APIRouter, showroom: Showroom) -> None:
    @router.get("/phones/{channel}")
    def screen(request: Request, channel: Channel) -> Response:
        return page(request, "screen.html", phone=showroom.phones[channel], zone=clock.ZONE)

    @router.post("/phones/{channel}/messages")
    def write(channel: Channel, text: Annotated[str, Form(min_length=1)]) -> Response:
        showroom.write(channel, text[: showroom.phones[channel].longest])
        return NOTHING

    @router.post("/phones/{channel}/taps")
    def tap(channel: Channel, bubble: Annotated[str, Form()], place: Annotated[int, Form(ge=0)]) -> Response:
        showroom.tap(channel, bubble, place)
        return NOTHING

    @router.post("/phones/{channel}/renew")
    def renew(channel: Channel) -> Response:
        showroom.renew(channel)
        return NOTHING

    @router.get("/phones/{channel}/conversation.txt")
    def conversation(channel: Channel) -> Response:
        phone = showroom.phones[channel]
        content = in_transaction(
            showroom.sessions, lambda session: transcript.written_down(session, phone.address, phone.owner)
        )
        disposition = {"Content-Disposition": f"attachment; filename={channel}.txt"}
        return Response(content, media_type="text/plain; charset=utf-8", headers=disposition)


def _add_calendar(router: APIRouter, showroom: Showroom) -> None:
    @router.get("/calendar/{workshop}/resources")
    def resources(workshop: WorkshopId) -> list[dict[str, Any]]:
        return in_transaction(showroom.sessions, lambda session: calendar.columns(session, workshop))

    @router.get("/calendar/{workshop}/events")
    def events(request: Request, workshop: WorkshopId, start: datetime, end: datetime) -> list[dict[str, Any]]:
        language = language_of(request)

        def read(session: Session) -> list[dict[str, Any]]:
            now = database_now(session)
            return calendar.events(session, workshop, start, end, now=now, language=language)

        return in_transaction(showroom.sessions, read)

    @router.get("/calendar/focus")
    def focus() -> dict[str, Any]:
        """Where the phones last did something: a workshop, a day and an appointment; empty before that."""
        return in_transaction(showroom.sessions, lambda session: _focus(session, showroom.customers(session)))


def _focus(session: Session, customers: Sequence[UserId]) -> dict[str, Any]:
    newest = session.execute(
        select(AppointmentRow.id, AppointmentRow.workshop_id, AppointmentRow.start_time, AppointmentRow.version)
        .where(AppointmentRow.user_id.in_(customers))
        .order_by(AppointmentRow.updated_at.desc())
        .limit(1)
    ).one_or_none()
    if newest is None:
        return {}
    return {
        "appointment": str(newest.id),
        "version": newest.version,
        "workshop": newest.workshop_id,
        "day": newest.start_time.astimezone(clock.ZONE).date().isoformat(),
    }


def _sold(showroom: Showroom, request: Request) -> dict[str, str]:
    """The names of all services by their codes."""
    name = ServiceRow.name_en if language_of(request) == "en" else ServiceRow.name
    rows = in_transaction(showroom.sessions, lambda session: session.execute(select(ServiceRow.code, name)).all())
    return {row.code: row[1] for row in rows}


def _clock(showroom: Showroom) -> dict[str, Any]:
    def read(session: Session) -> dict[str, Any]:
        now = database_now(session)
        customers = showroom.customers(session)
        ahead = {leap.value: clock.target(session, leap, customers, now=now) for leap in (Leap.HOLD, Leap.REMINDER)}
        return {"now": now.astimezone(clock.ZONE), "ahead": ahead, "zone": clock.ZONE}

    return in_transaction(showroom.sessions, read)
