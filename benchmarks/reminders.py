"""How many reminders a second go out: `python -m benchmarks.reminders [--customers 400]`.

Real worker processes, one to four of them, without a bell; every customer of a day is due at the same moment, and
Twilio answers each text after 20 ms. The rate counts from the first text that arrives to the last.
"""

import argparse
import time
from contextlib import ExitStack
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.database import engine_for, in_transaction, session_factory
from app.embedded import Postgres, shared, temporary_home
from app.providers.server import Reply, Request
from app.providers.twilio import Twilio
from app.throwaway import template_database, throwaway_database
from benchmarks.figures import Chapter, Figure, tell
from benchmarks.served import resident
from tests.app.eventually import eventually
from tests.booking_core.builders import Garage, a_garage, berlin
from tests.faults.workshop import a_customer_by_sms, at_work, book, set_time

PROCESSES, ROUNDS = (1, 2, 3, 4), 3
ANSWER = 0.02
MONDAY = berlin("2027-03-01 10:00")
WARM_UP = 40


class Slow(Twilio):
    """Takes its time, for each text alone, and notes when it came."""

    arrived: list[float]

    def handle(self, request: Request) -> Reply:
        if self.sends(request):
            self.arrived.append(time.perf_counter())
            time.sleep(ANSWER)
        return super().handle(request)


class Days:
    """Tuesday after Tuesday, each with customers of its own who are to be reminded on the Monday before."""

    def __init__(self, engine: Engine, twilio: Slow) -> None:
        self._engine, self._twilio, self._weeks = engine, twilio, 0
        self._sessions = session_factory(engine)
        self._garage: Garage = in_transaction(
            self._sessions, lambda session: a_garage(session, capacity=10_000, horizon_days=900)
        )

    def remind(self, customers: int) -> float:
        """Reminders a second."""
        monday = MONDAY + timedelta(weeks=self._weeks)
        set_time(self._engine, monday - timedelta(days=3))
        for first in range(0, customers, 100):
            in_transaction(self._sessions, lambda session, first=first: self._book(session, monday, first, customers))  # type: ignore[misc]
        self._weeks += 1
        self._twilio.arrived = []
        set_time(self._engine, monday + timedelta(minutes=1))
        eventually(lambda: len(self._twilio.arrived) >= customers, seconds=120)
        return (customers - 1) / (self._twilio.arrived[-1] - self._twilio.arrived[0])

    def _book(self, session: Session, monday: datetime, first: int, customers: int) -> None:
        for number in range(first, min(first + 100, customers)):
            who = a_customer_by_sms(session, f"+49151{self._weeks:03}{number:05}")
            book(session, self._garage, who, monday + timedelta(days=1), monday - timedelta(days=3))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=400)
    asked = parser.parse_args()
    rates: dict[int, list[float]] = {processes: [] for processes in PROCESSES}
    sizes: list[float] = []
    with ExitStack() as stack:
        server = stack.enter_context(shared(Postgres(), stack.enter_context(temporary_home())))
        template = template_database(server, kind="empty", fill=lambda engine: None)
        engine = stack.enter_context(engine_for(stack.enter_context(throwaway_database(server, template))))
        twilio = stack.enter_context(Slow(reports=0).running())
        days = Days(engine, twilio)
        for processes in PROCESSES:
            with ExitStack() as shift:
                pids = [shift.enter_context(at_work(engine, twilio)).pid for _ in range(processes)]
                days.remind(WARM_UP * processes)
                for _ in range(ROUNDS):
                    rates[processes].append(days.remind(asked.customers))
                sizes += [resident(pid) for pid in pids]
    tell(chapter(rates, sizes))


def chapter(rates: dict[int, list[float]], sizes: list[float]) -> Chapter:
    figures = [
        Figure(f"{processes} processes", "/s", tuple(measured), at_least=300.0 if processes == 1 else None)
        for processes, measured in rates.items()
    ]
    twice = tuple(two / one for one, two in zip(rates[1], rates[2], strict=True))
    figures.append(Figure("two processes by one", "×", twice, at_least=1.7))
    figures.append(Figure("memory of a worker", "MB", tuple(sizes), at_most=150.0))
    text = (
        "Real worker processes without a bell. All reminders of a day become due at the same moment; each is worded in "
        "its conversation, posted, and sent to a stand-in for Twilio that answers after 20 ms. Each process "
        "words some: it takes them under locks that nobody waits for. PostgreSQL and the stand-in have the same cores."
    )
    return Chapter("5-reminders", "Reminders", text, tuple(figures))


if __name__ == "__main__":
    main()
