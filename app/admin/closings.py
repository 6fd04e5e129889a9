"""Closures: whom they would hit first, then closing."""

from datetime import datetime
from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel, Field, model_validator
from sqlalchemy.orm import Session

from app.admin.counter import AtCounter
from app.admin.refusals import AT_THE_COUNTER, refusals
from app.admin.shown import AppointmentShown, shown
from app.admin.types import Id, Moment, Ref, Sent, Truth, Words
from app.admin.writing import ONCE, Once
from booking_core import closures
from booking_core.counter import capacity, house
from booking_core.counter.capacity import Closing
from booking_core.errors import Unknown
from booking_core.values import Period, ResourceId

router = APIRouter(tags=["closures"], responses=refusals(*AT_THE_COUNTER))


class Closure(Sent):
    """Of the whole workshop, or of one resource. With `dry_run` nothing is closed, only looked at."""

    start: Moment = Field(examples=["2026-12-24T00:00:00+01:00"])
    end: Moment = Field(examples=["2027-01-02T00:00:00+01:00"])
    reason: Words = Field(examples=["Betriebsferien"])
    resource_id: Ref | None = Field(None, examples=[None])
    dry_run: Truth = False

    @model_validator(mode="after")
    def runs_forward(self) -> Self:
        if self.end <= self.start:
            raise ValueError("a closure ends after it starts")
        return self


class Closed(BaseModel):
    """`id` is null after a dry run. `affected` stay booked until they are moved or cancelled."""

    id: int | None
    affected: list[AppointmentShown]


@router.get("/closures")
def list_closures(at: AtCounter) -> list[Closing]:
    """Those that are not over, earliest first."""
    return at(lambda session, now: capacity.closures(session, at.workshop, since=now))


@router.post("/closures", status_code=201, responses=refusals(*ONCE))
def close(at: AtCounter, wish: Closure, repeatable: Once) -> Closed:
    """Close, and name every appointment that stands in it; nothing can be booked in between."""
    period = Period(wish.start, wish.end)
    resource = None if wish.resource_id is None else ResourceId(wish.resource_id)

    def work(session: Session, now: datetime) -> Closed:
        if resource is not None:
            house.resource(session, at.workshop, resource)
        made = None
        if not wish.dry_run:
            made = closures.close(session, at.workshop, period, wish.reason, resource=resource, actor=at.actor, now=now)
        hit = closures.affected(session, at.workshop, period, resource=resource, now=now)
        return Closed(id=made, affected=shown(session, at.workshop, hit))

    return repeatable.once(at, ("close", wish), Closed, work)


@router.delete("/closures/{closure_id}", status_code=204)
def reopen(at: AtCounter, closure_id: Id) -> None:
    """Take a closure back."""

    def work(session: Session, now: datetime) -> None:
        if not closures.reopen(session, at.workshop, closure_id, actor=at.actor, now=now):
            raise Unknown(closure=closure_id)

    at(work)
