"""The demo's workshops in a busy season, and conversations that leave no trace in their calendar."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from random import Random

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session, sessionmaker

from app import demo
from app.database import engine_for
from app.embedded import Postgres, shared, temporary_home
from app.throwaway import template_database, throwaway_database
from benchmarks.customers.wishes import BERLIN
from booking_core.hours import read_week
from booking_core.tables import ResourceRow, SlotRow, WorkshopRow
from booking_core.values import CELL

FIRST_DAY, DAYS = date(2026, 11, 23), 75
FULL_DAYS = 0.06


@contextmanager
def busy_workshops() -> Iterator[Engine]:
    """A throw-away database."""
    with temporary_home() as home, shared(Postgres(durable=False), home) as server, opened(server) as engine:
        yield engine


@contextmanager
def opened(server: str) -> Iterator[Engine]:
    """The same on a server that runs already."""
    template = template_database(
        server, kind="busy", fill=_fill, sources=(*demo.SOURCES, demo.DATA.with_name("demo.toml"))
    )
    with throwaway_database(server, template) as url, engine_for(url) as engine:
        yield engine


@contextmanager
def untouched(engine: Engine) -> Iterator[Callable[[], Session]]:
    """Sessions that may commit; whatever they did is taken back in the end, so each seed meets the same calendar."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield sessionmaker(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)
        transaction.rollback()


def _fill(engine: Engine) -> None:
    demo.fill(engine)
    dice = Random(20261123)
    with Session(engine) as session, session.begin():
        workshops = session.scalars(select(WorkshopRow).order_by(WorkshopRow.id)).all()
        for workshop in workshops:
            for number in range(DAYS):
                day = FIRST_DAY + timedelta(days=number)
                load = 1.0 if dice.random() < FULL_DAYS else dice.uniform(0.2, 0.85)
                _book_out(session, workshop, day, load, dice)


def _book_out(session: Session, workshop: WorkshopRow, day: date, load: float, dice: Random) -> None:
    hours = read_week(workshop.opening_hours).times[day.weekday()]
    resources = session.scalars(
        select(ResourceRow.id).where(ResourceRow.workshop_id == workshop.id).order_by(ResourceRow.id)
    )
    cells = [
        {"workshop_id": workshop.id, "resource_id": resource, "start_time": start, "end_time": start + CELL}
        for resource in resources
        for opens, closes in hours
        for start in _taken(day, opens, closes, load, dice)
    ]
    if cells:
        session.execute(insert(SlotRow).values(capacity=1, booked_count=1), cells)


def _taken(day: date, opens: str, closes: str, load: float, dice: Random) -> Iterator[datetime]:
    """Visits of half an hour to two hours, with gaps between them unless the day is full."""
    start = datetime.combine(day, time.fromisoformat(opens), BERLIN)
    end = datetime.combine(day, time.fromisoformat(closes), BERLIN)
    while start < end:
        length, taken = dice.randint(2, 8) * CELL, dice.random() < load
        stop = min(start + length, end)
        while start < stop:
            if taken:
                yield start
            start += CELL
