"""`python -m benchmarks.booking`: ours and pgbench in turn, on the same server; several rounds of each."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from app.database import engine_for
from app.embedded import Postgres, shared, temporary_home
from app.throwaway import template_database, throwaway_database
from benchmarks.booking import replay, town
from benchmarks.booking.clients import race
from benchmarks.figures import Chapter, Figure, ratio, tell

ROUNDS, ATTEMPTS, SECONDS = 5, 400, 1
IN_A_ROUND = 5_000
"""More than pgbench can book in a round."""

CROWD = 2 * town.ROOM * town.HOURS
SETTINGS = ((1, 1), (2, 2), (16, 1), (32, 2))
"""Clients, and the processes they share."""

TEXT = f"""\
A booking is a hold and its confirmation: two transactions, through the core, with fsync on. pgbench replays the very
statements that the core sends for one booking, prepared, with as many clients and without any Python; its rounds
alternate with ours, whose processes have read the workshops' rules before. The workshops have been open for a while:
{town.BEHIND:,} bookings lie behind, and PostgreSQL has its statistics of them. On the contended day {CROWD:,} attempts
of 16 clients in 2 processes meet {town.ROOM * town.HOURS:,} places of one workshop-day.

What helped: fewer statements, each table read once by them, rows without a description of their columns, one cursor per
connection, which keeps how types are written and read, arrays written as text, and statements of less than 4,096
characters, which psycopg remembers. What did not: psycopg's pipeline, which costs Python what it saves in round trips,
`exec_driver_sql`, which describes the columns of each answer anew, one foreign key in place of two, a lower
`random_page_cost` and another `wal_sync_method`. Not taken: commits of holds that do not wait for the disk, since a
time that a caller was promised could be gone after a crash."""


def main() -> None:
    with temporary_home() as home, shared(Postgres(), home) as server, TemporaryDirectory() as folder:
        template = template_database(server, kind="town", fill=town.build, sources=[Path(town.__file__)])
        with throwaway_database(server, template) as url:
            script = Path(folder) / "booking.sql"
            script.write_text(replay.script(url), encoding="utf-8")
            figures = [*spread(url, script), *contended(server, template)]
        tell(Chapter("3-booking", "Booking", TEXT, tuple(figures)))


def spread(url: str, script: Path) -> Iterator[Figure]:
    """Everybody at a time of their own."""
    first = elsewhere = 0
    for clients, processes in SETTINGS:
        ours, theirs = list[float](), list[float]()
        for _ in range(ROUNDS):
            tally = race(url, clients=clients, processes=processes, attempts=ATTEMPTS, first=first)
            assert tally.outcomes == {"booked": ATTEMPTS}, tally.outcomes
            first += ATTEMPTS
            ours.append(tally.rate)
            theirs.append(replay.bookings_per_second(url, script, clients=clients, seconds=SECONDS, first=elsewhere))
            elsewhere += IN_A_ROUND
        who = f"{clients} client{'s' * (clients > 1)} in {processes} process{'es' * (processes > 1)}"
        yield Figure(f"bookings, {who}", "/s", tuple(ours), at_least=400 if clients == 1 else None)
        yield Figure(f"pgbench, {clients} client{'s' * (clients > 1)}", "/s", tuple(theirs))
        yield ratio(f"ours / pgbench, {who}", ours, theirs, at_least=0.3 if (clients, processes) == (2, 2) else None)


def contended(server: str, template: str) -> Iterator[Figure]:
    """Everybody on the same day: as many are booked as there is room, and nobody waits long."""
    rates, late, winners, deadlocks = list[float](), list[float](), list[float](), list[float]()
    for _ in range(ROUNDS):
        with throwaway_database(server, template) as url:
            tally = race(url, clients=16, processes=2, attempts=CROWD, first=0, crowded=True)
            rates.append(tally.rate)
            late.append(tally.percentile(0.99))
            winners.append(tally.outcomes["booked"])
            with engine_for(url) as engine:
                deadlocks.append(town.deadlocks(engine))
    room = town.ROOM * town.HOURS
    yield Figure("one workshop-day, attempts", "/s", tuple(rates), at_least=300)
    yield Figure("one workshop-day, p99 of an attempt", "ms", tuple(late), at_most=250)
    yield Figure("one workshop-day, winners", "", tuple(winners), at_least=room, at_most=room)
    yield Figure("one workshop-day, deadlocks", "", tuple(deadlocks), at_most=0)


if __name__ == "__main__":
    main()
