"""A workshop reminds in another way from now on: what that means for the reminders of appointments made before."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from booking_core import house_rules, register, reminders
from booking_core.lead_times import Kind
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, ReminderRow, table_of
from booking_core.values import WorkshopId

_AHEAD = [kind for kind in Kind if kind.ahead]
_NEW = insert(table_of(ReminderRow))
_PLAN = _NEW.on_conflict_do_update(
    index_elements=["appointment_id", "kind", "appointment_version"],
    set_={"due_at": _NEW.excluded.due_at, "state": "planned"},
    where=table_of(ReminderRow).c.state == "void",
)


def replan(session: Session, workshop: WorkshopId, *, now: datetime) -> None:
    """Plan anew what has not been said yet of appointments to come; what has been said is not said again.

    The caller has the calendar to itself.
    """
    coming: list[ColumnElement[bool]] = [
        AppointmentRow.workshop_id == workshop,
        AppointmentRow.status == AppointmentStatus.CONFIRMED,
        AppointmentRow.start_time > now,
    ]
    ids = session.scalars(select(AppointmentRow.id).where(*coming).order_by(AppointmentRow.id).with_for_update()).all()
    rules = house_rules.of(session, workshop)
    wanted = [
        {"appointment_id": one.id, "appointment_version": one.version, "kind": kind, "due_at": due_at}
        for one in register.fetch(session, AppointmentRow.id.in_(ids))
        for kind, due_at in reminders.plan(session, one, now=now, rules=rules)
    ]
    planned = (ReminderRow.appointment_id.in_(ids), ReminderRow.kind.in_(_AHEAD), ReminderRow.state == "planned")
    session.execute(update(ReminderRow).where(*planned).values(state="void"))
    if wanted:
        session.execute(_PLAN, wanted)
