"""Reminders live and die with their appointment, and are claimed once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import ColumnElement, Engine, literal, select, text, update
from sqlalchemy.orm import Session

from booking_core import appointments, cutoff, reminders
from booking_core.errors import TooLate, WrongStatus
from booking_core.lead_times import Kind
from booking_core.register import Appointment
from booking_core.reservations import hold_slot
from booking_core.tables import AppointmentRow, ReminderRow
from booking_core.values import UserId
from tests.booking_core.builders import NOW, Garage, a_customer, a_garage, berlin

THURSDAY, FRIDAY = "2026-11-26 10:00", "2026-11-27 15:00"
THE_DAY_BEFORE = berlin("2026-11-25 10:00")


def booked(session: Session, garage: Garage, user: UserId, when: str = THURSDAY, now: datetime = NOW) -> Appointment:
    hold = hold_slot(session, garage.slot(when), user, channel="sms", now=now)
    return appointments.confirm(session, hold.id, user, now=now)


def planned(session: Session) -> list[tuple[str, datetime]]:
    rows = select(ReminderRow.kind, ReminderRow.due_at).where(ReminderRow.state == "planned")
    return [(row.kind, row.due_at) for row in session.execute(rows.order_by(ReminderRow.due_at))]


def claimed(session: Session, now: datetime) -> Sequence[reminders.Reminder]:
    return reminders.claim(session, [one.id for one in reminders.due(session, now=now)], now=now)


def test_a_hold_has_none_and_an_appointment_has_those_its_workshop_wants(session: Session) -> None:
    garage, petra = a_garage(session, remind_hours_before=2), a_customer(session)
    hold = hold_slot(session, garage.slot(THURSDAY), petra, channel="sms", now=NOW)
    assert planned(session) == []
    appointments.confirm(session, hold.id, petra, now=NOW)
    assert planned(session) == [("day_before", THE_DAY_BEFORE), ("hours_before", berlin("2026-11-26 08:00"))]


def test_a_moved_appointment_is_reminded_of_at_its_new_time_only(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    appointments.move(session, appointment.id, garage.slot(FRIDAY), petra, now=NOW)
    assert planned(session) == [("day_before", berlin("2026-11-26 15:00"))]


def test_a_cancelled_one_is_not_reminded_of(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointments.cancel(session, booked(session, garage, petra).id, petra, now=NOW)
    assert planned(session) == []


def test_another_car_lets_the_reminder_stand(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    appointments.promise(session, appointment.id, petra, start=appointment.start, now=NOW)
    assert planned(session) == [("day_before", THE_DAY_BEFORE)]
    [reminder] = claimed(session, THE_DAY_BEFORE)
    assert (reminder.kind, reminder.appointment.version) == (Kind.DAY_BEFORE, appointment.version + 1)


def test_a_finished_car_is_told_at_once_and_once(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra, now=NOW)
    appointments.start_work(session, appointment.id, actor="staff:1", now=berlin(THURSDAY))
    assert planned(session) == []
    done = berlin("2026-11-26 11:00")
    appointments.complete(session, appointment.id, actor="staff:1", now=done)
    assert [one.kind for one in claimed(session, done)] == [Kind.READY]
    assert claimed(session, done + timedelta(days=1)) == []


def test_who_did_not_come_is_asked_an_hour_later(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    missed = berlin("2026-11-26 11:00")
    appointments.no_show(session, appointment.id, actor="staff:1", now=missed)
    assert planned(session) == [("no_show", missed + timedelta(hours=1))]


def test_one_that_is_due_is_claimed_once_and_those_of_others_are_not_ones_own(session: Session) -> None:
    garage, petra, tom = a_garage(session, lifts=2), a_customer(session), a_customer(session)
    mine = booked(session, garage, petra)
    booked(session, garage, tom)
    assert reminders.due(session, now=THE_DAY_BEFORE - timedelta(seconds=1)) == []
    [due] = reminders.due(session, now=THE_DAY_BEFORE, user=petra)
    assert (due.user, due.channel, due.due_at) == (petra, "sms", THE_DAY_BEFORE)
    assert reminders.claim(session, [due.id], now=THE_DAY_BEFORE) == [reminders.Reminder(due.id, Kind.DAY_BEFORE, mine)]
    assert reminders.claim(session, [due.id], now=THE_DAY_BEFORE) == []
    assert len(claimed(session, THE_DAY_BEFORE)) == 1


def test_two_workers_never_get_the_same_one(database: Engine) -> None:
    with Session(database) as session, session.begin():
        booked(session, a_garage(session), a_customer(session))
    with Session(database) as one, Session(database) as other:
        [due] = reminders.due(one, now=THE_DAY_BEFORE)
        assert reminders.claim(one, [due.id], now=THE_DAY_BEFORE)
        other.execute(text("SET lock_timeout = '1s'"))
        assert reminders.claim(other, [due.id], now=THE_DAY_BEFORE) == []


def test_workers_who_write_at_once_take_different_ones_and_wait_for_nobody(database: Engine) -> None:
    with Session(database) as session, session.begin():
        garage = a_garage(session, lifts=3)
        for _ in range(3):
            booked(session, garage, a_customer(session))
    now: ColumnElement[datetime] = literal(THE_DAY_BEFORE)
    with Session(database) as one, Session(database) as other, Session(database) as third:
        other.execute(text("SET lock_timeout = '1s'"))
        taken = [reminders.take_due(session, now=now, limit=2) for session in (one, other)]
        assert [len(some) for some, _ in taken] == [2, 1]
        assert {when for _, when in taken} == {THE_DAY_BEFORE}
        assert len({due.id for some, _ in taken for due in some}) == 3
        assert reminders.take_due(third, now=now, limit=2) == ([], None)
        one.rollback()
        assert len(reminders.take_due(third, now=now, limit=2)[0]) == 2


def test_one_of_an_outdated_version_is_void(session: Session) -> None:
    booked(session, a_garage(session), a_customer(session))
    session.execute(update(AppointmentRow).values(version=AppointmentRow.version + 1))
    assert claimed(session, THE_DAY_BEFORE) == []
    assert planned(session) == []


@pytest.mark.parametrize(
    ("left_until", "again_at"),
    [("2026-11-25 22:00", "2026-11-26 08:00"), ("2026-11-26 05:00", "2026-11-26 08:00"), ("2026-11-26 10:00", None)],
)
def test_one_that_was_left_lying_waits_for_the_morning_or_is_void(
    session: Session, left_until: str, again_at: str | None
) -> None:
    booked(session, a_garage(session), a_customer(session))
    assert claimed(session, berlin(left_until)) == []
    assert [due for _, due in planned(session)] == ([berlin(again_at)] if again_at else [])


def test_appointments_from_before_there_were_reminders_get_theirs(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    booked(session, garage, petra)
    session.execute(text("DELETE FROM reminders"))
    assert reminders.plan_missing(session, now=NOW) == 1
    assert reminders.plan_missing(session, now=NOW) == 0
    assert planned(session) == [("day_before", THE_DAY_BEFORE)]


def test_one_that_reaches_nobody_can_be_seen(session: Session) -> None:
    booked(session, a_garage(session), a_customer(session))
    [reminder] = claimed(session, THE_DAY_BEFORE)
    reminders.unreachable(session, reminder)
    assert session.scalars(select(ReminderRow.state)).all() == ["unreachable"]


def test_a_promise_is_kept_until_the_appointment_is_moved(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    promised = appointments.promise(session, appointment.id, petra, start=appointment.start, now=NOW)
    assert promised.promised_at == NOW
    again = NOW + timedelta(hours=1)
    assert appointments.promise(session, appointment.id, petra, start=appointment.start, now=again) == promised
    moved = appointments.move(session, appointment.id, garage.slot(FRIDAY), petra, now=NOW)
    assert moved.promised_at is None
    for start, now in ((appointment.start, NOW), (moved.start, moved.start)):
        with pytest.raises(WrongStatus):
            appointments.promise(session, appointment.id, petra, start=start, now=now)


def test_whom_we_ask_may_still_say_no_though_the_cut_off_has_passed(session: Session) -> None:
    garage, petra = a_garage(session, cancel_cutoff=48 * 60), a_customer(session)
    appointment = booked(session, garage, petra)
    with pytest.raises(TooLate):
        appointments.cancel(session, appointment.id, petra, now=THE_DAY_BEFORE)
    claimed(session, THE_DAY_BEFORE)
    later = THE_DAY_BEFORE + reminders.ANSWER_WITHIN
    assert not cutoff.changeable(session, [(appointment, timedelta(hours=48))], now=later)
    assert cutoff.changeable(session, [(appointment, timedelta(hours=48))], now=later - timedelta(minutes=1))
    cancelled = appointments.cancel(session, appointment.id, petra, now=later - timedelta(minutes=1))
    assert not cutoff.changeable(session, [(cancelled, timedelta(hours=48))], now=berlin(THURSDAY))
