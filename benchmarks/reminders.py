"""How many reminders a second go out: `python -m benchmarks.reminders [--customers 2400]`.

Real worker processes, one to four of them, without a bell; every customer of a day is due at the same moment, and
a stand-in for Twilio answers each text after 20 ms. The rate counts from the first text that arrives to the last.
A worker looks for what is due twice a second, so that some begin up to half a second after the first: a few hundred
customers would measure that. What else a worker has to do each hour or day is done before.
"""

import argparse
import os
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from app import duties
from app.database import engine_for, in_transaction, session_factory
from app.embedded import Postgres, shared, temporary_home
from app.throwaway import template_database, throwaway_database
from benchmarks.figures import Chapter, Figure, tell
from benchmarks.served import parent_of, resident, used, used_with_children
from benchmarks.stand_in import QuickTwilio
from tests.app.eventually import eventually
from tests.booking_core.builders import Garage, a_garage, berlin
from tests.faults.workshop import a_customer_by_sms, at_work, book, set_time

PROCESSES, ROUNDS = (1, 2, 3, 4), 3
ANSWER = 0.02
MONDAY = berlin("2027-03-01 10:00")
WARM_UP = 40


class Days:
    """Tuesday after Tuesday, each with customers of its own who are to be reminded on the Monday before."""

    def __init__(self, engine: Engine, twilio: QuickTwilio) -> None:
        self._engine, self._twilio, self._weeks, self._customers = engine, twilio, 0, 0
        self._sessions = session_factory(engine)
        self._garage: Garage = in_transaction(
            self._sessions, lambda session: a_garage(session, capacity=10_000, horizon_days=900)
        )

    def book(self, customers: int) -> None:
        """Have so many customers come on the next of these days."""
        self._weeks, self._customers = self._weeks + 1, customers
        set_time(self._engine, self._monday - timedelta(days=3))
        for first in range(0, customers, 100):
            in_transaction(self._sessions, partial(self._book_some, numbers=range(first, min(first + 100, customers))))

    def remind(self) -> float:
        """Have them be reminded; reminders a second."""
        set_time(self._engine, self._monday - timedelta(minutes=1))
        eventually(lambda: not in_transaction(self._sessions, duties.pending), seconds=60)
        self._twilio.arrived.clear()
        set_time(self._engine, self._monday + timedelta(minutes=1))
        eventually(lambda: len(self._twilio.arrived) >= self._customers, seconds=120)
        return (self._customers - 1) / (self._twilio.arrived[-1] - self._twilio.arrived[0])

    @property
    def _monday(self) -> datetime:
        return MONDAY + timedelta(weeks=self._weeks)

    def _book_some(self, session: Session, numbers: range) -> None:
        for number in numbers:
            who = a_customer_by_sms(session, f"+49151{self._weeks:03}{number:05}")
            book(session, self._garage, who, self._monday + timedelta(days=1), self._monday - timedelta(days=3))


class Meter:
    """Processor time that all who take part have used, in seconds."""

    def __init__(self, engine: Engine, workers: list[int]) -> None:
        with engine.connect() as connection:
            self._postgres = parent_of(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
        self._workers = workers

    def read(self) -> dict[str, float]:
        return {
            "the workers": sum(map(used, self._workers)),
            "PostgreSQL": used_with_children(self._postgres),
            "the stand-in": time.process_time(),
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=2400)
    asked = parser.parse_args()
    rates: dict[int, list[float]] = {processes: [] for processes in PROCESSES}
    costs: dict[str, list[float]] = {}
    sizes: list[float] = []
    with ExitStack() as stack:
        server = stack.enter_context(shared(Postgres(), stack.enter_context(temporary_home())))
        template = template_database(server, kind="empty", fill=lambda engine: None)
        engine = stack.enter_context(engine_for(stack.enter_context(throwaway_database(server, template))))
        twilio = stack.enter_context(QuickTwilio(answer=ANSWER).running())
        days = Days(engine, twilio)
        for processes in PROCESSES:
            with ExitStack() as shift:
                pids = [shift.enter_context(at_work(engine, twilio)).pid for _ in range(processes)]
                meter = Meter(engine, pids)
                days.book(WARM_UP * processes)
                days.remind()
                for _ in range(ROUNDS):
                    days.book(asked.customers)
                    before = meter.read()
                    rates[processes].append(days.remind())
                    for who, seconds in meter.read().items():
                        costs.setdefault(who, []).append((seconds - before[who]) / asked.customers * 1_000)
                sizes += [resident(pid) for pid in pids]
    tell(chapter(rates, costs, sizes))


def chapter(rates: dict[int, list[float]], costs: dict[str, list[float]], sizes: list[float]) -> Chapter:
    figures = [
        Figure(f"{processes} processes", "/s", tuple(measured), at_least=300.0 if processes == 1 else None)
        for processes, measured in rates.items()
    ]
    twice = tuple(two / one for one, two in zip(rates[1], rates[2], strict=True))
    figures.append(Figure("two processes by one", "×", twice, at_least=1.7))
    figures += [Figure(f"processor time per reminder, {who}", "ms", tuple(each)) for who, each in costs.items()]
    most = tuple((os.cpu_count() or 1) * 1_000 / sum(each) for each in zip(*costs.values(), strict=True))
    figures.append(Figure("the most that all cores could send at that", "/s", most))
    figures.append(Figure("memory of a worker", "MB", tuple(sizes), at_most=150.0))
    text = (
        "Real worker processes without a bell. All reminders of a day become due at the same moment; each is worded in "
        "its conversation, posted, and sent to a stand-in for Twilio that answers after 20 ms. Each process "
        "words some: it takes them under locks that nobody waits for. PostgreSQL and the stand-in have the same cores, "
        "so the stand-in is a bare socket, and the processor time of all three says how far more processes can help. "
        "Each process has ten texts under way at once, which alone bounds it to some four hundred a second."
    )
    return Chapter("5-reminders", "Reminders", text, tuple(figures))


if __name__ == "__main__":
    main()
