"""Hold a slot under lock for ten minutes, and let dead holds go."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, select, text
from sqlalchemy.orm import Session

from booking_core import cells, keys, ledger, locks, register, wire
from booking_core.errors import SlotTaken, TooManyAppointments, TooManyHolds, UnknownAppointment, UnknownService
from booking_core.register import APPOINTMENTS, Appointment
from booking_core.slots import place_visit
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow
from booking_core.values import HOLD_FOR, AppointmentId, Cell, Slot, SlotId, UserId

_LOOKS = 8
"""How often we look for another unit (a second lift) when the chosen one is lost in the last moment."""


_OPEN_HOLDS = register.locking(
    APPOINTMENTS.user_id == bindparam("user"), APPOINTMENTS.status == AppointmentStatus.RESERVED
)


def hold_slot(
    session: Session,
    slot: Slot,
    user: UserId,
    *,
    channel: str,
    actor: str | None = None,
    now: datetime,
    key: str | None = None,
) -> Appointment:
    """Reserve a slot until `now` + 10 minutes; the customer's earlier open hold is given back for it.

    `actor` is who does so in the customer's place.

    Raises SlotTaken, NotBookable, UnknownService, TooManyAppointments, TooManyHolds or KeyReused.
    """
    who = actor or f"customer:{user}"
    request = ("hold", slot, user)
    return keys.once(session, key, request, lambda: _hold(session, slot, user, channel=channel, actor=who, now=now))


def _hold(session: Session, slot: Slot, user: UserId, *, channel: str, actor: str, now: datetime) -> Appointment:
    locks.share_calendar_as(session, slot.workshop, user)
    standing, earlier = _standing(session, slot, user, now=now), list[Appointment]()
    if standing.holds:
        earlier = register.locked_by(session, _OPEN_HOLDS, {"user": user})
        standing = _standing(session, slot, user, now=now)  # What was waited for may have become an appointment.
    _refuse_hoarding(standing, by_themselves=actor == f"customer:{user}")
    taken = take_visit(session, slot, now=now, give={hold.id for hold in earlier})
    for hold in earlier:
        _end(session, hold, actor, "released", now=now)
    return ledger.enter(session, slot, user, taken, channel=channel, until=now + HOLD_FOR, actor=actor, now=now)


_STANDING = text("""
    SELECT max_open_appointments, max_holds_per_hour,
           count(*) FILTER (WHERE workshop_id = workshops.id AND status = 'confirmed' AND end_time > :now) AS open,
           count(*) FILTER (WHERE workshop_id = workshops.id AND appointments.created_at > :an_hour_ago) AS held,
           count(*) FILTER (WHERE status = 'reserved') AS holds
      FROM workshops LEFT JOIN appointments ON user_id = :user
     WHERE workshops.id = :workshop GROUP BY workshops.id
""")


def _standing(session: Session, slot: Slot, user: UserId, *, now: datetime) -> Row[*tuple[Any, ...]]:
    """What the customer has at this workshop, and may have; `holds` are those that are open anywhere."""
    facts = {"workshop": slot.workshop, "user": user, "now": now, "an_hour_ago": now - timedelta(hours=1)}
    standing = wire.send(session, _STANDING, facts).one_or_none()
    if standing is None:
        raise UnknownService(workshop=slot.workshop, services=slot.services)
    return standing


def _refuse_hoarding(standing: Row[*tuple[Any, ...]], *, by_themselves: bool) -> None:
    """How often one may reserve in an hour counts only for customers themselves: staff help one after the other."""
    if standing.open >= standing.max_open_appointments:
        raise TooManyAppointments(limit=standing.max_open_appointments)
    if by_themselves and standing.held >= standing.max_holds_per_hour:
        raise TooManyHolds(limit=standing.max_holds_per_hour)


def take_visit(session: Session, slot: Slot, *, now: datetime, give: Collection[AppointmentId]) -> list[SlotId]:
    """Take the cells of a visit, giving back those of the appointments in `give` and of dead holds in the way.

    The caller holds the calendar lock and the locks on the appointments in `give`.
    Raises SlotTaken, NotBookable or UnknownService; then nothing was changed.
    """
    for _ in range(_LOOKS):
        place = place_visit(session, slot, now=now, ignoring=give)
        dead = _lock_dead_holds(session, place.cells, now=now, besides=give) if place.dead_holds else []
        try:
            taken = cells.exchange(session, take=place.cells, give={*give, *(hold.id for hold in dead)})
        except SlotTaken:
            continue
        for hold in dead:
            _end(session, hold, "system", "expired", now=now)
        return taken
    raise SlotTaken(start=slot.start)


_DEAD_IN_THE_WAY = register.locking(
    text("""
        status = 'reserved' AND reserved_until <= :now AND id <> ALL(CAST(:besides AS bigint[])) AND id IN (
            SELECT appointment_slots.appointment_id
              FROM unnest(CAST(:resources AS bigint[]), CAST(:starts AS timestamptz[])) AS wanted(resource, start)
              JOIN slots ON slots.resource_id = wanted.resource AND slots.start_time = wanted.start
              JOIN appointment_slots ON appointment_slots.slot_id = slots.id)
    """),
    skip_locked=True,
)


def _lock_dead_holds(
    session: Session, wanted: Collection[Cell], *, now: datetime, besides: Collection[AppointmentId]
) -> list[Appointment]:
    """Skips those somebody else is just confirming or expiring: waiting for them could close a circle."""
    facts = {
        "resources": [cell.resource for cell in wanted],
        "starts": [cell.start for cell in wanted],
        "besides": list(besides),
        "now": now,
    }
    return register.locked_by(session, _DEAD_IN_THE_WAY, facts)


def _dead(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return AppointmentRow.status == AppointmentStatus.RESERVED, AppointmentRow.reserved_until <= now


def _end(session: Session, hold: Appointment, actor: str, action: str, *, now: datetime) -> None:
    ledger.change(session, hold, actor, action, now=now, status=AppointmentStatus.EXPIRED, slot_id=None)


def release(session: Session, appointment: AppointmentId, user: UserId, *, now: datetime) -> None:
    """Give back an open hold the customer no longer wants; anything else than an open hold is left as it is."""
    try:
        hold = register.lock_own(session, appointment, user)
    except UnknownAppointment:
        return
    if hold.status is AppointmentStatus.RESERVED:
        cells.exchange(session, take=(), give={hold.id})
        _end(session, hold, f"customer:{user}", "released", now=now)


def ending(session: Session, *, now: datetime, within: timedelta) -> list[Appointment]:
    """Open holds that end soon, not locked."""
    return register.fetch(
        session,
        AppointmentRow.status == AppointmentStatus.RESERVED,
        AppointmentRow.reserved_until > now,
        AppointmentRow.reserved_until <= now + within,
    )


def expire_holds(session: Session, *, now: datetime, limit: int = 500) -> int:
    """Tidy up dead holds; how many. Nobody depends on it: a dead hold never keeps anyone from booking."""
    oldest = (
        select(AppointmentRow.id).where(*_dead(now)).order_by(AppointmentRow.reserved_until).limit(limit)
    ).scalar_subquery()
    dead = register.lock(session, *_dead(now), AppointmentRow.id.in_(oldest), skip_locked=True)
    cells.exchange(session, take=(), give={hold.id for hold in dead})
    for hold in dead:
        _end(session, hold, "system", "expired", now=now)
    return len(dead)
