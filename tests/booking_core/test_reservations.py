"""A slot is held for ten minutes, by one customer, and then it is free again by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking_core import register
from booking_core.appointments import cancel, confirm
from booking_core.errors import BookingError, KeyReused, SlotTaken, TooManyAppointments, TooManyHolds
from booking_core.reservations import expire_holds, hold_slot, release
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, SlotRow
from booking_core.values import WorkshopId
from tests.booking_core.builders import NOW, a_customer, a_garage, counts_that_lie

TEN_MINUTES = timedelta(minutes=10)
A_MOMENT = timedelta(microseconds=1)


def status_of(session: Session, appointment: int) -> AppointmentStatus:
    [found] = register.fetch(session, AppointmentRow.id == appointment)
    return found.status


def test_a_hold_lasts_ten_minutes(session: Session) -> None:
    garage = a_garage(session)
    hold = hold_slot(session, garage.slot("2026-11-24 10:00"), a_customer(session), channel="sms", now=NOW)
    assert hold.status is AppointmentStatus.RESERVED
    assert hold.reserved_until == NOW + TEN_MINUTES
    assert hold.channel == "sms"


def test_what_is_held_nobody_else_can_hold(session: Session) -> None:
    garage = a_garage(session)
    hold_slot(session, garage.slot("2026-11-24 10:00"), a_customer(session), channel="sms", now=NOW)
    for clash in ("2026-11-24 09:15", "2026-11-24 10:00", "2026-11-24 10:45"):
        with pytest.raises(SlotTaken):
            hold_slot(session, garage.slot(clash), a_customer(session), channel="sms", now=NOW)
    hold_slot(session, garage.slot("2026-11-24 11:00"), a_customer(session), channel="sms", now=NOW)
    assert counts_that_lie(session) == 0


def test_a_second_lift_takes_a_second_car(session: Session) -> None:
    garage = a_garage(session, lifts=2)
    for _ in range(2):
        hold_slot(session, garage.slot("2026-11-24 10:00"), a_customer(session), channel="sms", now=NOW)
    with pytest.raises(SlotTaken):
        hold_slot(session, garage.slot("2026-11-24 10:00"), a_customer(session), channel="sms", now=NOW)


def test_a_dead_hold_is_free_at_600_seconds_sharp_with_no_sweeper_alive(session: Session) -> None:
    garage = a_garage(session)
    slot = garage.slot("2026-11-24 10:00")
    dead = hold_slot(session, slot, a_customer(session), channel="sms", now=NOW)
    with pytest.raises(SlotTaken):
        hold_slot(session, slot, a_customer(session), channel="sms", now=NOW + TEN_MINUTES - A_MOMENT)
    hold_slot(session, slot, a_customer(session), channel="sms", now=NOW + TEN_MINUTES)
    assert status_of(session, dead.id) is AppointmentStatus.EXPIRED
    assert counts_that_lie(session) == 0


def test_a_customer_has_one_open_hold_at_a_time(session: Session) -> None:
    garage = a_garage(session)
    petra, other = a_customer(session), a_customer(session)
    first = hold_slot(session, garage.slot("2026-11-24 10:00"), petra, channel="sms", now=NOW)
    hold_slot(session, garage.slot("2026-11-24 14:00"), petra, channel="sms", now=NOW)
    assert status_of(session, first.id) is AppointmentStatus.EXPIRED
    hold_slot(session, garage.slot("2026-11-24 10:00"), other, channel="sms", now=NOW)
    assert counts_that_lie(session) == 0


def test_the_database_itself_refuses_a_second_open_hold(session: Session) -> None:
    garage = a_garage(session)
    petra = a_customer(session)
    hold = hold_slot(session, garage.slot("2026-11-24 10:00"), petra, channel="sms", now=NOW)
    columns = [column for column in AppointmentRow.__table__.columns if column.name not in {"id", "public_code"}]
    row = session.execute(select(*columns).where(AppointmentRow.id == hold.id)).mappings().one()
    with pytest.raises(IntegrityError, match="appointments_one_open_hold_key"):
        session.execute(insert(AppointmentRow).values(**row, public_code="ANOTHER"))


def test_a_customer_may_shift_the_own_hold_by_a_quarter_of_an_hour(session: Session) -> None:
    garage = a_garage(session)
    petra = a_customer(session)
    hold_slot(session, garage.slot("2026-11-24 10:00"), petra, channel="sms", now=NOW)
    hold_slot(session, garage.slot("2026-11-24 10:15"), petra, channel="sms", now=NOW)
    assert counts_that_lie(session) == 0


def test_a_refused_wish_leaves_the_earlier_hold_alone(session: Session) -> None:
    garage = a_garage(session)
    petra = a_customer(session)
    hold_slot(session, garage.slot("2026-11-24 14:00"), a_customer(session), channel="sms", now=NOW)
    hold = hold_slot(session, garage.slot("2026-11-24 10:00"), petra, channel="sms", now=NOW)
    with pytest.raises(SlotTaken):
        hold_slot(session, garage.slot("2026-11-24 14:00"), petra, channel="sms", now=NOW)
    assert status_of(session, hold.id) is AppointmentStatus.RESERVED
    assert counts_that_lie(session) == 0


def test_nobody_can_hoard_appointments(session: Session) -> None:
    garage = a_garage(session, max_open_appointments=1)
    petra = a_customer(session)
    hold = hold_slot(session, garage.slot("2026-11-26 10:00"), petra, channel="sms", now=NOW)
    booked = confirm(session, hold.id, petra, now=NOW)
    with pytest.raises(TooManyAppointments):
        hold_slot(session, garage.slot("2026-11-26 14:00"), petra, channel="sms", now=NOW)
    cancel(session, booked.id, petra, now=NOW)
    hold_slot(session, garage.slot("2026-11-26 14:00"), petra, channel="sms", now=NOW)


def test_nobody_reserves_without_end_but_staff_may_help_them(session: Session) -> None:
    garage = a_garage(session, max_holds_per_hour=3)
    petra = a_customer(session)
    for hour in (10, 11, 12):
        hold_slot(session, garage.slot(f"2026-11-26 {hour}:00"), petra, channel="sms", now=NOW)
    with pytest.raises(TooManyHolds):
        hold_slot(session, garage.slot("2026-11-26 13:00"), petra, channel="sms", now=NOW)
    hold_slot(session, garage.slot("2026-11-26 13:00"), petra, channel="phone", actor="staff:1", now=NOW)
    hold_slot(session, garage.slot("2026-11-26 14:00"), petra, channel="sms", now=NOW + timedelta(minutes=61))


def test_a_program_that_reserves_all_it_can_holds_one_time(session: Session) -> None:
    garage = a_garage(session, lifts=3)
    bot = a_customer(session)
    for hour in range(8, 17):
        hold_slot(session, garage.slot(f"2026-11-26 {hour:02}:00"), bot, channel="sms", now=NOW)
    standing = select(func.count()).where(AppointmentRow.status == AppointmentStatus.RESERVED)
    assert session.scalar(standing) == 1


def test_a_released_hold_is_free_at_once_and_releasing_again_changes_nothing(session: Session) -> None:
    garage = a_garage(session)
    petra, other = a_customer(session), a_customer(session)
    slot = garage.slot("2026-11-24 10:00")
    hold = hold_slot(session, slot, petra, channel="sms", now=NOW)
    release(session, hold.id, other, now=NOW)
    assert status_of(session, hold.id) is AppointmentStatus.RESERVED, "a stranger cannot give it back"
    release(session, hold.id, petra, now=NOW)
    release(session, hold.id, petra, now=NOW)
    assert status_of(session, hold.id) is AppointmentStatus.EXPIRED
    hold_slot(session, slot, other, channel="sms", now=NOW)
    assert counts_that_lie(session) == 0


def test_the_sweeper_tidies_dead_holds_and_only_those(session: Session) -> None:
    garage = a_garage(session, lifts=2)
    dead = hold_slot(session, garage.slot("2026-11-24 10:00"), a_customer(session), channel="sms", now=NOW)
    later = NOW + timedelta(minutes=5)
    alive = hold_slot(session, garage.slot("2026-11-24 10:00"), a_customer(session), channel="sms", now=later)
    assert expire_holds(session, now=NOW + TEN_MINUTES) == 1
    assert expire_holds(session, now=NOW + TEN_MINUTES) == 0
    assert status_of(session, dead.id) is AppointmentStatus.EXPIRED
    assert status_of(session, alive.id) is AppointmentStatus.RESERVED
    assert counts_that_lie(session) == 0


def test_the_same_key_gives_the_same_hold(session: Session) -> None:
    garage = a_garage(session)
    petra = a_customer(session)
    slot = garage.slot("2026-11-24 10:00")
    first = hold_slot(session, slot, petra, channel="sms", now=NOW, key="k1")
    again = hold_slot(session, slot, petra, channel="sms", now=NOW + timedelta(minutes=1), key="k1")
    assert again == first
    with pytest.raises(KeyReused):
        hold_slot(session, garage.slot("2026-11-24 11:00"), petra, channel="sms", now=NOW, key="k1")


def test_a_refusal_is_not_remembered_under_its_key(session: Session) -> None:
    garage = a_garage(session)
    slot = garage.slot("2026-11-24 10:00")
    petra, other = a_customer(session), a_customer(session)
    hold = hold_slot(session, slot, other, channel="sms", now=NOW)
    with pytest.raises(SlotTaken):
        hold_slot(session, slot, petra, channel="sms", now=NOW, key="k1")
    release(session, hold.id, other, now=NOW)
    assert hold_slot(session, slot, petra, channel="sms", now=NOW, key="k1").user == petra


def test_cells_are_made_when_they_are_first_taken(session: Session) -> None:
    garage = a_garage(session, minutes=30)
    assert session.scalars(select(SlotRow.id).where(SlotRow.workshop_id == garage.workshop)).all() == []
    hold_slot(session, garage.slot("2026-11-24 10:00"), a_customer(session), channel="sms", now=NOW)
    assert len(session.scalars(select(SlotRow.id).where(SlotRow.workshop_id == garage.workshop)).all()) == 2


def test_in_a_workshop_that_is_not_there_nobody_holds_anything(session: Session) -> None:
    garage = a_garage(session)
    nowhere = replace(garage.slot("2026-11-24 10:00"), workshop=WorkshopId(garage.workshop + 1_000))
    with pytest.raises(BookingError):
        hold_slot(session, nowhere, a_customer(session), channel="sms", now=NOW)
