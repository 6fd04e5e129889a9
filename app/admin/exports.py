"""Files to take away: a table, a calendar, and secret links to a calendar that renews itself."""

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.access import feeds
from app.access.feeds import Feed
from app.admin import sheets
from app.admin.counter import AtCounter
from app.admin.refusals import ALWAYS, AT_THE_COUNTER, refusals
from app.admin.types import Day, Id, Sent, Words
from app.admin.writing import ONCE, Once
from app.http.problems import Problem
from app.http.transactions import Transacting
from booking_core import directory
from booking_core.counter import agenda
from booking_core.counter.agenda import Entry
from booking_core.directory import Place
from booking_core.errors import Unknown
from booking_core.values import WorkshopId

router = APIRouter(tags=["exports"], responses=refusals(*AT_THE_COUNTER))
open_router = APIRouter(tags=["exports"], responses=refusals(*ALWAYS, "not_found"))

CSV, ICS = "text/csv; charset=utf-8", "text/calendar; charset=utf-8"
BACK, AHEAD = 30, 120
"""Days that a feed shows."""

FirstDay = Annotated[Day, Query(alias="from", description="The first day", examples=["2026-11-23"])]
Days = Annotated[int, Query(ge=1, le=366)]


class NewFeed(Sent):
    label: Words = Field(examples=["Kalender der Meisterin"])


class Opened(BaseModel):
    """`path` holds a secret and is shown this once, not even to a repeated request."""

    feed: Feed
    path: str | None


@router.get("/appointments.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
def export_csv(at: AtCounter, day: FirstDay, days: Days = 31) -> Response:
    """A table for a spreadsheet, cancelled ones included."""

    def read(session: Session, now: datetime) -> str:
        place, entries = _of(session, at.workshop, day, days, now=now, cancelled=True)
        return sheets.as_csv(entries, place.zone)

    return Response(at(read), media_type=CSV, headers=_attached("termine.csv"))


@router.get("/appointments.ics", response_class=Response, responses={200: {"content": {"text/calendar": {}}}})
def export_calendar(at: AtCounter, day: FirstDay, days: Days = 31) -> Response:
    """The same for a calendar program, once."""

    def read(session: Session, now: datetime) -> bytes:
        place, entries = _of(session, at.workshop, day, days, now=now)
        return _calendar(entries, place.name, now)

    return Response(at(read), media_type=ICS, headers=_attached("termine.ics"))


@router.get("/feeds")
def list_feeds(at: AtCounter) -> list[Feed]:
    """The links that were given out, newest first."""
    return list(at(lambda session, now: feeds.list_feeds(session, at.workshop)))


@router.post("/feeds", status_code=201, responses=refusals(*ONCE))
def open_feed(at: AtCounter, wish: NewFeed, repeatable: Once) -> Opened:
    """A secret link; whoever has it may read who comes when."""

    def work(session: Session, now: datetime) -> Opened:
        feed, secret = feeds.open_feed(session, at.workshop, wish.label, actor=at.actor, now=now)
        return Opened(feed=feed, path=f"/api/admin/feeds/{secret}.ics")

    return repeatable.once(at, ("feed", wish), Opened, work, hidden={"path"})


@router.delete("/feeds/{feed_id}", status_code=204)
def revoke_feed(at: AtCounter, feed_id: Id) -> None:
    """It shows nothing any more."""
    if not at(lambda session, now: feeds.revoke(session, at.workshop, feed_id, actor=at.actor, now=now)):
        raise Unknown(feed=feed_id)


@open_router.get("/feeds/{secret}.ics", response_class=Response, responses={200: {"content": {"text/calendar": {}}}})
def read_feed(secret: Annotated[str, Path(pattern="^[A-Za-z0-9_-]{43}$")], transact: Transacting) -> Response:
    """The calendar behind a secret link, from a month ago to four months ahead."""

    def read(session: Session, now: datetime) -> bytes | None:
        workshop = feeds.workshop_behind(session, secret)
        if workshop is None:
            return None
        first = now.date() - timedelta(days=BACK)
        place, entries = _of(session, workshop, first, BACK + AHEAD, now=now)
        return _calendar(entries, place.name, now)

    content = transact(read)
    if content is None:
        raise Problem("not_found")
    return Response(content, media_type=ICS)


def _of(
    session: Session, workshop: WorkshopId, first: date, days: int, *, now: datetime, cancelled: bool = False
) -> tuple[Place, list[Entry]]:
    place = directory.workshop(session, workshop)
    period = agenda.days(first, days, place.zone)
    return place, agenda.agenda(session, workshop, period, now=now, cancelled=cancelled)


def _calendar(entries: list[Entry], name: str, now: datetime) -> bytes:
    """Its library is three megabytes, and most workshops share no calendar."""
    from app.admin.calendars import as_calendar

    return as_calendar(entries, name, now=now)


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
