"""The worker, its bell and its database die at the worst moments; nothing is lost, and nothing said twice."""

import signal
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.database import engine_for, session_factory
from app.duties import DUTIES, perform
from app.embedded import Postgres, shared, temporary_home
from app.migrating import migrate
from app.providers.server import Reply, Request
from app.providers.twilio import Twilio
from booking_core.tables import DutyRow, OutboxRow, ReminderRow
from tests.app.eventually import eventually
from tests.booking_core.builders import NOW, a_garage, berlin
from tests.faults.invariants import violations
from tests.faults.workshop import a_customer_by_sms, a_redis, at_work, book, clock, pass_time, set_time

PETRA = "+4915100000001"
START = berlin("2026-11-26 10:00")


class Killer(Twilio):
    """A Twilio at which whoever calls dies, before it has taken the message or just afterwards."""

    victim: subprocess.Popen[bytes] | None = None
    after_taking = False

    def handle(self, request: Request) -> Reply:
        victim, self.victim = (self.victim, None) if self.sends(request) else (None, self.victim)
        reply = super().handle(request) if self.after_taking or not victim else Reply(500)
        if victim:
            victim.kill()
            victim.wait()
        return reply


@pytest.fixture
def booked(database: Engine) -> Iterator[tuple[Engine, Killer]]:
    """Petra comes on Thursday at ten; it is Monday. Twilio's clock is ours."""
    set_time(database, NOW)
    with Session(database) as session, session.begin():
        garage = a_garage(session, cancel_cutoff=0)
        book(session, garage, a_customer_by_sms(session, PETRA), START, NOW)
    with Killer(reports=0).running() as twilio:
        twilio.clock = lambda: clock(database)
        yield database, twilio


def the_day_before_comes(engine: Engine) -> None:
    set_time(engine, START - timedelta(days=1))


def state_of_letter(engine: Engine) -> str | None:
    with Session(engine) as session:
        return session.scalar(select(OutboxRow.state))


def settled(engine: Engine) -> bool:
    return state_of_letter(engine) == "sent"


def in_order(engine: Engine, twilio: Twilio) -> None:
    eventually(lambda: settled(engine), seconds=60)
    assert [one.body.split(":")[0] for one in twilio.letters(PETRA)] == ["Erinnerung"]
    with Session(engine) as session:
        assert violations(session) == []


@pytest.mark.parametrize("taken", [False, True], ids=["before the provider took it", "after the provider took it"])
def test_a_worker_killed_while_sending_has_said_it_once(booked: tuple[Engine, Killer], taken: bool) -> None:
    engine, twilio = booked
    twilio.after_taking = taken
    with at_work(engine, twilio) as worker:
        twilio.victim = worker
        the_day_before_comes(engine)
        eventually(lambda: worker.poll() is not None, seconds=60)
    assert state_of_letter(engine) == "sending"
    pass_time(engine, timedelta(minutes=3))
    with at_work(engine, twilio):
        in_order(engine, twilio)


def test_a_worker_killed_before_it_told_celery_has_said_it_once(booked: tuple[Engine, Killer]) -> None:
    engine, twilio = booked
    with a_redis() as redis:
        with at_work(engine, twilio, redis.url) as worker:
            the_day_before_comes(engine)
            eventually(lambda: settled(engine), seconds=60)
            worker.kill()
        pass_time(engine, timedelta(minutes=3))
        with at_work(engine, twilio, redis.url):
            in_order(engine, twilio)


def test_a_worker_that_is_told_to_go_goes(booked: tuple[Engine, Killer]) -> None:
    engine, twilio = booked
    with a_redis() as redis, at_work(engine, twilio, redis.url) as worker:
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0


@pytest.mark.parametrize("fault", ["killed", "flushed"])
def test_without_redis_or_its_memory_all_goes_out(booked: tuple[Engine, Killer], fault: str) -> None:
    engine, twilio = booked
    with a_redis() as redis, at_work(engine, twilio, redis.url):
        redis.kill() if fault == "killed" else redis.flush()
        the_day_before_comes(engine)
        in_order(engine, twilio)


def test_two_workers_with_their_beats_say_it_once(booked: tuple[Engine, Killer]) -> None:
    engine, twilio = booked
    with a_redis() as redis, at_work(engine, twilio, redis.url), at_work(engine, twilio, redis.url):
        the_day_before_comes(engine)
        in_order(engine, twilio)


def test_a_duty_is_done_once_though_many_come_for_it(booked: tuple[Engine, Killer]) -> None:
    engine, _ = booked
    sessions, duty = session_factory(engine), DUTIES["remind"]
    the_day_before_comes(engine)
    with ThreadPoolExecutor(5) as workers:
        done = list(workers.map(lambda _: perform(duty, sessions, {}), range(5)))
    assert done.count(True) == 1
    pass_time(engine, duty.every)
    assert perform(duty, sessions, {})
    set_time(engine, NOW)
    assert perform(duty, sessions, {})
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(DutyRow)) == 1
        assert session.scalar(select(ReminderRow.state)) == "unreachable"


def test_a_killed_postmaster_costs_nothing() -> None:
    with ExitStack() as stack:
        home = stack.enter_context(temporary_home())
        engine = stack.enter_context(engine_for(stack.enter_context(shared(Postgres(), home))))
        migrate(engine)
        set_time(engine, NOW)
        with Session(engine) as session, session.begin():
            book(session, a_garage(session), a_customer_by_sms(session, PETRA), START, NOW)
        twilio = stack.enter_context(Twilio(reports=0).running())
        twilio.clock = lambda: clock(engine)
        stack.enter_context(at_work(engine, twilio))
        the_day_before_comes(engine)
        pidfile = next(home.glob("**/postmaster.pid"))
        subprocess.run(["kill", "-9", pidfile.read_text().split()[0]], check=True)
        engine.dispose()
        eventually(lambda: _answers(lambda: clock(engine)), seconds=60)
        in_order(engine, twilio)


def _answers(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except OperationalError:
        return False
    return True
