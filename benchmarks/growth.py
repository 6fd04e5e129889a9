"""What growth costs: `python -m benchmarks.growth [--days 21] [--past 1]`.

A search at the ten nearest workshops and a booking, in countries of 10, 1,000 and 10,000 workshops booked for so many
days ahead, and in the largest with so many million rows of the past besides. Each has a database of its own, and they
are asked in turn. `make bench-growth` takes 90 days and 10 million rows, which needs 15 GB of disk.
"""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import partial
from statistics import median
from time import perf_counter

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from app.database import engine_for, in_transaction, session_factory
from app.embedded import Postgres, shared, temporary_home
from app.throwaway import template_database, throwaway_database
from benchmarks import land, page
from benchmarks.figures import Chapter, Figure, percentile, ratio, tell
from benchmarks.plots import drawn
from benchmarks.search import nearest_ten, timed
from booking_core.appointments import confirm
from booking_core.reservations import hold_slot
from booking_core.values import CELL, AppointmentId, ServiceId, Slot, UserId, WorkshopId

WORKSHOPS = (10, 1_000, 10_000)
ROUNDS, SEARCHES, BOOKINGS = 5, 100, 30
LENGTH = land.MINUTES // 15 * CELL


@dataclass
class Country:
    """One stage of growth, and what was measured there, round by round, in milliseconds."""

    name: str
    engine: Engine
    workshops: int
    searches: list[float] = field(default_factory=list)
    late_searches: list[float] = field(default_factory=list)
    bookings: list[float] = field(default_factory=list)

    def measure(self) -> None:
        with Session(self.engine) as session:
            times = timed(lambda: nearest_ten(session), SEARCHES)
        self.searches.append(median(times))
        self.late_searches.append(percentile(times, 0.95))
        first = len(self.bookings) * BOOKINGS
        sessions = session_factory(self.engine)
        self.bookings.append(median(self._book(sessions, first + number) for number in range(BOOKINGS)))

    def _book(self, sessions: sessionmaker[Session], number: int) -> float:
        """Milliseconds of a hold and its confirmation at a time of its own, after all that are booked."""
        round_, workshop = divmod(number, self.workshops)
        day = land.TOMORROW + timedelta(days=land.DAYS + 1 + round_ % 25)
        start = datetime.combine(day, time(7), land.BERLIN) + round_ // 25 * LENGTH
        slot, who = Slot(WorkshopId(1 + workshop), (ServiceId(1),), start, start + LENGTH), UserId(1 + number)

        def hold(session: Session) -> AppointmentId:
            return hold_slot(session, slot, who, channel="web", now=land.NOW).id

        begun = perf_counter()
        held = in_transaction(sessions, hold)
        in_transaction(sessions, lambda session: confirm(session, held, who, now=land.NOW))
        return (perf_counter() - begun) * 1000

    def rows(self) -> str:
        with self.engine.connect() as connection:
            count = "SELECT CAST(sum(reltuples) AS bigint) FROM pg_class WHERE relname IN ('slots', 'audit_log')"
            size = "SELECT pg_size_pretty(pg_database_size(current_database()))"
            return f"{connection.scalar(text(count)):,} rows, {connection.scalar(text(size))}"


def countries(stack: ExitStack, days: int, past: Sequence[int]) -> Iterator[Country]:
    server = stack.enter_context(shared(Postgres(), stack.enter_context(temporary_home())))
    stages = [(workshops, 0) for workshops in WORKSHOPS] + [(WORKSHOPS[-1], millions) for millions in past]
    for workshops, millions in stages:
        build = partial(land.build, workshops=workshops, booked_days=days)
        template = template_database(server, kind=f"land{workshops}", fill=build)
        engine = stack.enter_context(engine_for(stack.enter_context(throwaway_database(server, template))))
        name = f"{workshops:,} workshops"
        if millions:
            land.age(engine, millions * 1_000_000)
            name += f", {millions} million old rows"
        yield Country(name, engine, workshops)


def chapter(grown: Sequence[Country], days: int) -> Chapter:
    base = next(country for country in grown if country.workshops == WORKSHOPS[1])
    figures = []
    for country in grown:
        usual, late = (4, 10) if country.workshops == WORKSHOPS[-1] else (None, None)
        rows = country.rows()
        figures.append(Figure(f"search, {country.name}", "ms", tuple(country.searches), at_most=usual, note=rows))
        figures.append(Figure(f"search, {country.name}, p95", "ms", tuple(country.late_searches), at_most=late))
        figures.append(Figure(f"booking, {country.name}", "ms", tuple(country.bookings)))
        if country.workshops == WORKSHOPS[-1]:
            for what in ("searches", "bookings"):
                ours, theirs = getattr(country, what), getattr(base, what)
                figures.append(ratio(f"{what}, {country.name} / {base.name}", ours, theirs, at_most=1.3))
    lines = {
        "search at the ten nearest": [median(country.searches) for country in grown],
        "hold and confirmation": [median(country.bookings) for country in grown],
    }
    picture = page.PAGE.parent / "images" / "growth.svg"
    picture.write_text(drawn([country.name for country in grown], lines, unit="ms"), encoding="utf-8")
    told = (
        "All free starts of 14 days at the ten workshops nearest to a postcode, and a hold with its confirmation; each "
        f"workshop is about 60 % booked for {days} days. Each country has a database of its own, on one server with "
        "fsync, and they are asked in turn. Old rows are cells and entries of the audit log, half of each, made by "
        "SQL. Nothing here reads them; they only deepen the indexes, by one level for every some hundredfold. That a "
        "hundred million cost what the most that was measured costs is extrapolated from this, not measured."
    )
    return Chapter("4-growth", "Growing", told, tuple(figures), "![Medians by size](images/growth.svg)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=21, help="how many days ahead are booked")
    parser.add_argument("--past", type=int, nargs="*", default=[1], help="millions of old rows")
    asked = parser.parse_args()
    with ExitStack() as stack:
        grown = list(countries(stack, asked.days, asked.past))
        for _ in range(ROUNDS):
            for country in grown:
                country.measure()
        tell(chapter(grown, asked.days))


if __name__ == "__main__":
    main()
