"""Twenty requests a second while each thing we lean on is dead in turn: who was not answered well?

`python -m tests.faults.soak --minutes 3`
"""

import argparse
import itertools
import random
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpx

from app.database import engine_for
from app.embedded import Postgres, shared, temporary_home
from app.migrating import migrate
from tests.app.eventually import eventually
from tests.faults.house import House, a_house, a_wire_to_the_database
from tests.faults.proxy import Wire

RATE = 20
SOON = 5.0
"""Seconds after which an answer is no good one; the providers wait for fifteen, or for a minute."""

DATABASE = "PostgreSQL"
"""Without it nothing can be promised: then it is a good answer to ask for patience."""


@dataclass
class Soak:
    house: House
    wires: dict[str, Wire]
    asked: int = 0
    bad: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def run(self, seconds: float) -> None:
        """So long in all: a part with everything alive, then one with each thing dead."""
        deaths = [None, "worker", "Redis", *self.wires]
        for dead in deaths:
            with self._without(dead):
                self._ask_for(seconds / len(deaths), str(dead))
        self.house.come_to_rest(seconds=300)

    def _ask_for(self, seconds: float, dead: str) -> None:
        with ThreadPoolExecutor(RATE) as callers:
            begun = time.monotonic()
            for turn in range(round(seconds * RATE)):
                time.sleep(max(0.0, begun + turn / RATE - time.monotonic()))
                callers.submit(self._ask, dead)

    def _ask(self, dead: str) -> None:
        number, began = next(self._numbers), time.monotonic()
        kind = random.Random(number).choice((self._by_telegram, self._by_sms, self._by_api))
        try:
            status = kind(number)
        except httpx.HTTPError:
            status = 0
        self.asked += 1
        good = {200, 503} if dead == DATABASE else {200}
        if status not in good or time.monotonic() - began > SOON:
            self.bad.append(f"{kind.__name__} without {dead}: {status} after {time.monotonic() - began:.1f} s")

    def _by_telegram(self, number: int) -> int:
        return self.house.telegram.deliver(self.house.telegram.text_update(str(number), "hallo"), once=True)

    def _by_sms(self, number: int) -> int:
        return self.house.twilio.write(f"+49151{number:08}", "Was kostet ein Ölwechsel?")

    def _by_api(self, number: int) -> int:
        garage = self.house.garage
        wish: dict[str, str | int] = {"workshop_id": garage.workshop, "service_id": garage.service}
        address = {"X-Forwarded-For": f"10.{number // 65_536}.{number // 256 % 256}.{number % 256}"}
        return httpx.get(f"{self.house.url}/api/slots", params=wish, headers=address, timeout=30).status_code

    @contextmanager
    def _without(self, dead: str | None) -> Iterator[None]:
        redis = self.house.redis
        match dead:
            case None:
                yield
            case "worker":
                self.house.children[-1].kill()
                yield
                self.house.work()
            case "Redis" if redis:
                redis.kill()
                yield
                redis.start()
            case _:
                self.wires[str(dead)].cut()
                yield
                self.wires[str(dead)].mend()


@contextmanager
def soaking(house: House) -> Iterator[Soak]:
    """The house at work, with a wire to each provider and to the database."""
    with ExitStack() as stack:
        addresses = {"TELEGRAM_API_URL": "Telegram", "TWILIO_API_URL": "Twilio", "SMTP_URL": "mail"}
        wire, url = stack.enter_context(a_wire_to_the_database(house.engine))
        wires, settings = {DATABASE: wire}, {"DATABASE_URL": url}
        for setting, name in addresses.items():
            there = urlsplit(house.settings[setting])
            assert there.port is not None
            wires[name] = stack.enter_context(Wire(there.port).open())
            settings[setting] = f"{there.scheme}://127.0.0.1:{wires[name].port}"
        house.settings |= settings
        house.serve()
        house.work()
        yield Soak(house, wires)
        house.end_all()


def told(soak: Soak) -> str:
    good = soak.asked - len(soak.bad)
    return f"{good} of {soak.asked} answers were good ({100 * good / soak.asked:.2f} %)"


def main(minutes: float, report: Callable[[str], object] = sys.stdout.write) -> None:
    with ExitStack() as stack:
        home = stack.enter_context(temporary_home())
        engine = stack.enter_context(engine_for(stack.enter_context(shared(Postgres(), home))))
        migrate(engine)
        house = stack.enter_context(a_house(engine))
        eventually(lambda: house.redis is not None)
        with soaking(house) as soak:
            soak.run(60 * minutes)
        report("\n".join([told(soak), *soak.bad[:20]]) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3)
    main(parser.parse_args().minutes)
