"""How often each command asks the database. Speed may vary with the machine, these numbers should only fall."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from psycopg._queries import MAX_CACHED_STATEMENT_LENGTH
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from booking_core import wire
from booking_core.appointments import cancel, confirm, move
from booking_core.directory import nearest_workshops
from booking_core.placements import place_visit
from booking_core.reservations import hold_slot, release
from booking_core.slots import find_slots
from booking_core.values import Period
from tests.booking_core.builders import NOW, a_customer, a_garage, berlin

Counter = Callable[[Callable[[], object]], int]


@pytest.fixture
def statements(engine: Engine) -> Iterator[Counter]:
    """Counts what a piece of work sends to the database."""
    sent: list[str] = []

    def listen(_: object, __: object, statement: str, *___: object) -> None:
        sent.append(statement)

    def count(work: Callable[[], object]) -> int:
        sent.clear()
        work()
        return len(sent)

    event.listen(engine, "before_cursor_execute", listen)
    yield count
    event.remove(engine, "before_cursor_execute", listen)


def test_a_search_asks_twice_however_long_and_wide_it_is(session: Session, statements: Counter) -> None:
    garages = [a_garage(session, lifts=2) for _ in range(10)]
    period = Period(berlin("2026-11-24 00:00"), berlin("2027-02-20 00:00"))

    def search() -> object:
        return find_slots(
            session, ["oil-change"], workshops=[one.workshop for one in garages], windows=[period], now=NOW
        )

    assert statements(search) <= 2


@pytest.mark.parametrize("plz", ["50667", "17033"], ids=["among them", "far away"])
def test_a_search_near_a_postcode_asks_three_times(session: Session, statements: Counter, plz: str) -> None:
    for _ in range(10):
        a_garage(session)

    def search() -> object:
        near = [place.id for place in nearest_workshops(session, plz, limit=10)]
        return find_slots(session, ["oil-change"], workshops=near, now=NOW)

    assert statements(search) == 3


def test_one_plan_serves_every_search_and_booking(session: Session) -> None:
    """PostgreSQL plans a statement anew each time, unless the plan for any parameters is as good as that for these."""
    garage = a_garage(session)
    for _ in range(20):
        find_slots(session, ["oil-change"], workshops=[garage.workshop], now=NOW)
        place_visit(session, garage.slot("2026-12-01 10:00"), now=NOW)
    kept = "SELECT generic_plans FROM pg_prepared_statements WHERE statement ~ 'row_to_json|given_back'"
    plans = session.scalars(text(kept)).all()
    assert len(plans) == 3
    assert all(plans)


def test_the_driver_remembers_what_a_search_and_a_booking_send(session: Session, engine: Engine) -> None:
    """psycopg reads a longer statement anew each time, which took a quarter of what Python did for a search."""
    garage, who, sent = a_garage(session), a_customer(session), set[int]()

    def listen(_: object, __: object, statement: str, *___: object) -> None:
        sent.add(len(statement))

    event.listen(engine, "before_cursor_execute", listen)
    nearest_workshops(session, "50667", limit=10)
    find_slots(session, ["oil-change"], workshops=[garage.workshop], now=NOW)
    hold = hold_slot(session, garage.slot("2026-12-01 10:00"), who, channel="sms", now=NOW)
    confirm(session, hold.id, who, now=NOW)
    event.remove(engine, "before_cursor_execute", listen)
    assert max(sent) <= MAX_CACHED_STATEMENT_LENGTH


def test_a_statement_that_fails_spoils_none_after_it(session: Session) -> None:
    by_nothing, one = text("SELECT 1 / CAST(:nothing AS integer)"), text("SELECT 1")
    wire.send(session, one, {})
    with pytest.raises(DBAPIError, match="division by zero"), session.begin_nested():
        wire.send(session, by_nothing, {"nothing": 0})
    assert wire.send(session, one, {}) == [(1,)]


def test_what_a_booking_costs(session: Session, statements: Counter) -> None:
    garage, who = a_garage(session), a_customer(session)
    slot, other = garage.slot("2026-12-01 10:00"), garage.slot("2026-12-02 10:00")

    def hold() -> None:
        hold_slot(session, slot, who, channel="sms", now=NOW)

    cost = {"hold": statements(hold)}
    again = hold_slot(session, other, who, channel="sms", now=NOW)
    cost["confirm"] = statements(lambda: confirm(session, again.id, who, now=NOW))
    cost["move"] = statements(lambda: move(session, again.id, slot, who, now=NOW))
    cost["cancel"] = statements(lambda: cancel(session, again.id, who, now=NOW))
    third = hold_slot(session, other, who, channel="sms", now=NOW + timedelta(minutes=1))
    cost["release"] = statements(lambda: release(session, third.id, who, now=NOW))
    assert cost == {"hold": 3, "confirm": 2, "move": 11, "cancel": 7, "release": 5}
