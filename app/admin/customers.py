"""The workshop's customers."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.admin.counter import AtCounter
from app.admin.paging import InPages
from app.admin.refusals import AT_THE_COUNTER, refusals
from app.admin.shown import AppointmentShown, shown
from app.admin.types import After, Id, Limit, Listed, Plain
from booking_core.counter import clients
from booking_core.customers import Customer
from booking_core.values import UserId

router = APIRouter(tags=["customers"], responses=refusals(*AT_THE_COUNTER, "unknown_customer"))


class Record(BaseModel):
    """A customer and all that they ever booked here, earliest first."""

    customer: Customer
    appointments: list[AppointmentShown]


@router.get("/customers")
def search_customers(
    at: AtCounter,
    pages: InPages,
    q: Annotated[Plain, Query(description="Parts of name, phone, e-mail or plate", examples=["müller 0151"])] = "",
    after: After = None,
    limit: Limit = 20,
) -> Listed[Customer]:
    """Those of whom each word is part of what we know; all of them without words."""
    return pages(at(lambda session, now: clients.search(session, at.workshop, q, after=after, limit=limit)))


@router.get("/customers/{customer_id}")
def read_customer(at: AtCounter, customer_id: Id) -> Record:
    """One customer, and what they booked here."""

    def read(session: Session) -> Record:
        known = clients.customer(session, at.workshop, UserId(customer_id))
        booked = clients.appointments_of(session, at.workshop, known.id)
        return Record(customer=known, appointments=shown(session, at.workshop, booked))

    return at(lambda session, now: read(session))
