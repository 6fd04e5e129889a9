"""What was noted down, and what it comes to."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.admin.counter import AtCounter
from app.admin.paging import InPages
from app.admin.refusals import AT_THE_COUNTER, refusals
from app.admin.shown import AppointmentShown, shown
from app.admin.types import After, Code, Day, Limit, Listed, Moment
from booking_core import directory
from booking_core.counter import explaining, figures, logs, unserved
from booking_core.counter.figures import Figures
from booking_core.counter.logs import Change, Reminded, Returned
from booking_core.counter.unserved import Waiting, Wish
from booking_core.values import Slot

router = APIRouter(tags=["reports"], responses=refusals(*AT_THE_COUNTER))


class Explained(BaseModel):
    """If it is not `free`: the reason, what is more to say of it, the service to blame, and starts that are free."""

    free: bool
    reason: str | None = None
    detail: str | None = None
    service: str | None = None
    alternatives: list[datetime] = []
    in_the_way: list[AppointmentShown] = []


@router.get("/waiting-list")
def list_waiting(at: AtCounter, pages: InPages, after: After = None, limit: Limit = 50) -> Listed[Waiting]:
    """Who would come if something became free."""
    return pages(at(lambda session, now: unserved.waiting_list(session, at.workshop, after=after, limit=limit)))


@router.get("/reminders")
def list_reminders(at: AtCounter, pages: InPages, after: After = None, limit: Limit = 50) -> Listed[Reminded]:
    """Reminders planned, posted, and those that came to nothing."""
    return pages(at(lambda session, now: logs.reminders(session, at.workshop, after=after, limit=limit)))


@router.get("/refused-wishes")
def list_refused_wishes(at: AtCounter, pages: InPages, after: After = None, limit: Limit = 50) -> Listed[Wish]:
    """Wishes that could not be served, and why."""
    return pages(at(lambda session, now: unserved.refused_wishes(session, at.workshop, after=after, limit=limit)))


@router.get("/returned-letters")
def list_returned_letters(at: AtCounter, pages: InPages, after: After = None, limit: Limit = 50) -> Listed[Returned]:
    """Letters to the workshop's customers that no provider would take or deliver."""
    return pages(at(lambda session, now: logs.returned_letters(session, at.workshop, after=after, limit=limit)))


@router.get("/audit")
def read_audit(
    at: AtCounter,
    pages: InPages,
    entity: Annotated[Code | None, Query(description="Only of this kind", examples=["appointment"])] = None,
    entity_id: Annotated[int | None, Query(ge=1, lt=2**63, description="Only of this one")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Listed[Change]:
    """Who did what, newest first; each entry vouches for those before it."""
    about = logs.About(entity, entity_id)
    return pages(at(lambda session, now: logs.changes(session, at.workshop, about, after=after, limit=limit)))


@router.get("/figures")
def read_figures(
    at: AtCounter,
    day: Annotated[Day, Query(alias="from", description="The first day", examples=["2026-11-23"])],
    days: Annotated[int, Query(ge=1, le=366)] = 7,
) -> Figures:
    """Load by resource and day, lead time, no-shows, channels, and what the bot achieves."""
    return at(lambda session, now: figures.figures(session, at.workshop, day, days))


@router.get("/explanation")
def explain(
    at: AtCounter,
    service: Annotated[list[Code], Query(min_length=1, max_length=10, description="Codes of services")],
    moment: Annotated[Moment, Query(alias="at", examples=["2026-11-24T10:00:00+01:00"])],
) -> Explained:
    """Why no visit can begin at this moment, who is in the way, and when it could instead."""

    def read(session: Session, now: datetime) -> Explained:
        zone = directory.workshop(session, at.workshop).zone
        told = explaining.explain(session, at.workshop, service, moment, now=now)
        why = told.found.why_not
        if why is None:
            return Explained(free=True)

        def start(slot: Slot) -> datetime:
            return slot.start.astimezone(zone)

        return Explained(
            free=False,
            reason=why.reason,
            detail=why.detail,
            service=why.service,
            alternatives=[start(slot) for slot in told.found.alternatives],
            in_the_way=shown(session, at.workshop, told.in_the_way),
        )

    return at(read)
