"""More work for an appointment that is already booked: the visit grows where it stands."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from booking_core import cutoff, keys, ledger, locks, register, reservations
from booking_core.errors import WrongStatus
from booking_core.placements import slot_at
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.values import AppointmentId, ServiceId, UserId


def add_services(
    session: Session,
    appointment: AppointmentId,
    services: Sequence[ServiceId],
    user: UserId,
    *,
    now: datetime,
    key: str | None = None,
) -> Appointment:
    """Do these too, after what was booked; what is in the visit already is not added twice.

    Raises SlotTaken or NotBookable when the visit cannot grow at its time, TooLate inside the cut-off, UnknownService,
    UnknownAppointment, WrongStatus or KeyReused; then the appointment is what it was.
    """
    request = ("add services", appointment, tuple(services), user)
    return keys.once(session, key, request, lambda: _add_services(session, appointment, services, user, now=now))


def _add_services(
    session: Session, appointment: AppointmentId, services: Sequence[ServiceId], user: UserId, *, now: datetime
) -> Appointment:
    booked = register.own(session, appointment, user)
    locks.share_calendar(session, booked.workshop)
    booked = register.lock_own(session, appointment, user)
    if booked.status is not AppointmentStatus.CONFIRMED:
        raise WrongStatus(status=booked.status)
    wanted = tuple(dict.fromkeys((*booked.services, *services)))
    if wanted == booked.services:
        return booked
    cutoff.refuse_late_change(session, booked, now=now)
    slot = slot_at(session, booked.workshop, wanted, booked.start, now=now)
    taken = reservations.take_visit(session, slot, now=now, give={booked.id})
    return ledger.reschedule(session, booked, slot, taken, f"customer:{user}", now=now, action="extended")
