"""Hold a slot under lock for ten minutes, and let dead holds go."""

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import ColumnElement, bindparam, select, text
from sqlalchemy.orm import Session

from booking_core import cells, holds, keys, ledger, locks, register
from booking_core.errors import SlotTaken, TooManyAppointments, TooManyHolds, UnknownAppointment
from booking_core.outlook import Outlook, Standing, look
from booking_core.placements import place
from booking_core.register import APPOINTMENTS, Appointment
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
    proof: str | None = None,
    actor: str | None = None,
    now: datetime,
    key: str | None = None,
) -> Appointment:
    """Reserve a slot until `now` + 10 minutes; the customer's earlier open hold is given back for it.

    `actor` is who does so in the customer's place. Whoever shows `proof` later shows that the appointment is theirs.

    Raises SlotTaken, NotBookable, UnknownService, TooManyAppointments, TooManyHolds or KeyReused.
    """
    who = actor or f"customer:{user}"
    enter = partial(
        holds.enter, session, slot, user, channel=channel, proof=proof, until=now + HOLD_FOR, actor=who, now=now
    )
    request = ("hold", slot, user)
    return keys.once(session, key, request, lambda: _hold(session, slot, user, enter, actor=who, now=now))


def _hold(
    session: Session, slot: Slot, user: UserId, enter: Callable[..., Appointment], *, actor: str, now: datetime
) -> Appointment:
    locks.share_calendar_as(session, slot.workshop, user)
    outlook, earlier = look(session, slot, user, now=now), list[Appointment]()
    if outlook.standing.holds:
        earlier = register.locked_by(session, _OPEN_HOLDS, {"user": user})
        # What was waited for may have become an appointment.
        outlook = look(session, slot, user, now=now, ignoring=[hold.id for hold in earlier])
    _refuse_hoarding(outlook.standing, by_themselves=actor == f"customer:{user}")
    if not earlier and not outlook.taken.dead_holds:
        wanted = place(outlook, slot, now=now).cells
        with suppress(SlotTaken):
            return enter(wanted)
        outlook = look(session, slot, now=now)  # Lost in the last moment, but there may be another unit.
    taken = take_visit(session, slot, now=now, give={hold.id for hold in earlier}, seen=outlook)
    for hold in earlier:
        _end(session, hold, actor, "released", now=now)
    return enter(list(taken), step=0)


def _refuse_hoarding(standing: Standing, *, by_themselves: bool) -> None:
    """How often one may reserve in an hour counts only for customers themselves: staff help one after the other."""
    if standing.open >= standing.max_open:
        raise TooManyAppointments(limit=standing.max_open)
    if by_themselves and standing.held >= standing.max_held:
        raise TooManyHolds(limit=standing.max_held)


def take_visit(
    session: Session, slot: Slot, *, now: datetime, give: Collection[AppointmentId], seen: Outlook | None = None
) -> dict[Cell, SlotId]:
    """Take the cells of a visit, giving back those of the appointments in `give` and of dead holds in the way.

    The caller holds the calendar lock and the locks on the appointments in `give`, and may have `seen` the outlook.
    Raises SlotTaken, NotBookable or UnknownService; then nothing was changed.
    """
    for _ in range(_LOOKS):
        placement = place(seen or look(session, slot, now=now, ignoring=give), slot, now=now)
        seen = None
        dead = _lock_dead_holds(session, placement.cells, now=now, besides=give) if placement.dead_holds else []
        try:
            taken = cells.exchange(session, take=placement.cells, give={*give, *(hold.id for hold in dead)})
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
