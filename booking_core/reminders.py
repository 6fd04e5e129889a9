"""Reminders are rows: planned, moved and voided by the same transaction as their appointment, claimed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Row, any_, bindparam, exists, select, text, update
from sqlalchemy.orm import Session

from booking_core import house_rules, locks, wire
from booking_core.house_rules import HouseRules
from booking_core.lead_times import AT_LEAST, Kind, Rules, due_after, due_ahead, wake_up
from booking_core.register import Appointment, fetch, of_ids
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, ReminderRow, table_of
from booking_core.values import AppointmentId, UserId

ANSWER_WITHIN = timedelta(hours=12)
"""So long after we asked whether they come, customers may still say that they do not, whatever the cut-off."""

_TAKEN_AT_ONCE = 16
"""So many processes find something to write at the same moment; one more finds it in its next round."""

_ONLY_HELD = {AppointmentStatus.RESERVED, AppointmentStatus.EXPIRED}
_TOLD = {
    AppointmentStatus.CONFIRMED: tuple(kind for kind in Kind if kind.ahead),
    AppointmentStatus.COMPLETED: (Kind.READY,),
    AppointmentStatus.NO_SHOW: (Kind.NO_SHOW,),
}
"""What there is to say of an appointment that has become so."""


@dataclass(frozen=True)
class Due:
    """A reminder whose time has come, and whom it is for; not claimed yet."""

    id: int
    due_at: datetime
    user: UserId
    channel: str


@dataclass(frozen=True)
class Reminder:
    """A claimed reminder: it is said in the transaction that claimed it, or was never claimed."""

    id: int
    kind: Kind
    appointment: Appointment


Plan = list[tuple[Kind, datetime]]
"""What is to be said about an appointment, and when."""


_PLANNED = "WHERE appointment_id = :appointment AND state = 'planned' RETURNING id"
_KEEP = text(f"UPDATE reminders SET appointment_version = :version {_PLANNED}")  # noqa: S608 - Our own words.
_DROP = text(f"UPDATE reminders SET state = 'void' {_PLANNED}")  # noqa: S608


def follow(
    session: Session, before: Appointment, after: Appointment, *, now: datetime, rules: HouseRules | None = None
) -> Plan:
    """Let the reminders of an appointment follow a change of it, and say which new ones it is to get.

    The caller has it locked, and may have read the workshop's `rules`. What changes neither its time nor its status
    lets them stand.
    """
    if {before.status, after.status} <= _ONLY_HELD:
        return []
    if (before.status, before.slot) == (after.status, after.slot):
        wire.send(session, _KEEP, {"appointment": after.id, "version": after.version})
        return []
    if before.status not in _ONLY_HELD:
        wire.send(session, _DROP, {"appointment": after.id})
    return plan(session, after, now=now, rules=rules)


def plan_missing(session: Session, *, now: datetime, limit: int = 500) -> int:
    """Plan for appointments to come that have no reminders, as those from before there were any; how many."""
    known = exists().where(ReminderRow.appointment_id == AppointmentRow.id)
    without = select(AppointmentRow.id).where(
        AppointmentRow.status == AppointmentStatus.CONFIRMED, AppointmentRow.start_time > now, ~known
    )
    locked = session.scalars(without.order_by(AppointmentRow.id).limit(limit).with_for_update(skip_locked=True)).all()
    rows = [
        {"appointment_id": one.id, "appointment_version": one.version, "kind": kind, "due_at": due_at}
        for one in fetch(session, AppointmentRow.id.in_(locked))
        for kind, due_at in plan(session, one, now=now)
    ]
    if rows:
        session.execute(table_of(ReminderRow).insert(), rows)
    return len(rows)


def plan(session: Session, appointment: Appointment, *, now: datetime, rules: HouseRules | None = None) -> Plan:
    """What is to be said of an appointment that stands as it does since `now`."""
    kinds = _TOLD.get(appointment.status, ())
    if not kinds:
        return []
    zone, wanted = rules or house_rules.of(session, appointment.workshop)
    dates = [
        due_ahead(kind, appointment.start, now=now, zone=zone, rules=wanted)
        if kind.ahead
        else due_after(kind, now=now, zone=zone, rules=wanted)
        for kind in kinds
    ]
    return [(kind, due_at) for kind, due_at in zip(kinds, dates, strict=True) if due_at is not None]


def due(session: Session, *, now: datetime, user: UserId | None = None, limit: int = 100) -> Sequence[Due]:
    """Reminders whose time has come, the longest due first; of everybody, or of one customer."""
    ripe = (
        select(ReminderRow.id, ReminderRow.due_at, AppointmentRow.user_id, AppointmentRow.channel)
        .join(AppointmentRow, AppointmentRow.id == ReminderRow.appointment_id)
        .where(ReminderRow.state == "planned", ReminderRow.due_at <= now)
        .order_by(ReminderRow.due_at, ReminderRow.id)
        .limit(limit)
    )
    if user is not None:
        ripe = ripe.where(AppointmentRow.user_id == user)
    return [Due(*row) for row in session.execute(ripe)]


def take_due(session: Session, *, now: ColumnElement[datetime], limit: int) -> tuple[list[Due], datetime | None]:
    """Some whose time has come, which nobody else takes until this transaction ends, and the time it is then.

    So several processes write at once, each others. No row is locked, for conversations must be locked before.
    """
    ripe = (
        select(ReminderRow.id, ReminderRow.due_at, AppointmentRow.user_id, AppointmentRow.channel, now.label("now"))
        .join(AppointmentRow, AppointmentRow.id == ReminderRow.appointment_id)
        .where(ReminderRow.state == "planned", ReminderRow.due_at <= now)
        .order_by(ReminderRow.due_at, ReminderRow.id)
        .limit(_TAKEN_AT_ONCE * limit)
        .subquery()
    )
    rows = session.execute(select(ripe).where(locks.trying_reminder(ripe.c.id)).limit(limit)).all()
    return [Due(*row[:-1]) for row in rows], rows[0].now if rows else None


_REMINDERS = table_of(ReminderRow).c
_AMONG = _REMINDERS.id == any_(bindparam("reminders", type_=ARRAY(BigInteger)))
_CLAIM = (
    select(_REMINDERS.id, _REMINDERS.kind, _REMINDERS.appointment_id, _REMINDERS.appointment_version)
    .where(_AMONG, _REMINDERS.state == "planned", _REMINDERS.due_at <= bindparam("now"))
    .order_by(_REMINDERS.due_at, _REMINDERS.id)
    .with_for_update(skip_locked=True)
)
_POSTED = table_of(ReminderRow).update().where(_AMONG).values(state="posted", posted_at=bindparam("now"))


def claim(session: Session, reminders: Sequence[int], *, now: datetime) -> list[Reminder]:
    """Those of these reminders that are ours to say now, posted from the commit on; the others somebody else has.

    One of an outdated version of its appointment, or whose point has passed, is void. One that was left lying until
    the night waits for the morning, if that is early enough.
    """
    rows = session.execute(_CLAIM, {"reminders": list(reminders), "now": now}).all()
    appointments = {one.id: one for one in of_ids(session, [row.appointment_id for row in rows])} if rows else {}
    rules = {
        workshop: house_rules.of(session, workshop) for workshop in {one.workshop for one in appointments.values()}
    }
    ours = []
    for row in rows:
        appointment = appointments[row.appointment_id]
        if _is_for_now(session, row, appointment, *rules[appointment.workshop], now=now):
            ours.append(Reminder(row.id, Kind(row.kind), appointment))
    if ours:
        session.execute(_POSTED, {"reminders": [one.id for one in ours], "now": now})
    return ours


def _is_for_now(
    session: Session,
    row: Row[*tuple[Any, ...]],
    appointment: Appointment,
    zone: ZoneInfo,
    rules: Rules,
    *,
    now: datetime,
) -> bool:
    awake = wake_up(now, zone, rules)
    latest = appointment.start if awake == now else appointment.start - AT_LEAST
    if row.appointment_version != appointment.version or (Kind(row.kind).ahead and awake >= latest):
        _set(session, row.id, state="void")
        return False
    if awake != now:
        _set(session, row.id, due_at=awake)
    return awake == now


def unreachable(session: Session, reminder: Reminder) -> None:
    """There is no way to tell the customer; staff can see that."""
    _set(session, reminder.id, state="unreachable")


def _set(session: Session, reminder: int, **columns: object) -> None:
    session.execute(update(ReminderRow).where(ReminderRow.id == reminder).values(columns))


_ASKED = select(_REMINDERS.appointment_id).where(
    _REMINDERS.appointment_id == any_(bindparam("appointments", type_=ARRAY(BigInteger))),
    _REMINDERS.kind == Kind.DAY_BEFORE,
    _REMINDERS.posted_at > bindparam("since"),
)


def inviting_answers(
    session: Session, appointments: Sequence[AppointmentId], *, now: datetime
) -> frozenset[AppointmentId]:
    """Those of these appointments about which we have just asked the customer if they come."""
    if not appointments:
        return frozenset()
    facts = {"appointments": list(appointments), "since": now - ANSWER_WITHIN}
    return frozenset(session.scalars(_ASKED, facts))
