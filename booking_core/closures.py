"""Times at which a workshop, or one resource of it, is out of use."""

from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from booking_core import audit, locks, register
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, AppointmentSlotRow, ClosureRow, SlotRow
from booking_core.values import Period, ResourceId, WorkshopId


def close(
    session: Session,
    workshop: WorkshopId,
    period: Period,
    reason: str,
    *,
    resource: ResourceId | None = None,
    actor: str,
    now: datetime,
) -> int:
    """Close the workshop, or one resource, for a period; the closure's id.

    Waits for bookings under way, so none can slip in unseen: `affected` then names all that stand in it.
    They stay booked until staff move or cancel them.
    """
    locks.own_calendar(session, workshop)
    closure = session.execute(
        insert(ClosureRow)
        .values(workshop_id=workshop, resource_id=resource, start_time=period.start, end_time=period.end, reason=reason)
        .returning(ClosureRow.id)
    ).scalar_one()
    facts = {
        "workshop": workshop,
        "resource": resource,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "reason": reason,
    }
    audit.record(session, actor, "closed", ("closure", closure), now=now, before=None, after=facts)
    return closure


def reopen(session: Session, workshop: WorkshopId, closure: int, *, actor: str, now: datetime) -> bool:
    """Take a closure of this workshop back; whether it was there."""
    locks.own_calendar(session, workshop)
    gone = session.execute(
        delete(ClosureRow)
        .where(ClosureRow.id == closure, ClosureRow.workshop_id == workshop)
        .returning(ClosureRow.reason)
    ).scalar_one_or_none()
    if gone is not None:
        facts = {"workshop": workshop, "reason": gone}
        audit.record(session, actor, "reopened", ("closure", closure), now=now, before=facts, after=None)
    return gone is not None


def affected(
    session: Session, workshop: WorkshopId, period: Period, *, resource: ResourceId | None = None, now: datetime
) -> list[Appointment]:
    """Appointments and living holds that use the workshop, or the resource, in this period."""
    cells = (
        select(AppointmentSlotRow.appointment_id)
        .join(SlotRow, SlotRow.id == AppointmentSlotRow.slot_id)
        .where(SlotRow.workshop_id == workshop, SlotRow.start_time < period.end, SlotRow.end_time > period.start)
    )
    if resource is not None:
        cells = cells.where(SlotRow.resource_id == resource)
    return register.fetch(
        session,
        AppointmentRow.id.in_(cells),
        AppointmentRow.status.in_([AppointmentStatus.CONFIRMED, AppointmentStatus.RESERVED]),
        (AppointmentRow.status != AppointmentStatus.RESERVED) | (AppointmentRow.reserved_until > now),
    )
