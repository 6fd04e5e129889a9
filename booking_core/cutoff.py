"""Until when customers may cancel or move by themselves."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from booking_core import reminders
from booking_core.errors import TooLate
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.tables import WorkshopRow, table_of
from booking_core.values import AppointmentId

_WORKSHOP = table_of(WorkshopRow).c
_CUTOFF = select(_WORKSHOP.cancel_cutoff).where(_WORKSHOP.id == bindparam("workshop"))


def changeable(
    session: Session, appointments: Sequence[tuple[Appointment, timedelta]], *, now: datetime
) -> frozenset[AppointmentId]:
    """Those that may be changed until their workshop's cut-off; later only in answer to whether they come."""
    early = {appointment.id for appointment, cutoff in appointments if appointment.start - now >= cutoff}
    late = [one.id for one, _ in appointments if one.id not in early and one.start > now]
    return reminders.inviting_answers(session, late, now=now) | early


def refuse_late_change(session: Session, appointment: Appointment, *, now: datetime) -> None:
    """Raises TooLate. An open hold may always be given up; the cut-off is about appointments."""
    if appointment.status is not AppointmentStatus.CONFIRMED:
        return
    cutoff = _cutoff(session, appointment)
    if not changeable(session, [(appointment, cutoff)], now=now):
        raise TooLate(cutoff=cutoff, start=appointment.start)


def _cutoff(session: Session, appointment: Appointment) -> timedelta:
    return timedelta(minutes=session.scalars(_CUTOFF, {"workshop": appointment.workshop}).one())
