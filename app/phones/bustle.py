"""Weeks of business for the demo's workshops, made through the core as if customers had booked them."""

import random
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.database import in_transaction
from booking_core import appointments, customers, reservations, slots
from booking_core.directory import Place, all_workshops
from booking_core.errors import BookingError
from booking_core.services import services_of
from booking_core.tables import OutboxRow, ReminderRow
from booking_core.values import Period, Slot, UserId, VehicleId
from bot.messages import Address, InboundMessage
from bot.turn import take_turn

DATA = Path(__file__).parent.parent / "data" / "conversations.toml"
PAST, COMING = 2, 10
"""Days that are filled, before and after today."""

BUSY = (9, 7, 6)
"""Visits on a full day of each workshop."""

AHEAD = timedelta(days=6)
"""How long before their appointment customers book."""

CHANNELS = ("whatsapp", "whatsapp", "telegram", "sms", "sms")
MISSED = 0.06


@dataclass(frozen=True)
class Visitor:
    """Somebody who books; all that is not chosen in the calendar."""

    name: str
    car: str
    plate: str
    channel: str
    number: str
    service: str
    nth: float
    missed: bool


def talk(sessions: Callable[[], Session], *, now: datetime, stopped: Callable[[], bool]) -> None:
    """What some wrote before anybody looked."""
    for told in _told()["conversations"]:
        if stopped():
            return
        in_transaction(sessions, lambda session, told=told: _talk(session, told, now=now))  # type: ignore[misc]


def fill_with_life(sessions: Callable[[], Session], *, now: datetime, stopped: Callable[[], bool]) -> None:
    """Bookings around now, the nearest days first, each committed by itself: one can watch."""
    places = in_transaction(sessions, all_workshops)
    for place, day, visitor in _visits(places, _told()["people"], sessions, now):
        if stopped():
            return
        in_transaction(sessions, lambda session, v=(place, day, visitor): _book(session, *v, now=now))  # type: ignore[misc]


def _told() -> dict[str, Any]:
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def _visits(
    places: Sequence[Place], people: dict[str, Sequence[str]], sessions: Callable[[], Session], now: datetime
) -> Iterator[tuple[Place, Period, Visitor]]:
    dice = random.Random(4711)
    codes = [
        [service.code for service in in_transaction(sessions, lambda session, p=place: services_of(session, p.id))]  # type: ignore[misc]
        for place in places
    ]
    for offset in sorted(range(-PAST, COMING + 1), key=abs):
        for place, sold, busy in zip(places, codes, BUSY, strict=False):
            day = now.astimezone(place.zone).date() + timedelta(days=offset)
            start = datetime.combine(day, time(), place.zone)
            for _ in range(round(busy * (1 - 0.07 * max(offset, 0)))):
                yield place, Period(start, start + timedelta(days=1)), _visitor(dice, people, sold)


def _visitor(dice: random.Random, people: dict[str, Sequence[str]], sold: Sequence[str]) -> Visitor:
    letters = "".join(dice.choices("ABEHKLMRST", k=2))
    return Visitor(
        name=dice.choice(people["names"]),
        car=dice.choice(people["makes"]),
        plate=f"{dice.choice(('K', 'BN', 'SU'))}-{letters} {dice.randrange(10, 2000)}",
        channel=dice.choice(CHANNELS),
        number=f"+49155560{dice.randrange(10**5):05}",
        service=dice.choice(sold),
        nth=dice.random(),
        missed=dice.random() < MISSED,
    )


def _book(session: Session, place: Place, day: Period, visitor: Visitor, *, now: datetime) -> None:
    booked_at = min(day.start - AHEAD, now - timedelta(hours=1))
    free = slots.find_slots(session, [visitor.service], workshops=[place.id], windows=[day], now=booked_at).slots
    if not free:
        return
    known = customers.recognise(session, visitor.channel, visitor.number, now=booked_at, name=visitor.name)
    user = known.customer.id
    make, _, model = visitor.car.partition(" ")
    car = customers.add_vehicle(session, user, plate=visitor.plate, make=make, model=model, now=booked_at)
    try:
        with session.begin_nested():
            _come(session, free[int(visitor.nth * len(free))], user, car, visitor, booked_at, now)
    except BookingError:
        return


def _come(
    session: Session, slot: Slot, user: UserId, car: VehicleId, visitor: Visitor, booked_at: datetime, now: datetime
) -> None:
    """Book, and live through what of it is over by now; what was to be said of it until now was said."""
    hold = reservations.hold_slot(session, slot, user, channel=visitor.channel, now=booked_at)
    booked = appointments.confirm(session, hold.id, user, now=booked_at, vehicle=car)
    if booked.end < now and visitor.missed:
        appointments.no_show(session, booked.id, actor="system", now=booked.end)
    elif booked.start < now:
        appointments.start_work(session, booked.id, actor="system", now=booked.start)
        if booked.end < now:
            appointments.complete(session, booked.id, actor="system", now=booked.end)
    said = update(ReminderRow).where(ReminderRow.appointment_id == booked.id, ReminderRow.due_at <= now)
    session.execute(said.values(state="posted", posted_at=ReminderRow.due_at))


def _talk(session: Session, told: dict[str, Any], *, now: datetime) -> None:
    """What was answered counts as sent: nobody holds these phones."""
    at = now - timedelta(hours=told["hours"])
    who = Address(told["channel"], told["sender"])
    for count, text in enumerate(told["says"]):
        at += timedelta(seconds=70)
        take_turn(session, InboundMessage(f"demo-{who.id}-{count}", who, text, name=told["name"] or None), now=at)
    sent = update(OutboxRow).where(OutboxRow.channel == who.channel, OutboxRow.recipient == who.id)
    session.execute(sent.values(state="sent", sent_at=OutboxRow.created_at))
