"""How long a slot search takes on a real PostgreSQL: `python -m benchmarks.search`.

One workshop, open 07-18 with a break 12:00-12:45 and about 60 % taken, a service of 90 minutes: all free starts of 14
and of 90 days, and alternatives to a time that is taken; then all free starts of 14 days at the ten workshops nearest
to a postcode, of a thousand alike.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from time import perf_counter
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.database import engine_for
from app.embedded import Postgres, shared, temporary_home
from app.throwaway import template_database, throwaway_database
from benchmarks import land
from benchmarks.figures import Chapter, Figure, tell
from booking_core.directory import nearest_workshops
from booking_core.slots import find_slots
from booking_core.values import CELL, Period, WorkshopId

WORKSHOPS, ROUNDS, TIMES = 1_000, 5, 60
PLZ = "50667"

Search = Callable[[], int]


def one_workshop(session: Session, days: int) -> int:
    """How many free starts the first workshop has."""
    found = find_slots(
        session, land.SERVICE, workshops=[WorkshopId(1)], windows=(land.days(days),), now=land.NOW, limit=10_000
    )
    return len(found.slots)


def nearest_ten(session: Session) -> int:
    """How many free starts of 14 days the ten workshops nearest to a postcode have."""
    ten = [place.id for place in nearest_workshops(session, PLZ, limit=10)]
    return len(find_slots(session, land.SERVICE, workshops=ten, windows=(land.days(14),), now=land.NOW).slots)


def alternatives(session: Session) -> int:
    taken = min(land.taken_cells())
    wish = Period(taken, taken + CELL)
    found = find_slots(session, land.SERVICE, workshops=[WorkshopId(1)], windows=(wish,), now=land.NOW)
    return len(found.alternatives)


def timed(search: Search, times: int = TIMES) -> list[float]:
    """Milliseconds of each of so many searches, the first of which only warms up."""
    took = []
    for _ in range(times + 1):
        begun = perf_counter()
        assert search() > 0
        took.append((perf_counter() - begun) * 1000)
    return took[1:]


@contextmanager
def statements(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """What is sent to the database within the block."""
    sent: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def plans(session: Session, sent: list[tuple[str, Any]]) -> str:
    """How PostgreSQL goes about these statements, in Markdown."""
    told = []
    for statement, parameters in sent:
        explain = f"EXPLAIN (ANALYZE, COSTS OFF, BUFFERS OFF) {statement}"
        explained = session.connection().exec_driver_sql(explain, parameters)
        told.append("```text\n" + "\n".join(line for (line,) in explained) + "\n```")
    return "\n\n".join(told)


def report(engine: Engine) -> Chapter:
    with Session(engine) as session:
        work: dict[str, Search] = {
            "one workshop, 14 days": lambda: one_workshop(session, 14),
            "one workshop, 90 days": lambda: one_workshop(session, 90),
            "one workshop, taken, ten alternatives": lambda: alternatives(session),
            "the ten nearest of 1,000, 14 days": lambda: nearest_ten(session),
        }
        limits = {"one workshop, 14 days": 1.0, "one workshop, 90 days": 3.0}
        medians: dict[str, list[float]] = {name: [] for name in work}
        for _ in range(ROUNDS):
            for name, search in work.items():
                medians[name].append(median(timed(search)))
        with statements(engine) as sent:
            nearest_ten(session)
        figures = [Figure(name, "ms", tuple(times), at_most=limits.get(name)) for name, times in medians.items()]
        figures.append(Figure("queries of the search at the ten nearest", "", (float(len(sent)),), at_most=3))
        appendix = f"How PostgreSQL goes about the queries of the last one:\n\n{plans(session, sent)}"
    text = (
        "Through the core on PostgreSQL, one client: one workshop, open 07–18 with a break, about 60 % taken, a visit "
        f"of {land.MINUTES} minutes, all free starts. Each round is the median of {TIMES} searches in a warm process."
    )
    return Chapter("1-search", "Searching for free times", text, tuple(figures), appendix)


def main() -> None:
    with temporary_home() as home, shared(Postgres(durable=False), home) as server:
        template = template_database(server, kind="empty", fill=lambda engine: None)
        with throwaway_database(server, template) as url, engine_for(url) as engine:
            land.build(engine, WORKSHOPS)
            tell(report(engine))


if __name__ == "__main__":
    main()
