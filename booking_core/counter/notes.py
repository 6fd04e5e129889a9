"""What staff tell each other about an appointment."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from booking_core.counter import bookings
from booking_core.errors import UnknownAppointment
from booking_core.tables import AppointmentNoteRow, AppointmentRow
from booking_core.values import AppointmentId, WorkshopId


@dataclass(frozen=True)
class Note:
    id: int
    actor: str
    text: str
    created_at: datetime


_COLUMNS = (
    AppointmentNoteRow.id,
    AppointmentNoteRow.actor,
    AppointmentNoteRow.text,
    AppointmentNoteRow.created_at,
)


def add(
    session: Session, workshop: WorkshopId, appointment: AppointmentId, text: str, *, actor: str, now: datetime
) -> Note:
    """Raises UnknownAppointment."""
    bookings.lock(session, workshop, appointment)
    values = {"appointment_id": appointment, "actor": actor, "text": text, "created_at": now}
    return Note(*session.execute(insert(AppointmentNoteRow).values(values).returning(*_COLUMNS)).one())


def of(session: Session, workshop: WorkshopId, appointment: AppointmentId) -> list[Note]:
    """Oldest first. Raises UnknownAppointment."""
    ours = select(AppointmentRow.id).where(AppointmentRow.id == appointment, AppointmentRow.workshop_id == workshop)
    if session.scalar(ours) is None:
        raise UnknownAppointment(appointment=appointment)
    rows = session.execute(
        select(*_COLUMNS).where(AppointmentNoteRow.appointment_id == appointment).order_by(AppointmentNoteRow.id)
    )
    return [Note(*row) for row in rows]
