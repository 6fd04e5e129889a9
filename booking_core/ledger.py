"""How appointments are written down: every change counts the version up, takes the reminders along and is audited."""

import secrets
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, text, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from booking_core import audit, reminders
from booking_core.register import COLUMNS, SNAPSHOT, Appointment, read
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, AppointmentServiceRow, AppointmentSlotRow, ServiceRow, table_of
from booking_core.values import AppointmentId, ServiceId, Slot, SlotId, UserId

_TABLE = table_of(AppointmentRow)

_CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 12


def new_code() -> str:
    """A public code of 60 random bits in Crockford's alphabet, grouped for reading aloud."""
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
    return "-".join(letters[i : i + 4] for i in range(0, _CODE_LENGTH, 4))


_ENTER = text("""
    WITH entered AS (
        INSERT INTO appointments (public_code, user_id, workshop_id, service_id, slot_id, status, start_time, end_time,
                                  reserved_until, channel, created_at, updated_at)
        VALUES (:code, :user, :workshop, :service, :cell, :status, :start, :end, :until, :channel, :now, :now)
        RETURNING id
    ), listed AS (
        INSERT INTO appointment_services (appointment_id, position, service_id, price)
        SELECT entered.id, visit.position, services.id, services.price
          FROM entered, unnest(CAST(:services AS bigint[])) WITH ORDINALITY AS visit(service, position)
          JOIN services ON services.id = visit.service
    ), attached AS (
        INSERT INTO appointment_slots (appointment_id, slot_id)
        SELECT entered.id, unnest(CAST(:cells AS bigint[])) FROM entered
    )
    SELECT id FROM entered
""")


def enter(
    session: Session,
    slot: Slot,
    user: UserId,
    cells: Sequence[SlotId],
    *,
    channel: str,
    until: datetime,
    actor: str,
    now: datetime,
) -> Appointment:
    """Write a new hold with its services, its cells and its first audit entry."""
    start, end, until = (moment.astimezone(UTC) for moment in (slot.start, slot.end, until))
    code = new_code()
    facts = {
        "code": code,
        "user": user,
        "workshop": slot.workshop,
        "service": slot.services[0],
        "services": list(slot.services),
        "cell": cells[0],
        "cells": list(cells),
        "status": AppointmentStatus.RESERVED,
        "start": start,
        "end": end,
        "until": until,
        "channel": channel,
        "now": now,
    }
    hold = Appointment(
        id=session.execute(_ENTER, facts).scalar_one(),
        code=code,
        user=user,
        workshop=slot.workshop,
        services=slot.services,
        start=start,
        end=end,
        status=AppointmentStatus.RESERVED,
        reserved_until=until,
        vehicle=None,
        channel=channel,
        version=1,
        ical_sequence=0,
    )
    _note(session, actor, "held", None, hold, now=now)
    return hold


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


def attach(session: Session, appointment: AppointmentId, cells: Sequence[SlotId]) -> None:
    """Remember which cells the appointment counts in."""
    session.execute(insert(AppointmentSlotRow), [{"appointment_id": appointment, "slot_id": cell} for cell in cells])


@cache
def _changing(*columns: str) -> ReturningUpdate[Any]:
    """The statement that changes these columns of one appointment."""
    news: dict[str, Any] = {column: bindparam(column) for column in columns}
    return update(_TABLE).where(_TABLE.c.id == bindparam("appointment")).values(news).returning(*COLUMNS)


def change(
    session: Session, before: Appointment, actor: str, action: str, *, now: datetime, **columns: Any
) -> Appointment:
    """Change columns of an appointment that the caller has locked; counts its version up and audits it.

    The reminders follow here and nowhere else, so that no command can forget them.
    """
    news = {"version": before.version + 1, "updated_at": now, **columns}
    after = read(session.execute(_changing(*sorted(news)), {"appointment": before.id, **news}).one())
    reminders.follow(session, before, after, now=now)
    _note(session, actor, action, before, after, now=now)
    return after


def reschedule(
    session: Session,
    before: Appointment,
    slot: Slot,
    cells: Sequence[SlotId],
    actor: str,
    *,
    now: datetime,
    action: str = "moved",
) -> Appointment:
    """Write down that a locked appointment, whose old cells are given back, now counts in `cells`.

    Another workshop sells the same services under other ids and prices, so they are listed anew; what stays in the
    visit keeps the price that was said.
    """
    attach(session, before.id, cells)
    if slot.services != before.services:
        _list_services(session, before.id, slot.services)
    return change(
        session,
        before,
        actor,
        action,
        now=now,
        workshop_id=slot.workshop,
        service_id=slot.services[0],
        slot_id=cells[0],
        start_time=slot.start,
        end_time=slot.end,
        ical_sequence=before.ical_sequence + 1,
        promised_at=None,
    )


def detach(session: Session, appointments: Collection[AppointmentId]) -> None:
    """Forget which cells these appointments count in."""
    session.execute(delete(AppointmentSlotRow).where(AppointmentSlotRow.appointment_id.in_(appointments)))


def _note(
    session: Session, actor: str, action: str, before: Appointment | None, after: Appointment, *, now: datetime
) -> None:
    audit.record(
        session,
        actor,
        action,
        ("appointment", after.id),
        now=now,
        before=None if before is None else SNAPSHOT.dump_python(before, mode="json"),
        after=SNAPSHOT.dump_python(after, mode="json"),
    )
