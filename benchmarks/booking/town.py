"""Workshops and customers to book with: everything has the number of its workshop, so that a script can name it."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text

from booking_core.values import ServiceId, Slot, WorkshopId

SHOPS, CUSTOMERS, DAYS, HOURS = 200, 40_000, 120, 8
PAST = 5
"""The days on which every hour was booked; PostgreSQL plans for tables that are empty as for such that stay so."""

OURS = 20
"""The days on which the clients book; pgbench books on the later ones."""

CROWDED = SHOPS + 1
"""A workshop whose counter has room for many at once; here everybody wants the same day."""

BEHIND = CROWDED * PAST * HOURS
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
    # What lies behind: somebody came for an hour, eight times on each of the last days.
    """INSERT INTO slots (workshop_id, resource_id, start_time, end_time, capacity, booked_count)
       SELECT n, n, start, start + interval '15 minutes', 1, 1
         FROM generate_series(1, :shops) AS n, generate_series(1, :past) AS ago,
              generate_series(0, 4 * :hours - 1) AS quarter,
              LATERAL (SELECT :today + make_interval(days => -ago, mins => 15 * quarter)) AS cell(start)""",
    """INSERT INTO appointments (public_code, user_id, workshop_id, service_id, slot_id, status, start_time, end_time,
                                 channel, version, created_at, updated_at)
       SELECT 'past ' || id, 1 + id % :customers, workshop_id, workshop_id, id, 'completed', start_time,
              start_time + interval '1 hour', 'web', 3, start_time - interval '9 days', start_time + interval '1 hour'
         FROM slots WHERE date_part('minute', start_time) = 0""",
    "INSERT INTO appointment_services SELECT id, 1, service_id, 8900 FROM appointments",
    """INSERT INTO appointment_slots
       SELECT appointments.id, slots.id FROM appointments JOIN slots
           ON resource_id = appointments.workshop_id AND slots.start_time >= appointments.start_time
          AND slots.end_time <= appointments.end_time""",
    """INSERT INTO reminders (appointment_id, appointment_version, kind, due_at, state)
       SELECT id, 2, 'day_before', start_time - interval '1 day', 'posted' FROM appointments""",
    """INSERT INTO audit_log (entity_type, entity_id, action, actor, "timestamp", before, after)
       SELECT 'appointment', id, action, 'customer:' || user_id, updated_at, known, known
         FROM appointments, to_jsonb(appointments) AS known,
              unnest(ARRAY['held', 'confirmed', 'completed']) AS action""",
)


_FACTS = {
    "shops": CROWDED,
    "crowded": CROWDED,
    "room": ROOM,
    "customers": CUSTOMERS,
    "past": PAST,
    "hours": HOURS,
    "today": datetime.combine(NOW, time(8, tzinfo=NOW.tzinfo)),
}


def build(engine: Engine) -> None:
    """Fill an empty database that was migrated, as if the workshops had been open for a while."""
    with engine.begin() as connection:
        for statement in _FILL:
            connection.execute(text(statement), _FACTS)
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
