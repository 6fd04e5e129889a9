"""How changes of appointments are written down: each counts the version up, takes the reminders along and is audited.

A change is one statement, so that none of the three can be had without the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import TextClause, delete, insert, select, text
from sqlalchemy.orm import Session

from booking_core import cells as cellar
from booking_core import reminders, wire
from booking_core.audit import INSERT_AN_ENTRY
from booking_core.house_rules import HouseRules
from booking_core.register import Appointment, snapshot
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentServiceRow, ServiceRow
from booking_core.values import AppointmentId, Cell, ServiceId, Slot, SlotId

_FIELDS = {
    "user_id": "user",
    "workshop_id": "workshop",
    "vehicle_id": "vehicle",
    "start_time": "start",
    "end_time": "end",
    "status": "status",
    "reserved_until": "reserved_until",
    "ical_sequence": "ical_sequence",
    "promised_at": "promised_at",
}
"""What an appointment calls its columns; of the others it does not tell."""


@cache
def _changing(*columns: str) -> TextClause:
    """The statement that changes these columns of one appointment, plans its new reminders and audits the change."""
    news = ", ".join(f"{column} = :{column}" for column in ("version", "updated_at", *columns))
    return text(f"""
        WITH changed AS (
            UPDATE appointments SET {news} WHERE id = :appointment RETURNING id, version
        ), planned AS (
            INSERT INTO reminders (appointment_id, appointment_version, kind, due_at)
            SELECT changed.id, changed.version, reminder.kind, reminder.due_at
              FROM changed, unnest(CAST(:kinds AS text[]), CAST(:due AS timestamptz[])) AS reminder(kind, due_at)
        )
        {INSERT_AN_ENTRY}
        SELECT 'appointment', id, :action, :actor, :updated_at, CAST(:before AS jsonb), CAST(:after AS jsonb)
          FROM changed
        RETURNING id
    """)  # noqa: S608 - Nothing but our own words is put in.


def change(
    session: Session,
    before: Appointment,
    actor: str,
    action: str,
    *,
    now: datetime,
    services: tuple[ServiceId, ...] | None = None,
    rules: HouseRules | None = None,
    **columns: Any,
) -> Appointment:
    """Change columns of an appointment that the caller has locked; counts its version up and audits it.

    The reminders follow here and nowhere else, so that no command can forget them. `services` are those that the
    caller has listed anew, `rules` the workshop's if the caller has read them.
    """
    news = {_FIELDS[column]: _in_utc(value) for column, value in columns.items() if column in _FIELDS}
    after = replace(before, version=before.version + 1, services=services or before.services, **news)
    plan = reminders.follow(session, before, after, now=now, rules=rules)
    facts = {
        **columns,
        "appointment": before.id,
        "version": after.version,
        "updated_at": now,
        "kinds": wire.array(kind for kind, _ in plan),
        "due": wire.array(due for _, due in plan),
        "action": action,
        "actor": actor,
        "before": snapshot(before),
        "after": snapshot(after),
    }
    wire.send(session, _changing(*sorted(columns)), facts)
    return after


def _in_utc(value: Any) -> Any:
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def reschedule(
    session: Session,
    before: Appointment,
    slot: Slot,
    cells: Mapping[Cell, SlotId],
    actor: str,
    *,
    now: datetime,
    action: str = "moved",
) -> Appointment:
    """Write down that a locked appointment, whose old cells are given back, now counts in `cells`.

    Another workshop sells the same services under other ids and prices, so they are listed anew; what stays in the
    visit keeps the price that was said.
    """
    cellar.attach(session, before.id, cells.values())
    if slot.services != before.services:
        _list_services(session, before.id, slot.services)
    return change(
        session,
        before,
        actor,
        action,
        now=now,
        services=slot.services,
        workshop_id=slot.workshop,
        service_id=slot.services[0],
        slot_id=next(iter(cells.values())),
        start_time=slot.start,
        end_time=slot.end,
        ical_sequence=before.ical_sequence + 1,
        promised_at=None,
    )


def cancel(session: Session, before: Appointment, actor: str, *, reason: str | None, now: datetime) -> Appointment:
    """Write down that a locked appointment is cancelled, and free its cells."""
    cellar.exchange(session, take=(), give={before.id})
    return change(
        session,
        before,
        actor,
        "cancelled",
        now=now,
        status=AppointmentStatus.CANCELLED,
        slot_id=None,
        cancel_reason=reason,
        ical_sequence=before.ical_sequence + 1,
    )


def _list_services(session: Session, appointment: AppointmentId, services: Sequence[ServiceId]) -> None:
    listed = select(ServiceRow.id, ServiceRow.price).where(ServiceRow.id.in_(services))
    said = select(AppointmentServiceRow.service_id, AppointmentServiceRow.price).where(
        AppointmentServiceRow.appointment_id == appointment
    )
    prices = {service: price for query in (listed, said) for service, price in session.execute(query)}
    session.execute(delete(AppointmentServiceRow).where(AppointmentServiceRow.appointment_id == appointment))
    session.execute(
        insert(AppointmentServiceRow),
        [
            {"appointment_id": appointment, "position": position, "service_id": service, "price": prices[service]}
            for position, service in enumerate(services, 1)
        ],
    )
