"""Many customers, one time, real connections: who wins, and what guards it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, func, insert, select, text
from sqlalchemy.orm import Session

from booking_core.additions import add_services
from booking_core.appointments import confirm, move
from booking_core.closures import affected, close
from booking_core.errors import BookingError, SlotTaken
from booking_core.register import Appointment, lock_own
from booking_core.reservations import expire_holds, hold_slot
from booking_core.tables import AppointmentRow, UserRow
from booking_core.values import AppointmentId, Period, UserId
from tests.app.eventually import eventually
from tests.booking_core.builders import NOW, Garage, a_garage, a_service, berlin, counts_that_lie

ATTEMPTS, CONNECTIONS = 10_000, 64
TEN_MINUTES = timedelta(minutes=10)

Attempt = Callable[[UserId, Session], object]


@dataclass(frozen=True)
class Crowd:
    """A garage in a database of its own, a customer for every attempt, and enough connections for all."""

    engine: Engine
    garage: Garage
    customers: list[UserId]

    def rush(self, racers: int, attempt: Attempt) -> Counter[str]:
        """All racers at once, each with a connection and a share of the customers; how often which outcome."""
        start = Barrier(racers)

        def race(racer: int) -> Counter[str]:
            with self.engine.connect() as connection:
                start.wait()
                return Counter(_outcome(connection, partial(attempt, who)) for who in self.customers[racer::racers])

        with ThreadPoolExecutor(racers) as pool:
            return sum(pool.map(race, range(racers)), Counter[str]())


def _outcome(connection: Connection, work: Callable[[Session], object]) -> str:
    try:
        with Session(connection) as session, session.begin():
            work(session)
    except BookingError as refusal:
        return refusal.code
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "won"


@pytest.fixture
def crowd(database: Engine) -> Iterator[Callable[..., Crowd]]:
    """Makes a garage and as many customers as are asked for."""
    engine = create_engine(database.url, pool_size=CONNECTIONS, max_overflow=0)

    def gather(size: int, **garage: Any) -> Crowd:
        with Session(engine) as session, session.begin():
            customers = session.scalars(insert(UserRow).returning(UserRow.id), [{"name": "Petra"}] * size).all()
            return Crowd(engine, a_garage(session, **garage), list(customers))

    yield gather
    engine.dispose()


def lies(crowd: Crowd) -> int:
    with Session(crowd.engine) as session:
        return counts_that_lie(session)


@pytest.mark.long
@pytest.mark.parametrize("capacity", [1, 3])
def test_of_ten_thousand_attempts_as_many_win_as_there_is_room(crowd: Callable[..., Crowd], capacity: int) -> None:
    rivals = crowd(ATTEMPTS, capacity=capacity, minutes=15)
    slot = rivals.garage.slot("2026-11-24 10:00")
    outcomes = rivals.rush(CONNECTIONS, lambda who, session: hold_slot(session, slot, who, channel="sms", now=NOW))
    assert outcomes == {"won": capacity, "slot_taken": ATTEMPTS - capacity}
    assert lies(rivals) == 0


def without_look(engine: Engine) -> None:
    """Count up whatever the room, as if the condition had been forgotten."""

    @event.listens_for(engine, "before_cursor_execute", retval=True)
    def forget(_: Any, __: Any, statement: str, parameters: Any, ___: Any, ____: Any) -> tuple[str, Any]:
        return re.sub(r"WHERE slots.booked_count.*<= slots.capacity", "", statement, flags=re.DOTALL), parameters


def without_check(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE slots DROP CONSTRAINT slots_never_overbooked"))


def meet_before_counting(engine: Engine, racers: int) -> None:
    """Everybody who saw a free time waits for the others before counting up: the worst moment, every time."""
    gate = Barrier(racers)

    @event.listens_for(engine, "before_cursor_execute")
    def wait(_: Any, __: Any, statement: str, *___: Any) -> None:
        if "INSERT INTO slots" in statement:
            with suppress(BrokenBarrierError):
                gate.wait(timeout=0.5)


@pytest.mark.parametrize(
    ("guards_off", "winners", "loser"),
    [
        ((), 1, "slot_taken"),
        ((without_check,), 1, "slot_taken"),
        ((without_look,), 1, "IntegrityError"),
        ((without_look, without_check), 2, None),
    ],
    ids=["both guards", "look alone", "check alone", "neither"],
)
def test_look_and_check_each_suffice_and_without_both_a_time_is_sold_twice(
    crowd: Callable[..., Crowd], guards_off: tuple[Callable[[Engine], None], ...], winners: int, loser: str | None
) -> None:
    rivals = crowd(2)
    slot = rivals.garage.slot("2026-11-24 10:00")
    for switch_off in guards_off:
        switch_off(rivals.engine)
    meet_before_counting(rivals.engine, 2)
    outcomes = rivals.rush(2, lambda who, session: hold_slot(session, slot, who, channel="sms", now=NOW))
    assert outcomes.pop("won") == winners
    assert {outcome.split(":")[0] for outcome in outcomes} == ({loser} if loser else set())


def test_confirm_expire_and_a_new_hold_at_the_last_moment_leave_one_owner(crowd: Callable[..., Crowd]) -> None:
    rivals = crowd(3 * 20)
    slot = rivals.garage.slot("2026-11-26 10:00")
    for owner, rival, _ in zip(*[iter(rivals.customers)] * 3, strict=True):
        with Session(rivals.engine) as session, session.begin():
            hold = hold_slot(session, slot, owner, channel="sms", now=NOW)
        later = NOW + TEN_MINUTES
        moves: list[Callable[[Session], object]] = [
            partial(confirm, appointment=hold.id, user=owner, now=later),
            partial(hold_slot, slot=slot, user=rival, channel="sms", now=later),
            partial(expire_holds, now=later),
        ]
        assert play_at_once(rivals, moves) <= {"won", "slot_taken"}
        with Session(rivals.engine) as session, session.begin():
            owners = session.scalars(
                select(AppointmentRow.id).where(AppointmentRow.status.in_(["reserved", "confirmed"]))
            ).all()
            assert len(owners) == 1
            assert counts_that_lie(session) == 0
            clear_the_calendar(session)


def play_at_once(rivals: Crowd, moves: Sequence[Callable[[Session], object]]) -> set[str]:
    start = Barrier(len(moves))

    def play(move: Callable[[Session], object]) -> str:
        with rivals.engine.connect() as connection:
            start.wait()
            return _outcome(connection, move)

    with ThreadPoolExecutor(len(moves)) as pool:
        return set(pool.map(play, moves))


def clear_the_calendar(session: Session) -> None:
    session.execute(text("DELETE FROM appointment_slots"))
    session.execute(text("UPDATE slots SET booked_count = 0"))
    session.execute(text("UPDATE appointments SET status = 'expired', slot_id = NULL WHERE slot_id IS NOT NULL"))


def test_customers_who_swap_times_never_deadlock(crowd: Callable[..., Crowd]) -> None:
    rivals = crowd(2, lifts=2)
    morning, noon = (rivals.garage.slot(f"2026-11-26 {hour}") for hour in ("10:00", "10:30"))
    appointments: list[tuple[AppointmentId, UserId]] = []
    for who, slot in zip(rivals.customers, (morning, noon), strict=True):
        with Session(rivals.engine) as session, session.begin():
            hold = hold_slot(session, slot, who, channel="sms", now=NOW)
            appointments.append((confirm(session, hold.id, who, now=NOW).id, who))
    for turn in range(30):
        moves = [
            partial(move, appointment=mine, slot=(noon, morning)[(turn + number) % 2], user=who, now=NOW)
            for number, (mine, who) in enumerate(appointments)
        ]
        assert play_at_once(rivals, moves) <= {"won", "slot_taken"}
    assert lies(rivals) == 0


def test_a_visit_that_grows_and_a_booking_after_it_never_both_get_the_time(crowd: Callable[..., Crowd]) -> None:
    rivals = crowd(2 * 12)
    with Session(rivals.engine) as session, session.begin():
        brakes = a_service(session, rivals.garage.workshop, "brake-check", minutes=30)
    for number, (guest, rival) in enumerate(zip(*[iter(rivals.customers)] * 2, strict=True)):
        start = berlin("2026-11-25 10:00") + timedelta(days=number + number // 3 * 4)
        slot, after = (rivals.garage.slot(f"{start + timedelta(hours=late):%Y-%m-%d %H:%M}") for late in (0, 1))
        with Session(rivals.engine) as session, session.begin():
            visit = confirm(session, hold_slot(session, slot, guest, channel="sms", now=NOW).id, guest, now=NOW)
        moves: list[Callable[[Session], object]] = [
            partial(add_services, appointment=visit.id, services=[brakes], user=guest, now=NOW),
            partial(hold_slot, slot=after, user=rival, channel="sms", now=NOW),
        ]
        assert play_at_once(rivals, moves) == {"won", "slot_taken"}
    assert lies(rivals) == 0


def test_who_waits_for_a_visit_that_grows_sees_all_of_it(crowd: Callable[..., Crowd]) -> None:
    rivals = crowd(1)
    [who] = rivals.customers
    with Session(rivals.engine) as session, session.begin():
        brakes = a_service(session, rivals.garage.workshop, "brake-check", minutes=30)
        slot = rivals.garage.slot("2026-11-26 10:00")
        visit = confirm(session, hold_slot(session, slot, who, channel="sms", now=NOW).id, who, now=NOW)

    def read() -> Appointment:
        with Session(rivals.engine) as session, session.begin():
            return lock_own(session, visit.id, who)

    with ThreadPoolExecutor(1) as pool:
        with Session(rivals.engine) as growing, growing.begin():
            grown = add_services(growing, visit.id, [brakes], who, now=NOW)
            reading = pool.submit(read)
            eventually(lambda: somebody_waits(rivals.engine))
        assert reading.result() == grown


def somebody_waits(engine: Engine) -> bool:
    with engine.connect() as connection:
        waiting = (
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        )
        return bool(connection.execute(text(waiting)).scalar_one())


def test_a_closure_and_a_booking_at_once_never_miss_each_other(crowd: Callable[..., Crowd]) -> None:
    rivals = crowd(20)
    workshop = rivals.garage.workshop
    for day, who in enumerate(rivals.customers):
        start = berlin("2026-11-24 10:00") + timedelta(days=day + day // 4 * 3)
        slot = rivals.garage.slot(f"{start:%Y-%m-%d %H:%M}")
        period = Period(slot.start, slot.end)
        seen: list[int] = []

        def shut(session: Session, period: Period = period, seen: list[int] = seen) -> None:
            close(session, workshop, period, "defekt", actor="staff:1", now=NOW)
            seen.extend(appointment.id for appointment in affected(session, workshop, period, now=NOW))

        book = partial(hold_slot, slot=slot, user=who, channel="sms", now=NOW)
        assert play_at_once(rivals, [shut, book]) <= {"won", "not_bookable"}
        with Session(rivals.engine) as session:
            booked = session.scalars(select(AppointmentRow.id).where(AppointmentRow.user_id == who)).all()
        assert list(booked) == seen, "either the booking was refused, or staff were told of it"


def test_one_customer_on_two_channels_at_once_has_one_hold(crowd: Callable[..., Crowd]) -> None:
    rivals = crowd(1, lifts=2)
    [who] = rivals.customers
    slots = [rivals.garage.slot(f"2026-11-24 {hour}:00") for hour in range(10, 16)]
    moves = [partial(hold_slot, slot=slot, user=who, channel="sms", now=NOW) for slot in slots]
    assert play_at_once(rivals, moves) == {"won"}
    with Session(rivals.engine) as session:
        open_holds = select(func.count()).where(AppointmentRow.status == "reserved")
        assert session.scalar(open_holds) == 1
    assert lies(rivals) == 0


def test_a_hold_that_is_just_being_confirmed_counts_as_an_appointment(crowd: Callable[..., Crowd]) -> None:
    rivals = crowd(1, max_open_appointments=1)
    [who] = rivals.customers
    first, second = (rivals.garage.slot(f"2026-11-26 {hour}:00") for hour in (10, 12))
    with Session(rivals.engine) as session, session.begin():
        hold = hold_slot(session, first, who, channel="sms", now=NOW)
    with ThreadPoolExecutor(1) as pool:
        with Session(rivals.engine) as confirming, confirming.begin():
            confirm(confirming, hold.id, who, now=NOW)
            wanting = pool.submit(
                play_at_once, rivals, [partial(hold_slot, slot=second, user=who, channel="sms", now=NOW)]
            )
            eventually(lambda: somebody_waits(rivals.engine))
        assert wanting.result() == {"too_many_appointments"}


def test_a_double_submit_books_once(crowd: Callable[..., Crowd]) -> None:
    rivals = crowd(1)
    [who] = rivals.customers
    slot = rivals.garage.slot("2026-11-24 10:00")
    seen: list[AppointmentId] = []

    def submit(session: Session) -> None:
        hold = hold_slot(session, slot, who, channel="sms", now=NOW, key="one")
        seen.append(confirm(session, hold.id, who, now=NOW, key="two").id)

    assert play_at_once(rivals, [submit] * 8) == {"won"}
    assert len(seen) == 8
    assert len(set(seen)) == 1


def test_a_dead_hold_that_is_just_being_revived_is_not_waited_for(crowd: Callable[..., Crowd]) -> None:
    rivals = crowd(2)
    late, eager = rivals.customers
    slot = rivals.garage.slot("2026-11-26 10:00")
    with Session(rivals.engine) as session, session.begin():
        hold = hold_slot(session, slot, late, channel="sms", now=NOW)
    with Session(rivals.engine) as reviving, reviving.begin():
        confirm(reviving, hold.id, late, now=NOW + TEN_MINUTES - timedelta(seconds=1))
        with Session(rivals.engine) as session, pytest.raises(SlotTaken):
            hold_slot(session, slot, eager, channel="sms", now=NOW + TEN_MINUTES)
