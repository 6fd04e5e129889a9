"""The office of one of the demonstration's workshops, as whoever opens it on a Monday finds it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
from sqlalchemy.orm import Session

from app.access import accounts, api_keys, passwords
from app.access.caller import Role
from app.database import in_transaction, session_factory
from booking_core import demand, waitlist
from booking_core.counter import bookings, clients
from booking_core.tables import OutboxRow
from booking_core.values import Period, ServiceId, UserId, WorkshopId
from bot.messages import Address, InboundMessage
from bot.turn import take_turn
from tests.app.api.tour import Tour
from tests.booking_core.builders import NOW, berlin

HERE = WorkshopId(1)
EMAIL, PASSWORD = "anna@example.de", "hebt-jede-Bühne"
HU = ServiceId(3)


@dataclass(frozen=True)
class Office:
    """Asks as the owner's program does; an If-Match or a key is sent where it is named."""

    tour: Tour
    secret: str

    def __call__(
        self, operation: str, name: str, summary: str, *, path: Mapping[str, Any] | None = None, **request: Any
    ) -> httpx.Response:
        names = {"workshop_id": HERE, **(path or {})}
        return self.tour.ask(operation, name, summary, path=names, Authorization=f"Bearer {self.secret}", **request)

    def new(self, operation: str, name: str, summary: str, **request: Any) -> httpx.Response:
        """Ask for something new, which is made once however often it is asked for."""
        return self(operation, name, summary, Idempotency_Key=self.tour.key(), **request)


def opened(tour: Tour) -> Office:
    with_sessions = session_factory(tour.engine)
    in_transaction(with_sessions, _last_week)
    secret = in_transaction(with_sessions, _owner)
    tour.known[secret] = "$KEY"
    return Office(tour, secret)


def _owner(session: Session) -> str:
    facts: dict[str, Any] = {"workshop": HERE, "actor": "system", "now": NOW}
    kept = passwords.hashed(PASSWORD)
    accounts.create(session, name="Anna Kern", email=EMAIL, role=Role.OWNER, password_hash=kept, **facts)
    _, secret = api_keys.issue(session, Role.OWNER, label="Büro", expires_at=None, **facts)
    return secret


def _last_week(session: Session) -> None:
    """Jan booked by phone, Murat wants a person, Olga found nothing and waits, and a letter to her came back."""
    then = NOW - timedelta(days=3)
    jan = _customer(session, "Jan Vogel", "+4915155550001", then)
    bookings.book(session, HERE, jan, [HU], berlin("2026-11-24 09:00"), actor="staff:1", now=then)
    olga = _customer(session, "Olga Petrowa", "+4915155550002", then)
    thursday = Period(berlin("2026-11-26 00:00"), berlin("2026-11-27 00:00"))
    demand.note_refusal(session, olga, HERE, ["hu-au"], [thursday], "full", now=then)
    waitlist.join(session, olga, HERE, ["hu-au"], [thursday], channel="sms", now=then)
    murat = Address("whatsapp", "+4915155550003")
    for ago, words in ((10, "Moin, was kostet ein Ölwechsel in 50667?"), (5, "Kann ich mit jemandem sprechen?")):
        message = InboundMessage(f"murat-{ago}", murat, words, name="Murat Yılmaz")
        take_turn(session, message, now=NOW - timedelta(minutes=ago))
    letter = {"body": {"text": "Termin morgen"}, "state": "refused", "error": "63024", "next_at": then}
    session.add(
        OutboxRow(
            channel="phone", recipient="+4915155550002", kind="reply", dedupe_key="olga", created_at=then, **letter
        )
    )


def _customer(session: Session, name: str, phone: str, now: datetime) -> UserId:
    return clients.meet(session, HERE, name=name, phone=phone, email=None, language="de", now=now)
