"""`python -m benchmarks.peers`: django-appointment and pretix, each in an environment of its own, and ours, in turn.

All have a database on the same PostgreSQL, with the same hours and bookings, and are asked for all free starts of one
workshop. The environments are made in `build/peers` when they are missing, from the index of packages.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from shutil import which
from statistics import median
from typing import Any

from sqlalchemy.orm import Session

from app.database import engine_for
from app.embedded import Postgres, shared, temporary_home
from app.throwaway import template_database, throwaway_database
from benchmarks import land
from benchmarks.figures import Chapter, Figure, ratio, tell
from benchmarks.search import one_workshop, timed

ROUNDS, TIMES = 5, 20
LENGTHS = (14, 90)
FOLDER = Path("build/peers")
SCRIPTS = Path(__file__).parent
_EMPTY = "template1"

Day = tuple[date, list[tuple[int, int]]]
"""A day and what is booked of it, in minutes from midnight."""


@dataclass(frozen=True)
class Peer:
    name: str
    script: str
    packages: tuple[str, ...]

    @contextmanager
    def asked(self, url: str, days: Sequence[Day]) -> Iterator["Asked"]:
        """The peer, once it has filled this empty database."""
        command = [
            str(self._python()),
            str(SCRIPTS / self.script),
            url.replace("postgresql+psycopg://", "postgresql://"),
        ]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            asked = Asked(process)
            asked.tell(json.dumps([[day.isoformat(), busy] for day, busy in days]))
            if asked.hear() != "ready":
                raise RuntimeError(f"{self.name} could not be set up")
            yield asked

    def _python(self) -> Path:
        home = (FOLDER / self.name).resolve()
        python = home / "bin/python"
        if not python.exists():
            uv = which("uv")
            make = [uv, "venv", "--quiet", str(home)] if uv else [sys.executable, "-m", "venv", str(home)]
            pip = [uv, "pip", "install", "--python", str(python)] if uv else [str(python), "-m", "pip", "install"]
            subprocess.run(make, check=True)
            subprocess.run([*pip, "--quiet", *self.packages], check=True)
        return python


@dataclass(frozen=True)
class Asked:
    process: "subprocess.Popen[str]"

    def milliseconds(self, days: int, *, expecting: int) -> float:
        self.tell(str(days))
        found, took = self.hear()
        assert found == expecting, f"{found} free starts where there are {expecting}"
        return float(took)

    def tell(self, line: str) -> None:
        assert self.process.stdin
        print(line, file=self.process.stdin, flush=True)

    def hear(self) -> Any:
        """Their logs may go to the same place; ours are the lines of JSON."""
        assert self.process.stdout
        for line in self.process.stdout:
            if line[:1] in {'"', "["} and line.rstrip()[-1:] in {'"', "]"}:
                return json.loads(line)
        raise RuntimeError("it has gone, and has said on stderr why")


PEERS = (
    Peer("django-appointment", "django_appointment.py", ("django-appointment==3.12.0", "psycopg[binary]==3.3.9")),
    Peer("pretix", "pretix_quotas.py", ("pretix==2026.8.0", "psycopg[binary]==3.3.9")),
)

TEXT = f"""\
All free starts of one workshop in the next 14 and 90 days: open 07–18 with a break, about 60 % taken, a visit of
{land.MINUTES} minutes. Each has a database on the same PostgreSQL and a warm process, and all are asked in turn;
ours is the median of {TIMES} searches. django-appointment 3.12 asks day by day, as its page does. pretix 2026.8 has no
hours, so each start is a date of an event series with a quota of one, and the quotas that bookings overlap are empty;
it is asked as its calendar asks it. All must find as many as there are; ours keeps the holidays among them shut, too,
which theirs do not know. `make bench-peers` installs both and measures anew."""


def workload() -> list[Day]:
    """The bookings of `land`, from tomorrow on: peers know no other now than that of the clock."""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    by_day = groupby(land.bookings(), key=lambda booking: booking[0])
    return [
        (tomorrow + (day - land.TOMORROW), [(start * 15, end * 15) for _, start, end in booked])
        for day, booked in by_day
    ]


def free_starts(days: Sequence[Day]) -> int:
    """Counted the slow and simple way."""
    grid = [start for opens, closes in land.OPEN for start in range(opens * 15, closes * 15 - land.MINUTES + 1, 15)]
    return sum(
        all(start + land.MINUTES <= begins or start >= ends for begins, ends in busy)
        for _, busy in days
        for start in grid
    )


def main() -> None:
    days = workload()
    expected = {length: free_starts(days[:length]) for length in LENGTHS}
    ours: dict[int, list[float]] = {length: [] for length in LENGTHS}
    theirs: dict[tuple[str, int], list[float]] = {(peer.name, length): [] for peer in PEERS for length in LENGTHS}
    with ExitStack() as stack:
        server = stack.enter_context(shared(Postgres(durable=False), stack.enter_context(temporary_home())))
        empty = template_database(server, kind="empty", fill=lambda engine: None)
        engine = stack.enter_context(engine_for(stack.enter_context(throwaway_database(server, empty))))
        land.build(engine, 1)
        asked = {
            peer.name: stack.enter_context(peer.asked(stack.enter_context(throwaway_database(server, _EMPTY)), days))
            for peer in PEERS
        }
        for number in range(ROUNDS + 1):
            for length in LENGTHS:
                with Session(engine) as session:
                    mine = median(timed(partial(one_workshop, session, length), TIMES))
                each = {name: peer.milliseconds(length, expecting=expected[length]) for name, peer in asked.items()}
                if number:  # The first round only warms up.
                    ours[length].append(mine)
                    for name, took in each.items():
                        theirs[name, length].append(took)
    tell(Chapter("2-peers", "Beside others", TEXT, tuple(_figures(ours, theirs))))


def _figures(ours: dict[int, list[float]], theirs: dict[tuple[str, int], list[float]]) -> Iterator[Figure]:
    for length, times in ours.items():
        yield Figure(f"ours, {length} days", "ms", tuple(times))
        for peer in PEERS:
            yield Figure(f"{peer.name}, {length} days", "ms", tuple(theirs[peer.name, length]))
            yield ratio(f"{peer.name} / ours, {length} days", theirs[peer.name, length], times, at_least=100)


if __name__ == "__main__":
    main()
