"""What becomes of an appointment: confirmed, cancelled, moved, worked on, missed."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from booking_core import register
from booking_core.appointments import (
    cancel,
    change_vehicle,
    complete,
    confirm,
    move,
    no_show,
    open_appointments,
    start_work,
)
from booking_core.customers import add_vehicle
from booking_core.errors import KeyReused, SlotTaken, Stale, TooLate, UnknownAppointment, UnknownVehicle, WrongStatus
from booking_core.register import Appointment
from booking_core.reservations import expire_holds, hold_slot
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentServiceRow
from booking_core.values import AppointmentId, Slot, UserId
from tests.booking_core.builders import NOW, Garage, a_customer, a_garage, a_service, berlin, counts_that_lie

TEN_MINUTES = timedelta(minutes=10)
THURSDAY = "2026-11-26 10:00"


def booked(session: Session, garage: Garage, user: UserId, when: str = THURSDAY) -> Appointment:
    hold = hold_slot(session, garage.slot(when), user, channel="sms", now=NOW)
    return confirm(session, hold.id, user, now=NOW)


def test_a_confirmed_hold_is_an_appointment_with_a_public_code(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    assert appointment.status is AppointmentStatus.CONFIRMED
    assert appointment.start == berlin(THURSDAY)
    assert len(appointment.code) == 14
    assert open_appointments(session, petra, now=NOW) == [appointment]


def test_confirming_twice_changes_nothing(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    assert confirm(session, appointment.id, petra, now=NOW) == appointment


def test_a_confirmation_shares_its_own_calendar_and_no_other_however_its_row_is_found(database: Engine) -> None:
    with Session(database) as session, session.begin():
        garages = [a_garage(session) for _ in range(3)]
        holds = [hold_slot(session, one.slot(THURSDAY), a_customer(session), channel="sms", now=NOW) for one in garages]
    with Session(database) as session:
        for setting in ("enable_indexscan = off", "enable_bitmapscan = off", "plan_cache_mode = force_generic_plan"):
            session.execute(text(f"SET LOCAL {setting}"))
        confirm(session, holds[1].id, holds[1].user, now=NOW)
        shared = "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
        assert session.scalars(text(shared)).all() == [garages[1].workshop]


def test_the_customers_car_goes_with_the_appointment_but_nobody_elses(session: Session) -> None:
    garage, petra, other = a_garage(session), a_customer(session), a_customer(session)
    hold = hold_slot(session, garage.slot(THURSDAY), petra, channel="sms", now=NOW)
    foreign = add_vehicle(session, other, plate="B-XY 1", now=NOW)
    with pytest.raises(UnknownVehicle):
        confirm(session, hold.id, petra, now=NOW, vehicle=foreign)
    golf = add_vehicle(session, petra, plate="K-AB 123", make="VW", model="Golf", now=NOW)
    assert confirm(session, hold.id, petra, now=NOW, vehicle=golf).vehicle == golf


def test_a_late_yes_gets_the_same_time_if_it_is_still_free(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    hold = hold_slot(session, garage.slot(THURSDAY), petra, channel="sms", now=NOW)
    assert confirm(session, hold.id, petra, now=NOW + 2 * TEN_MINUTES).status is AppointmentStatus.CONFIRMED
    assert counts_that_lie(session) == 0


def test_a_late_yes_after_the_sweeper_takes_the_time_again(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    hold = hold_slot(session, garage.slot(THURSDAY), petra, channel="sms", now=NOW)
    expire_holds(session, now=NOW + TEN_MINUTES)
    assert confirm(session, hold.id, petra, now=NOW + 2 * TEN_MINUTES).status is AppointmentStatus.CONFIRMED
    with pytest.raises(SlotTaken):
        hold_slot(session, garage.slot(THURSDAY), a_customer(session), channel="sms", now=NOW + 2 * TEN_MINUTES)
    assert counts_that_lie(session) == 0


def test_a_late_yes_is_too_late_when_somebody_else_took_the_time(session: Session) -> None:
    garage, petra, other = a_garage(session), a_customer(session), a_customer(session)
    hold = hold_slot(session, garage.slot(THURSDAY), petra, channel="sms", now=NOW)
    hold_slot(session, garage.slot(THURSDAY), other, channel="sms", now=NOW + TEN_MINUTES)
    with pytest.raises(SlotTaken):
        confirm(session, hold.id, petra, now=NOW + TEN_MINUTES)
    assert counts_that_lie(session) == 0


def test_a_cancelled_time_is_free_at_once(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    cancelled = cancel(session, appointment.id, petra, now=NOW, reason="Urlaub")
    assert cancelled.status is AppointmentStatus.CANCELLED
    assert cancelled.ical_sequence == appointment.ical_sequence + 1
    assert cancel(session, appointment.id, petra, now=NOW) == cancelled, "cancelling again changes nothing"
    assert open_appointments(session, petra, now=NOW) == []
    booked(session, garage, a_customer(session))
    assert counts_that_lie(session) == 0


def test_yes_to_a_cancelled_appointment_confirms_nothing(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    cancel(session, appointment.id, petra, now=NOW)
    with pytest.raises(WrongStatus):
        confirm(session, appointment.id, petra, now=NOW)


def test_inside_the_cut_off_a_person_has_to_help(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    last_minute = appointment.start - timedelta(hours=24)
    with pytest.raises(TooLate):
        cancel(session, appointment.id, petra, now=last_minute + timedelta(seconds=1))
    with pytest.raises(TooLate):
        move(session, appointment.id, garage.slot("2026-11-27 10:00"), petra, now=last_minute + timedelta(seconds=1))
    cancel(session, appointment.id, petra, now=last_minute)


def test_an_open_hold_may_be_given_up_at_any_time(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    hold = hold_slot(session, garage.slot("2026-11-23 11:00"), petra, channel="sms", now=NOW)
    assert cancel(session, hold.id, petra, now=NOW).status is AppointmentStatus.CANCELLED


def test_moving_takes_the_new_time_and_gives_back_the_old_one(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    moved = move(session, appointment.id, garage.slot("2026-11-27 09:00"), petra, now=NOW)
    assert (moved.id, moved.code) == (appointment.id, appointment.code)
    assert moved.start == berlin("2026-11-27 09:00")
    assert moved.ical_sequence == 1
    booked(session, garage, a_customer(session), THURSDAY)
    with pytest.raises(SlotTaken):
        booked(session, garage, a_customer(session), "2026-11-27 09:00")
    assert counts_that_lie(session) == 0


def test_an_appointment_may_move_into_its_own_time(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    move(session, appointment.id, garage.slot("2026-11-26 10:30"), petra, now=NOW)
    assert counts_that_lie(session) == 0


def test_moving_to_where_it_is_changes_nothing(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    assert move(session, appointment.id, garage.slot(THURSDAY), petra, now=NOW) == appointment


def test_the_old_time_is_kept_when_the_new_one_is_taken(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    booked(session, garage, a_customer(session), "2026-11-27 09:00")
    with pytest.raises(SlotTaken):
        move(session, appointment.id, garage.slot("2026-11-27 09:00"), petra, now=NOW)
    assert open_appointments(session, petra, now=NOW) == [appointment]
    assert counts_that_lie(session) == 0


def test_moving_to_another_workshop_brings_its_service_and_its_price(session: Session) -> None:
    here, there = a_garage(session), a_garage(session)
    dearer = a_service(session, there.workshop, "inspection", price=9900)
    petra = a_customer(session)
    appointment = booked(session, here, petra)
    start = berlin("2026-11-27 09:00")
    slot = Slot(there.workshop, (dearer,), start, start + there.duration)
    moved = move(session, appointment.id, slot, petra, now=NOW)
    assert (moved.workshop, moved.services) == (there.workshop, (dearer,))
    prices = select(AppointmentServiceRow.price).where(AppointmentServiceRow.appointment_id == moved.id)
    assert session.scalars(prices).all() == [9900]


def test_only_an_appointment_can_move(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    hold = hold_slot(session, garage.slot(THURSDAY), petra, channel="sms", now=NOW)
    with pytest.raises(WrongStatus):
        move(session, hold.id, garage.slot("2026-11-27 09:00"), petra, now=NOW)


def test_a_foreign_appointment_and_a_missing_one_look_the_same(session: Session) -> None:
    garage, petra, other = a_garage(session), a_customer(session), a_customer(session)
    appointment = booked(session, garage, petra)
    for stranger, target in ((other, appointment.id), (petra, AppointmentId(-1))):
        with pytest.raises(UnknownAppointment):
            cancel(session, target, stranger, now=NOW)
        with pytest.raises(UnknownAppointment):
            confirm(session, target, stranger, now=NOW)
        with pytest.raises(UnknownAppointment):
            move(session, target, garage.slot("2026-11-27 09:00"), stranger, now=NOW)
    assert open_appointments(session, other, now=NOW) == []


def test_who_saw_an_older_version_changes_nothing(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    seen = booked(session, garage, petra)
    friday = garage.slot("2026-11-27 10:00")
    moved = move(session, seen.id, friday, petra, now=NOW, version=seen.version)
    with pytest.raises(Stale):
        move(session, seen.id, garage.slot("2026-11-27 12:00"), petra, now=NOW, version=seen.version)
    with pytest.raises(Stale):
        cancel(session, seen.id, petra, now=NOW, version=seen.version)
    assert open_appointments(session, petra, now=NOW) == [moved]
    assert cancel(session, seen.id, petra, now=NOW, version=moved.version).status is AppointmentStatus.CANCELLED


def test_commands_with_a_key_are_answered_once(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    hold = hold_slot(session, garage.slot(THURSDAY), petra, channel="sms", now=NOW)
    first = confirm(session, hold.id, petra, now=NOW, key="yes")
    moved = move(session, hold.id, garage.slot("2026-11-27 09:00"), petra, now=NOW, key="move")
    assert confirm(session, hold.id, petra, now=NOW, key="yes") == first
    assert move(session, hold.id, garage.slot("2026-11-27 09:00"), petra, now=NOW, key="move") == moved
    with pytest.raises(KeyReused):
        cancel(session, hold.id, petra, now=NOW, key="yes")


def test_staff_write_down_that_the_work_began_and_ended(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    start_work(session, appointment.id, actor="staff:1", now=appointment.start)
    done = complete(session, appointment.id, actor="staff:1", now=appointment.end)
    assert done.status is AppointmentStatus.COMPLETED
    with pytest.raises(WrongStatus):
        start_work(session, appointment.id, actor="staff:1", now=appointment.end)


def test_nobody_is_late_before_the_time(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    with pytest.raises(WrongStatus):
        no_show(session, appointment.id, actor="staff:1", now=appointment.start - timedelta(seconds=1))
    missed = no_show(session, appointment.id, actor="staff:1", now=appointment.start)
    assert missed.status is AppointmentStatus.NO_SHOW
    with pytest.raises(UnknownAppointment):
        no_show(session, AppointmentId(-1), actor="staff:1", now=NOW)


def test_a_code_is_never_given_twice(session: Session) -> None:
    garage = a_garage(session, lifts=5)
    codes = {booked(session, garage, a_customer(session)).code for _ in range(5)}
    assert len(codes) == 5


def test_statuses_follow_each_other_only_as_drawn() -> None:
    ends = {AppointmentStatus.COMPLETED, AppointmentStatus.NO_SHOW, AppointmentStatus.CANCELLED}
    assert all(not end.may_become(other) for end in ends for other in AppointmentStatus)


def test_the_register_can_be_read_in_any_zone(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment = booked(session, garage, petra)
    assert register.SNAPSHOT.validate_json(register.SNAPSHOT.dump_json(appointment)) == appointment


def test_another_car_may_come_until_the_appointment_is_over(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    appointment, car = booked(session, garage, petra), add_vehicle(session, petra, plate="K-PM 2", now=NOW)
    changed = change_vehicle(session, appointment.id, petra, car, now=NOW)
    assert changed.vehicle == car
    assert change_vehicle(session, appointment.id, petra, car, now=NOW) == changed
    cancel(session, appointment.id, petra, now=NOW)
    with pytest.raises(WrongStatus):
        change_vehicle(session, appointment.id, petra, car, now=NOW)
