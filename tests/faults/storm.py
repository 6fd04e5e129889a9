"""Customers book and write while processes and servers are killed at random; afterwards everything is counted.

`python -m tests.faults.storm 1000 --seed 7` kills a thousand times; the same seed chooses the same victims.
"""

import argparse
import os
import random
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.database import engine_for
from app.embedded import Postgres, shared, temporary_home
from app.migrating import migrate
from app.providers.twilio_messages import Made
from booking_core.tables import AppointmentRow, InboxRow, UserRow
from tests.app.api.house import fresh_key
from tests.app.eventually import eventually
from tests.booking_core.builders import BERLIN
from tests.faults.house import House, a_house, happens
from tests.faults.nursery import Child
from tests.faults.workshop import clock

VICTIMS = ("server", "worker", "beat", "Redis", "a backend", "the postmaster")
TWICE = 0.1
"""The part of kills that takes a second victim along."""

CALM = (0.05, 0.3)
"""Seconds between two kills."""

NOBODY_THERE = (OSError, DBAPIError, LookupError, StopIteration)
"""What it looks like when the victim is dead already, or just being born."""

LULL = 4.0
"""So long we wait for a server that can be reached, or customers would only ever meet dead ones."""


@dataclass
class Journal:
    """What customers were told, apart from what the database knows."""

    booked: dict[str, str] = field(default_factory=dict)
    """Codes by the address of whoever booked."""

    updates: set[int] = field(default_factory=set)
    written: int = 0
    answers: Counter[int] = field(default_factory=Counter)


class Storm:
    def __init__(self, house: House, home: Path, seed: int) -> None:
        self.house, self._home, self._dice = house, home, random.Random(seed)
        self.journal, self.over = Journal(), threading.Event()
        self.killed: Counter[str] = Counter()
        self._children: dict[str, Child] = {}
        self._births: dict[str, Callable[[], Child]] = {
            "server": lambda: house.serve(ready=False),
            "worker": house.work,
            "beat": house.beat,
        }

    def revive(self) -> None:
        """As whoever supervises processes would."""
        for name, bear in self._births.items():
            if name not in self._children or not self._children[name].alive:
                self._children[name] = bear()
        if self.house.redis and self.house.redis.process is None:
            self.house.redis.start()

    def kill(self) -> None:
        for victim in self._dice.sample(VICTIMS, 2 if self._dice.random() < TWICE else 1):
            with suppress(*NOBODY_THERE):
                self._end(victim)
                self.killed[victim] += 1

    def _end(self, victim: str) -> None:
        match victim:
            case "Redis" if self.house.redis:
                self.house.redis.kill()
            case "a backend":
                others = text(
                    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                with self.house.engine.connect() as connection:
                    os.kill(self._dice.choice(sorted(connection.scalars(others))), signal.SIGKILL)
            case "the postmaster":
                pidfile = next(self._home.glob("**/postmaster.pid"))
                os.kill(int(pidfile.read_text().split()[0]), signal.SIGKILL)
            case _:
                self._children[victim].kill()

    # Customers

    def book(self, number: int) -> None:
        """By the API, with the same key until there is an answer."""
        dice, house = random.Random(number), self.house
        with httpx.Client(base_url=house.url, timeout=20) as client:
            for turn in range(1_000_000):
                day = datetime(2026, 11, 24, tzinfo=BERLIN) + timedelta(days=dice.randrange(25))
                start = day.replace(hour=dice.randrange(8, 17), minute=dice.choice((0, 15, 30, 45)))
                email = f"guest{number}.{turn}@example.de"
                services = [house.garage.service]
                body = {"workshop_id": house.garage.workshop, "service_ids": services, "start": start.isoformat()}
                guest = {"name": "Petra Müller", "email": email}
                address = f"10.{number}.{turn // 250 % 250}.{turn % 250}"
                headers = fresh_key() | {"X-Forwarded-For": address}
                while not self.over.is_set():
                    with suppress(httpx.TransportError):
                        answer = client.post("/api/appointments", json=body | {"customer": guest}, headers=headers)
                        self.journal.answers[answer.status_code] += 1
                        if answer.status_code == 201:
                            self.journal.booked[email] = answer.json()["code"]
                        if answer.status_code < 500 and answer.status_code != 409:
                            break
                        if answer.status_code == 409 and answer.json()["code"] != "request_running":
                            break
                    time.sleep(0.1)
                if self.over.is_set():
                    return

    def chat(self, number: int) -> None:
        """On Telegram, which comes again, and by SMS, which does not."""
        house, turn = self.house, 0
        while not self.over.is_set():
            turn += 1
            update = house.telegram.text_update(f"{number}{turn:05}", "Ölwechsel übermorgen um 10 in 50667")
            if house.telegram.deliver(update) == 200:
                self.journal.updates.add(update["update_id"])
            house.twilio.write(f"+49151{number}{turn:06}", "Was kostet ein Ölwechsel?")
            self.journal.written += 1
            time.sleep(0.2)

    def judge(self) -> list[str]:
        """All that was lost, done twice or left lying, in words."""
        house, wrong = self.house, self.house.broken()
        with Session(house.engine) as session:
            found = session.execute(
                select(UserRow.email, AppointmentRow.public_code, AppointmentRow.status).join(
                    AppointmentRow, AppointmentRow.user_id == UserRow.id
                )
            ).all()
            heard = {row.provider_id for row in session.execute(select(InboxRow.provider_id))}
        live = Counter(email for email, _, status in found if email and status == "confirmed")
        codes = {code for _, code, status in found if status == "confirmed"}
        wrong += [f"{code} was acknowledged and is lost" for code in self.journal.booked.values() if code not in codes]
        wrong += [f"{email} has {count} appointments" for email, count in live.items() if count > 1]
        wrong += [f"update {one} was taken and is lost" for one in self.journal.updates if f"4711:{one}" not in heard]
        wrong += [f"{one.sid} was never heard" for one in self._written() if one.sid not in heard]
        sent = Counter[str]()
        doubted = Counter[str]()
        for row in house.letters():
            sent[row.recipient] += row.state == "sent"
            doubted[row.recipient] += row.doubts
        shown = {one: len(messages) for one, messages in house.telegram.chats.items()}
        shown |= Counter(one.to for one in house.twilio.messages if one.direction != "inbound")
        for who, count in shown.items():
            most = sent[who] + (0 if who.startswith("+") else doubted[who])
            if not sent[who] <= count <= most:
                wrong.append(f"{who} got {count} letters of {sent[who]}, {doubted[who]} in doubt")
        return wrong

    def _written(self) -> list[Made]:
        return [one for one in self.house.twilio.messages if one.direction == "inbound"]

    def all_is_heard(self) -> bool:
        with Session(self.house.engine) as session:
            heard = set(session.scalars(select(InboxRow.provider_id).where(InboxRow.processed_at.is_not(None))))
        return all(one.sid in heard for one in self._written())


@contextmanager
def a_storm(seed: int) -> Iterator[Storm]:
    """On a PostgreSQL of its own, which loses nothing of what it has acknowledged."""
    with ExitStack() as stack:
        home = stack.enter_context(temporary_home())
        engine = stack.enter_context(engine_for(stack.enter_context(shared(Postgres(), home))))
        migrate(engine)
        house = stack.enter_context(a_house(engine, lifts=40))
        ahead = clock(engine) - datetime.now(UTC)
        for provider in (house.telegram, house.twilio):
            provider.clock = lambda: datetime.now(UTC) + ahead  # It has a clock of its own while ours is away.
        yield Storm(house, home, seed)


def rage(
    kills: int, seed: int, *, seconds: float = 1e9, watch: Callable[[Storm], object] = id
) -> tuple[Storm, list[str]]:
    """Kill so often, or for so long; what is wrong afterwards. Between two kills somebody may `watch`."""
    with a_storm(seed) as storm:
        storm.revive()
        eventually(storm.house.answers, seconds=60)
        customers = [threading.Thread(target=storm.book, args=(1,)), threading.Thread(target=storm.chat, args=(1,))]
        for customer in customers:
            customer.start()
        dice, until = random.Random(seed), time.monotonic() + seconds
        try:
            while storm.killed.total() < kills and time.monotonic() < until:
                storm.kill()
                storm.revive()
                happens(storm.house.answers, seconds=LULL)
                watch(storm)
                time.sleep(dice.uniform(*CALM))
        finally:
            storm.over.set()
            for customer in customers:
                customer.join()
        eventually(lambda: answers(storm.house.engine), seconds=60)
        storm.revive()
        for provider in (storm.house.telegram, storm.house.twilio):
            provider.clock = lambda: clock(storm.house.engine)
        storm.house.pass_time(timedelta(minutes=61))  # What no webhook brought is asked for every hour.
        storm.house.come_to_rest(until=storm.all_is_heard, seconds=120)
        return storm, storm.judge()


def answers(engine: Engine) -> bool:
    with suppress(DBAPIError):
        clock(engine)
        return True
    return False


def tell_now_and_then(storm: Storm) -> None:
    if storm.killed.total() % 25 == 0:
        sys.stderr.write(f"{storm.killed.total()} kills, {len(storm.journal.booked)} bookings\n")


def told(storm: Storm, wrong: list[str]) -> str:
    journal = storm.journal
    deaths = ", ".join(f"{name} {count}" for name, count in sorted(storm.killed.items()))
    return (
        f"{storm.killed.total()} kills ({deaths}): {len(journal.booked)} bookings acknowledged, "
        f"{len(journal.updates)} updates taken, {journal.written} messages by SMS, "
        f"answers {dict(sorted(journal.answers.items()))}; {len(wrong)} wrong"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kills", type=int)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--minutes", type=float, default=1e6)
    arguments = parser.parse_args()
    sys.stdout.write(f"seed {arguments.seed}\n")
    sys.stdout.flush()
    storm, wrong = rage(arguments.kills, arguments.seed, seconds=60 * arguments.minutes, watch=tell_now_and_then)
    sys.stdout.write(told(storm, wrong) + "\n")
    sys.exit("\n".join(wrong[:20]) or 0)


if __name__ == "__main__":
    main()
