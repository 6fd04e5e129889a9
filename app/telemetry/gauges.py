"""What the database knows, for Prometheus: the same from whichever process is asked, so it is never to be added up."""

import threading
import time
from collections.abc import Iterator, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.clock import database_now
from app.courier import Sessions
from app.database import in_transaction
from booking_core.counter import utilisation

FRESH = 10.0
"""Seconds for which one look serves all who ask."""

GAUGES: dict[str, tuple[str, tuple[str, ...], str]] = {
    "werkstatt_appointments": (
        "Appointments by status of those that begin within a month from now or began within the last",
        ("workshop", "channel", "status"),
        """SELECT workshop_id, channel, status, count(*) FROM appointments
            WHERE start_time BETWEEN :now - interval '31 days' AND :now + interval '31 days' GROUP BY 1, 2, 3""",
    ),
    "werkstatt_holds_open": (
        "Times that somebody holds and has not booked yet",
        ("workshop",),
        "SELECT workshop_id, count(*) FROM appointments WHERE status = 'reserved' AND reserved_until > :now GROUP BY 1",
    ),
    "werkstatt_outbox_letters": (
        "Letters that are not settled, by state; unknown are those of which the provider is still to be asked",
        ("channel", "state"),
        """SELECT channel, state, count(*) FROM outbox
            WHERE state IN ('pending', 'sending') OR (state = 'unknown' AND check_at IS NOT NULL) GROUP BY 1, 2""",
    ),
    "werkstatt_outbox_oldest_seconds": (
        "How long the oldest letter waits that is due, or was tried in vain",
        ("channel",),
        """SELECT channel, extract(epoch FROM :now - min(created_at)) FROM outbox
            WHERE state IN ('pending', 'sending') AND (next_at <= :now OR attempts > 0) GROUP BY 1""",
    ),
    "werkstatt_letters_given_up": (
        "Letters of the last day that were refused for good, or of which nobody will ever know whether they were sent",
        ("channel", "state"),
        """SELECT channel, state, count(*) FROM outbox WHERE created_at > :now - interval '1 day'
            AND (state = 'refused' OR (state = 'unknown' AND check_at IS NULL)) GROUP BY 1, 2""",
    ),
    "werkstatt_inbox_waiting": (
        "Messages that are stored and not answered",
        (),
        "SELECT count(*) FROM inbox WHERE processed_at IS NULL",
    ),
    "werkstatt_inbox_oldest_seconds": (
        "How long the oldest of them has waited",
        (),
        """SELECT coalesce(extract(epoch FROM :now - min(received_at)), 0) FROM inbox WHERE processed_at IS NULL""",
    ),
    "werkstatt_inbox_put_aside": (
        "Messages of the last day that could not be answered; a person has to look at them",
        ("channel",),
        """SELECT channel, count(*) FROM inbox WHERE received_at > :now - interval '1 day'
            AND processed_at IS NOT NULL AND error IS NOT NULL AND failures > 2 GROUP BY 1""",
    ),
    "werkstatt_reminders_overdue": (
        "Reminders that are due and not written",
        (),
        "SELECT count(*) FROM reminders WHERE state = 'planned' AND due_at <= :now",
    ),
    "werkstatt_reminder_lateness_seconds": (
        "How late the latest of them is",
        (),
        """SELECT coalesce(extract(epoch FROM :now - min(due_at)), 0) FROM reminders
            WHERE state = 'planned' AND due_at <= :now""",
    ),
    "werkstatt_refused_wishes": (
        "Wishes of the last day that could not be served, by reason",
        ("workshop", "reason"),
        """SELECT workshop_id, reason, count(*) FROM refused_wishes
            WHERE refused_at > :now - interval '1 day' GROUP BY 1, 2""",
    ),
    "werkstatt_duty_age_seconds": (
        "How long ago a worker last began a duty: its sign of life",
        ("duty",),
        "SELECT name, extract(epoch FROM :now - ran_at) FROM duties",
    ),
}
"""By name: what it is, its labels, and a query that gives these labels and the value."""

CHANGES = "werkstatt_appointment_changes"
_CHANGES = text("SELECT action, count(*) FROM audit_log WHERE entity_type = 'appointment' GROUP BY 1")


class Gauges(Collector):
    """While the database is away only `werkstatt_database_up` is told."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._lock = threading.Lock()
        self._read: Sequence[Metric] = ()
        self._read_at = -FRESH

    def collect(self) -> Iterator[Metric]:
        with self._lock:
            if time.monotonic() - self._read_at >= FRESH:
                self._read, self._read_at = self._look(), time.monotonic()
            yield from self._read

    def describe(self) -> Iterator[Metric]:
        """The names alone: whoever registers us shall not ask the database."""
        yield from families()

    def _look(self) -> Sequence[Metric]:
        try:
            return [up(1), *in_transaction(self._sessions, _read)]
        except SQLAlchemyError:
            return [up(0)]


def up(value: int) -> Metric:
    return GaugeMetricFamily("werkstatt_database_up", "1 if the database answers", value=value)


def families() -> list[Metric]:
    """All there are, without values."""
    return [
        *(GaugeMetricFamily(name, about, labels=labels) for name, (about, labels, _) in GAUGES.items()),
        *_utilisation(),
        _changes(),
    ]


def _read(session: Session) -> list[Metric]:
    now = database_now(session)
    found: list[Metric] = []
    for name, (about, labels, query) in GAUGES.items():
        gauge = GaugeMetricFamily(name, about, labels=labels)
        for *values, value in session.execute(text(query), {"now": now}):
            gauge.add_metric([str(one) for one in values], float(value))
        found.append(gauge)
    changes = _changes()
    for action, many in session.execute(_CHANGES):
        changes.add_metric([action], many)
    minutes = open_minutes, booked_minutes = _utilisation()
    for one in utilisation.measured(session, now=now):
        where = [str(one.workshop), str(one.days)]
        open_minutes.add_metric(where, one.open_minutes)
        booked_minutes.add_metric(where, one.booked_minutes)
    return [*found, *minutes, changes]


def _changes() -> CounterMetricFamily:
    return CounterMetricFamily(CHANGES, "What happened to appointments, as the audit log counts it", labels=["action"])


def _utilisation() -> tuple[GaugeMetricFamily, GaugeMetricFamily]:
    return (
        GaugeMetricFamily(
            "werkstatt_open_minutes",
            "Minutes all resources are open, today and in the next days",
            labels=["workshop", "days"],
        ),
        GaugeMetricFamily("werkstatt_booked_minutes", "Minutes booked of those", labels=["workshop", "days"]),
    )
