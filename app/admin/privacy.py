"""Customers' data as their own: handed out, erased, left alone, and the ledger of who asked for what.

Only the owner may; and what another workshop has of the same customer is not this owner's to give or to erase.
"""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.access.errors import Forbidden
from app.admin.counter import AtCounter, Counter
from app.admin.refusals import AT_THE_COUNTER, refusals
from app.admin.types import Id, Sent, Truth
from booking_core import audit, customers
from booking_core.counter import clients
from booking_core.personal import erasure, export, requests
from booking_core.personal.requests import Asked, Request
from booking_core.values import UserId

router = APIRouter(tags=["privacy"], responses=refusals(*AT_THE_COUNTER, "unknown_customer", "still_booked"))


class Erased(BaseModel):
    """`kept_until` is the last year for which finished visits stay on file, without name and contact."""

    kept_until: int | None


class Restriction(Sent):
    restricted: Truth = Field(examples=[True])


class NewRequest(Sent):
    """`answered` also closes one that was open."""

    kind: Asked = Field(examples=["correction"])
    answered: Truth = Field(False, examples=[False])


@router.get("/customers/{customer_id}/data")
def export_customer(at: AtCounter, customer_id: Id) -> dict[str, Any]:
    """All that is stored about a customer, of every table (Art. 15, 20 GDPR); that it was asked for is noted."""

    def read(session: Session, now: datetime) -> dict[str, Any]:
        user = _theirs_alone(session, at, customer_id)
        requests.note(session, user, Asked.EXPORT, actor=at.actor, now=now, answered=True)
        audit.record(session, at.actor, "exported", ("customer", user), now=now, before=None, after=None)
        return export.document(session, user, now=now)

    return at(read)


@router.post("/customers/{customer_id}/erasure")
def erase_customer(at: AtCounter, customer_id: Id) -> Erased:
    """Erase a customer (Art. 17 GDPR), here at once and at the providers within minutes."""

    def work(session: Session, now: datetime) -> Erased:
        user = _theirs_alone(session, at, customer_id)
        return Erased(kept_until=erasure.erase(session, user, actor=at.actor, now=now))

    return at(work)


@router.put("/customers/{customer_id}/restriction", status_code=204)
def restrict_customer(at: AtCounter, customer_id: Id, wish: Restriction) -> None:
    """Send a customer nothing but answers (Art. 18, 21 GDPR), or lift that again."""

    def work(session: Session, now: datetime) -> None:
        user = clients.customer(session, at.workshop, UserId(customer_id)).id
        customers.restrict(session, user, at=now if wish.restricted else None)
        requests.note(session, user, Asked.RESTRICTION, actor=at.actor, now=now, answered=True)
        after = {"restricted": wish.restricted}
        audit.record(session, at.actor, "restricted", ("customer", user), now=now, before=None, after=after)

    at(work)


@router.put("/customers/{customer_id}/privacy-requests", status_code=204)
def note_privacy_request(at: AtCounter, customer_id: Id, wish: NewRequest) -> None:
    """Note that somebody asked, by phone or letter; it is to be answered within a month."""

    def work(session: Session, now: datetime) -> None:
        user = clients.customer(session, at.workshop, UserId(customer_id)).id
        requests.note(session, user, wish.kind, actor=at.actor, now=now, answered=wish.answered)

    at(work)


@router.get("/privacy-requests")
def list_privacy_requests(at: AtCounter) -> list[Request]:
    """Those that are still to be answered, the most urgent first."""

    def read(session: Session, now: datetime) -> list[Request]:
        asked = requests.open_requests(session)
        mine = clients.known_here(session, at.workshop, {one.user for one in asked})
        return [one for one in asked if one.user in mine]

    return at(read)


def _theirs_alone(session: Session, at: Counter, customer: int) -> UserId:
    """Raises UnknownCustomer, and Forbidden for one whom another workshop knows too, unless the caller is of all."""
    user = clients.customer(session, at.workshop, UserId(customer)).id
    if at.caller.workshop is not None and clients.known_elsewhere(session, at.workshop, user):
        raise Forbidden
    return user
