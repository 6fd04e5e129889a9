"""Workshops and customers to book with: everything has the number of its workshop, so that a script can name it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text

from booking_core.values import ServiceId, Slot, WorkshopId

SHOPS, CUSTOMERS, DAYS, HOURS = 200, 40_000, 120, 8
OURS = 20
"""The days on which the clients book; pgbench books on the later ones."""

CROWDED = SHOPS + 1
"""A workshop whose counter has room for many at once; here everybody wants the same day."""

ROOM = 60
EVERY_SHOP = [WorkshopId(number) for number in range(1, CROWDED + 1)]
NOW = datetime(2027, 2, 1, 9, tzinfo=ZoneInfo("UTC"))
FIRST = datetime(2027, 3, 1, 8, tzinfo=ZoneInfo("UTC"))
"""A Monday, an hour after all open."""

QUARTER = timedelta(minutes=15)

_FILL = (
    """INSERT INTO workshops
              (id, name, address, plz, city, phone, lat, lng, state, opening_hours, horizon_days, timezone)
       SELECT n, 'Werkstatt ' || n, 'Hauptstraße ' || n, '50667', 'Köln', '+4922112345', 50.9, 6.9, 'NW',
              (SELECT jsonb_object_agg(day, CAST('[["07:00", "18:00"]]' AS jsonb))
                 FROM unnest(ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']) AS day), 180, 'UTC'
         FROM generate_series(1, :shops) AS n""",
    """INSERT INTO resources (id, workshop_id, kind, name, capacity)
       SELECT n, n, 'lift', 'Bühne', CASE n WHEN :crowded THEN :room ELSE 1 END FROM generate_series(1, :shops) AS n""",
    """INSERT INTO services (id, workshop_id, code, name, name_en, duration_minutes, price, kinds)
       SELECT n, n, 'inspection', 'Inspektion', 'Service', 60, 8900, ARRAY['lift']
         FROM generate_series(1, :shops) AS n""",
    "INSERT INTO users (id, name) SELECT n, 'Petra Müller' FROM generate_series(1, :customers) AS n",
)


def build(engine: Engine) -> None:
    """Fill an empty database that was migrated."""
    with engine.begin() as connection:
        for statement in _FILL:
            facts = {"shops": CROWDED, "crowded": CROWDED, "room": ROOM, "customers": CUSTOMERS}
            connection.execute(text(statement), facts)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def slot(shop: int, day: int, hour: int) -> Slot:
    """The hour that begins `hour` hours after 08:00 UTC."""
    start = FIRST + timedelta(days=day, hours=hour)
    return Slot(WorkshopId(shop), (ServiceId(shop),), start, start + timedelta(hours=1))


def deadlocks(engine: Engine) -> int:
    """How many PostgreSQL has counted in this database."""
    with engine.connect() as connection:
        counted = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(connection.execute(counted).scalar_one())
