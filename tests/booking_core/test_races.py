"""Many customers, one time, real connections: who wins, and what guards it."""

import re
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.orm import Session

from booking_core.appointments import confirm, move
from booking_core.closures import affected, close
from booking_core.errors import BookingError, SlotTaken
from booking_core.reservations import expire_holds, hold_slot
from booking_core.tables import AppointmentRow, AppointmentSlotRow
from booking_core.values import AppointmentId, Period, UserId
from tests.booking_core.builders import NOW, Garage, a_customer, a_garage, berlin, counts_that_lie

ATTEMPTS, CONNECTIONS = 10_000, 64
TEN_MINUTES = timedelta(minutes=10)


@dataclass(frozen=True)
class Crowd:
    """A garage in a database of its own, a customer for every attempt, and enough connections for all."""

    engine: Engine
    garage: Garage
    customers: list[UserId]

    def rush(self, racers: int, attempt: Callable[[Session, UserId], object], *, each: int = 1) -> Counter[str]:
        """All racers at once, each with one connection and `each` customers; how often which outcome."""
        start = Barrier(racers)

        def race(racer: int) -> Counter[str]:
            outcomes: Counter[str] = Counter()
            with self.engine.connect() as connection:
                start.wait()
                for customer in self.customers[racer * each : (racer + 1) * each]:
                    outcomes[_outcome(connection, lambda session, who=customer: attempt(session, who))] += 1
            return outcomes

        with ThreadPoolExecutor(racers) as pool:
            return sum(pool.map(race, range(racers)), Counter())


def _outcome(connection: Any, work: Callable[[Session], object]) -> str:
    try:
        with Session(connection) as session, session.begin():
            work(session)
    except BookingError as refusal:
        return refusal.code
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "won"


def a_crowd(database: Engine, size: int, **garage: Any) -> Crowd:
    engine = create_engine(database.url, pool_size=CONNECTIONS, max_overflow=0)
    with Session(engine) as session, session.begin():
        return Crowd(engine, a_garage(session, **garage), [a_customer(session) for _ in range(size)])


def lies(crowd: Crowd) -> int:
    with Session(crowd.engine) as session:
        return counts_that_lie(session)


@pytest.mark.parametrize("capacity", [1, 3])
def test_of_ten_thousand_attempts_as_many_win_as_there_is_room(database: Engine, capacity: int) -> None:
    crowd = a_crowd(database, ATTEMPTS, capacity=capacity, minutes=15)
    slot = crowd.garage.slot("2026-11-24 10:00")
    each = ATTEMPTS // CONNECTIONS
    outcomes = crowd.rush(
        CONNECTIONS, lambda session, who: hold_slot(session, slot, who, channel="sms", now=NOW), each=each
    )
    rest = Counter({_outcome_of_rest(crowd, slot, who): 1 for who in crowd.customers[CONNECTIONS * each :]})
    assert outcomes["won"] == capacity
    assert set(outcomes + rest) == {"won", "slot_taken"}
    assert outcomes.total() + len(crowd.customers[CONNECTIONS * each :]) == ATTEMPTS
    assert lies(crowd) == 0
    crowd.engine.dispose()


def _outcome_of_rest(crowd: Crowd, slot: Any, who: UserId) -> str:
    with crowd.engine.connect() as connection:
        return _outcome(connection, lambda session: hold_slot(session, slot, who, channel="sms", now=NOW))


def without_row_locks(engine: Engine) -> None:
    """Send every statement without its FOR UPDATE, as if the line had been forgotten."""

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def forget(_: Any, __: Any, statement: str, parameters: Any, ___: Any, ____: Any) -> tuple[str, Any]:
        return re.sub(r"\s+FOR (NO KEY )?UPDATE( SKIP LOCKED)?", "", statement), parameters


def without_check(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE slots DROP CONSTRAINT slots_never_overbooked"))


@pytest.mark.parametrize(
    ("guards_off", "double_books"),
    [((), False), ((without_row_locks,), False), ((without_check,), False), ((without_row_locks, without_check), True)],
    ids=["both guards", "check alone", "lock alone", "neither"],
)
def test_lock_and_check_each_suffice_and_without_both_a_time_is_sold_twice(
    database: Engine, guards_off: tuple[Callable[[Engine], None], ...], double_books: bool
) -> None:
    rounds, racers = 12, 16
    crowd = a_crowd(database, rounds * racers, minutes=15)
    for switch_off in guards_off:
        switch_off(crowd.engine)
    slots = [crowd.garage.slot(f"2026-11-24 {8 + hour // 4:02}:{hour % 4 * 15:02}") for hour in range(rounds)]
    turn = {who: slots[number % rounds] for number, who in enumerate(crowd.customers)}
    outcomes = crowd.rush(
        racers, lambda session, who: hold_slot(session, turn[who], who, channel="sms", now=NOW), each=rounds
    )
    assert set(outcomes) == {"won", "slot_taken"}
    with Session(crowd.engine) as session:
        crowded = select(AppointmentSlotRow.slot_id).group_by(AppointmentSlotRow.slot_id).having(func.count() > 1)
        assert bool(session.scalars(crowded).all()) is double_books
    crowd.engine.dispose()


def test_confirm_expire_and_a_new_hold_at_the_last_moment_leave_one_owner(database: Engine) -> None:
    crowd = a_crowd(database, 3 * 20)
    slot = crowd.garage.slot("2026-11-26 10:00")
    for owner, rival, _ in zip(*[iter(crowd.customers)] * 3, strict=True):
        with Session(crowd.engine) as session, session.begin():
            hold = hold_slot(session, slot, owner, channel="sms", now=NOW)
        moves: list[Callable[[Session], object]] = [
            lambda session: confirm(session, hold.id, owner, now=NOW + TEN_MINUTES),  # noqa: B023 - used in this round.
            lambda session: hold_slot(session, slot, rival, channel="sms", now=NOW + TEN_MINUTES),  # noqa: B023
            lambda session: expire_holds(session, now=NOW + TEN_MINUTES),
        ]
        assert play_at_once(crowd, moves) <= {"won", "slot_taken"}
        with Session(crowd.engine) as session, session.begin():
            owners = session.scalars(
                select(AppointmentRow.id).where(AppointmentRow.status.in_(["reserved", "confirmed"]))
            ).all()
            assert len(owners) == 1
            assert counts_that_lie(session) == 0
            clear_the_calendar(session)
    crowd.engine.dispose()


def play_at_once(crowd: Crowd, moves: list[Callable[[Session], object]]) -> set[str]:
    start = Barrier(len(moves))

    def play(move: Callable[[Session], object]) -> str:
        with crowd.engine.connect() as connection:
            start.wait()
            return _outcome(connection, move)

    with ThreadPoolExecutor(len(moves)) as pool:
        return set(pool.map(play, moves))


def clear_the_calendar(session: Session) -> None:
    session.execute(text("DELETE FROM appointment_slots"))
    session.execute(text("UPDATE slots SET booked_count = 0"))
    session.execute(text("UPDATE appointments SET status = 'expired', slot_id = NULL WHERE slot_id IS NOT NULL"))


def test_customers_who_swap_times_never_deadlock(database: Engine) -> None:
    crowd = a_crowd(database, 2, lifts=2)
    morning, noon = (crowd.garage.slot(f"2026-11-26 {hour}") for hour in ("10:00", "10:30"))
    appointments: list[tuple[AppointmentId, UserId]] = []
    for who, slot in zip(crowd.customers, (morning, noon), strict=True):
        with Session(crowd.engine) as session, session.begin():
            hold = hold_slot(session, slot, who, channel="sms", now=NOW)
            appointments.append((confirm(session, hold.id, who, now=NOW).id, who))
    for turn in range(30):
        moves: list[Callable[[Session], object]] = [
            lambda session, mine=mine, to=(noon, morning)[(turn + number) % 2]: move(
                session, mine[0], to, mine[1], now=NOW
            )
            for number, mine in enumerate(appointments)
        ]
        assert play_at_once(crowd, moves) <= {"won", "slot_taken"}
    assert lies(crowd) == 0
    crowd.engine.dispose()


def test_a_closure_and_a_booking_at_once_never_miss_each_other(database: Engine) -> None:
    crowd = a_crowd(database, 20)
    workshop = crowd.garage.workshop
    for day, who in enumerate(crowd.customers):
        start = berlin("2026-11-24 10:00") + timedelta(days=day + day // 4 * 3)
        slot = crowd.garage.slot(f"{start:%Y-%m-%d %H:%M}")
        period = Period(slot.start, slot.end)
        seen: list[int] = []

        def shut(session: Session, period: Period = period, seen: list[int] = seen) -> None:
            close(session, workshop, period, "defekt", actor="staff:1", now=NOW)
            seen.extend(appointment.id for appointment in affected(session, workshop, period, now=NOW))

        def book(session: Session, slot: Any = slot, who: UserId = who) -> None:
            hold_slot(session, slot, who, channel="sms", now=NOW)

        assert play_at_once(crowd, [shut, book]) <= {"won", "not_bookable"}
        with Session(crowd.engine) as session:
            booked = session.scalars(select(AppointmentRow.id).where(AppointmentRow.user_id == who)).all()
        assert list(booked) == seen, "either the booking was refused, or staff were told of it"
    crowd.engine.dispose()


def test_one_customer_on_two_channels_at_once_has_one_hold(database: Engine) -> None:
    crowd = a_crowd(database, 1, lifts=2)
    [who] = crowd.customers
    slots = [crowd.garage.slot(f"2026-11-24 {hour}:00") for hour in range(10, 16)]
    moves: list[Callable[[Session], object]] = [
        lambda session, slot=slot: hold_slot(session, slot, who, channel="sms", now=NOW) for slot in slots
    ]
    assert play_at_once(crowd, moves) == {"won"}
    with Session(crowd.engine) as session:
        open_holds = select(func.count()).where(AppointmentRow.status == "reserved")
        assert session.scalar(open_holds) == 1
    assert lies(crowd) == 0
    crowd.engine.dispose()


def test_a_double_submit_books_once(database: Engine) -> None:
    crowd = a_crowd(database, 1)
    [who] = crowd.customers
    slot = crowd.garage.slot("2026-11-24 10:00")
    seen: list[AppointmentId] = []

    def submit(session: Session) -> None:
        hold = hold_slot(session, slot, who, channel="sms", now=NOW, key="one")
        seen.append(confirm(session, hold.id, who, now=NOW, key="two").id)

    assert play_at_once(crowd, [submit] * 8) == {"won"}
    assert len(seen) == 8
    assert len(set(seen)) == 1
    crowd.engine.dispose()


def test_a_full_time_is_refused_by_name(database: Engine) -> None:
    crowd = a_crowd(database, 2)
    slot = crowd.garage.slot("2026-11-24 10:00")
    with Session(crowd.engine) as session, session.begin():
        hold_slot(session, slot, crowd.customers[0], channel="sms", now=NOW)
    with Session(crowd.engine) as session, pytest.raises(SlotTaken):
        hold_slot(session, slot, crowd.customers[1], channel="sms", now=NOW)
    crowd.engine.dispose()
