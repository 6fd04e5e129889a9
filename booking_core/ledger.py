"""How appointments are written down: every change counts the version up and leaves an audit entry."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from booking_core import audit
from booking_core.register import SNAPSHOT, Appointment, fetch
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, AppointmentServiceRow, AppointmentSlotRow, ServiceRow
from booking_core.values import AppointmentId, ServiceId, Slot, SlotId, UserId

_CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_LENGTH = 12


def new_code() -> str:
    """A public code of 60 random bits in Crockford's alphabet, grouped for reading aloud."""
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
    return "-".join(letters[i : i + 4] for i in range(0, _CODE_LENGTH, 4))


def enter(
    session: Session, slot: Slot, user: UserId, cells: Sequence[SlotId], *, channel: str, until: datetime, now: datetime
) -> Appointment:
    """Write a new hold with its services, its cells and its first audit entry."""
    identity = session.execute(
        insert(AppointmentRow)
        .values(
            public_code=new_code(),
            user_id=user,
            workshop_id=slot.workshop,
            service_id=slot.services[0],
            slot_id=cells[0],
            status=AppointmentStatus.RESERVED,
            start_time=slot.start,
            end_time=slot.end,
            reserved_until=until,
            channel=channel,
            created_at=now,
            updated_at=now,
        )
        .returning(AppointmentRow.id)
    ).scalar_one()
    _list_services(session, identity, slot.services)
    attach(session, identity, cells)
    [hold] = fetch(session, AppointmentRow.id == identity)
    _note(session, f"customer:{user}", "held", None, hold, now=now)
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


def change(
    session: Session, before: Appointment, actor: str, action: str, *, now: datetime, **columns: Any
) -> Appointment:
    """Change columns of an appointment that the caller has locked; counts its version up and audits it."""
    session.execute(
        update(AppointmentRow)
        .where(AppointmentRow.id == before.id)
        .values(version=before.version + 1, updated_at=now, **columns)
    )
    [after] = fetch(session, AppointmentRow.id == before.id)
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
