"""Two workshops with everything in them, one of them ours, and a key for every role in it."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.access import api_keys, feeds
from app.access.caller import Role
from app.http.rates import Rate, Rates
from app.http.site import Site
from app.web import create_app
from booking_core import closures, customers, slots
from booking_core.counter import bookings, clients
from booking_core.tables import ChannelIdentityRow, ConversationRow
from booking_core.values import Period, WorkshopId
from bot.messages import Address, InboundMessage
from bot.turn import take_turn
from tests.app.access.people import a_colleague
from tests.app.serving import client_of
from tests.booking_core.builders import a_garage

EVERY_DAY = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
MISSING = 999_999
UNLIMITED = Rates(staff=Rate("staff", 10**6, 60))


@dataclass(frozen=True)
class Side:
    """One workshop: what its things are called in a path."""

    workshop: WorkshopId
    names: Mapping[str, Any]


@dataclass(frozen=True)
class House:
    app: FastAPI
    client: httpx.Client
    engine: Engine
    ours: Side
    theirs: Side
    keys: Mapping[Role, str] = field(repr=False)

    def call(self, method: str, path: str, role: Role | None = Role.OWNER, **request: Any) -> httpx.Response:
        """As somebody with this role; below our workshop where the path does not begin with a slash."""
        headers = {"If-Match": "*", "Idempotency-Key": secrets.token_hex(16), "X-Request-ID": "the-same-one"}
        if role is not None:
            headers["Authorization"] = f"Bearer {self.keys[role]}"
        headers |= request.pop("headers", {})
        prefix = f"/api/admin/workshops/{self.ours.workshop}/"
        return self.client.request(method, path if path[0] == "/" else prefix + path, headers=headers, **request)


@contextmanager
def a_house(engine: Engine) -> Iterator[House]:
    with Session(engine) as session, session.begin():
        now = session.execute(select(func.now())).scalar_one()
        ours, theirs = (_furnished(session, number, now) for number in (1, 2))
        keys = {
            role: api_keys.issue(
                session, role, label=role, workshop=ours.workshop, expires_at=None, actor="system", now=now
            )[1]
            for role in Role
        }
    app = create_app(engine, {}, Site(rates=UNLIMITED))
    with client_of(app) as client:
        yield House(app, client, engine, ours, theirs, keys)


def _furnished(session: Session, number: int, now: datetime) -> Side:
    garage = a_garage(session, lifts=2, opening_hours=EVERY_DAY, name=f"Werkstatt {number}")
    customer = clients.meet(
        session, garage.workshop, name="=Petra", phone=f"+491511234567{number}", email=None, language="de", now=now
    )
    free = slots.find_slots(session, ["oil-change"], workshops=[garage.workshop], now=now).slots[8]
    facts: dict[str, Any] = {"actor": "system", "now": now}
    booked = bookings.book(session, garage.workshop, customer, [garage.service], free.start, **facts)
    next_year = Period(now + timedelta(days=300), now + timedelta(days=301))
    writer = Address("telegram", f"writer {number}")
    take_turn(session, InboundMessage(f"hello {number}", writer, "Moin"), now=now)
    conversation = session.scalars(select(ConversationRow).order_by(ConversationRow.id.desc())).first()
    assert conversation is not None
    session.flush()
    user = select(ChannelIdentityRow.user_id).where(ChannelIdentityRow.id == conversation.identity_id)
    customers.prefer(session, session.scalars(user).one(), garage.workshop)
    key, _ = api_keys.issue(
        session, Role.OWNER, label="spare", workshop=garage.workshop, expires_at=None, actor="system", now=now
    )
    feed, secret = feeds.open_feed(session, garage.workshop, "Kalender", **facts)
    colleague = a_colleague(session, email=f"spare{number}@example.de", workshop=garage.workshop, now=now)
    names = {
        "workshop_id": garage.workshop,
        "appointment_id": booked.id,
        "customer_id": customer,
        "resource_id": garage.lifts[1],
        "closure_id": closures.close(session, garage.workshop, next_year, "Umbau", **facts),
        "conversation_id": conversation.id,
        "feed_id": feed.id,
        "prefix": key.prefix,
        "staff_id": colleague.id,
        "secret": secret,
        "service_id": garage.service,
    }
    return Side(garage.workshop, names)
