"""The owner arranges the house, and hears first whom that hits."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from booking_core import reminders, services, slots
from booking_core.counter import bookings, capacity, house
from booking_core.errors import NameTaken, SlotTaken, Unknown, UnknownWorkshop
from booking_core.hours import BadHours
from booking_core.reservations import hold_slot
from booking_core.tables import AuditRow, ReminderRow, WorkshopRow
from booking_core.values import Period, WorkshopId
from tests.booking_core.builders import NOW, WEEKDAYS, Garage, a_customer, a_garage, a_service, berlin

ANNA = "staff:1"
MORNINGS = {day: [["08:00", "12:00"]] for day in WEEKDAYS}
OWN_WORDS = {
    "name": "Ölservice",
    "name_en": "Oil service",
    "description": "",
    "duration_minutes": 30,
    "buffer_before": 0,
    "buffer_after": 0,
    "price": 7900,
    "kinds": ["lift"],
    "windows": None,
    "season": None,
}


def book(session: Session, garage: Garage, start: str) -> int:
    customer = a_customer(session)
    return bookings.book(session, garage.workshop, customer, [garage.service], berlin(start), actor=ANNA, now=NOW).id


def test_new_hours_hold_at_once_and_say_whom_they_hit(session: Session) -> None:
    garage = a_garage(session)
    book(session, garage, "2026-11-24 10:00")
    late, over_noon = book(session, garage, "2026-11-24 14:00"), book(session, garage, "2026-11-25 11:30")
    hit = capacity.outside(session, garage.workshop, MORNINGS, now=NOW)
    assert [appointment.id for appointment in hit] == [late, over_noon]
    facts = house.change_workshop(session, garage.workshop, {"opening_hours": MORNINGS}, actor=ANNA, now=NOW)
    assert facts["opening_hours"] == MORNINGS
    afternoon = Period(berlin("2026-11-26 12:00"), berlin("2026-11-26 18:00"))
    found = slots.find_slots(session, ["oil-change"], workshops=[garage.workshop], windows=[afternoon], now=NOW)
    assert found.slots == ()
    assert capacity.outside(session, garage.workshop, None, now=NOW) == []


def test_an_appointment_over_midnight_lies_in_no_hours(session: Session) -> None:
    around_the_clock = {day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed")}
    garage = a_garage(session, minutes=120, opening_hours=around_the_clock)
    over_midnight = book(session, garage, "2026-11-23 23:00")
    hit = capacity.outside(session, garage.workshop, MORNINGS, now=NOW)
    assert [appointment.id for appointment in hit] == [over_midnight]


def test_bad_hours_change_nothing(session: Session) -> None:
    garage = a_garage(session)
    for changes in ({"opening_hours": {"mon": [["12:00", "08:00"]]}}, {"plz": "12"}):
        with pytest.raises(BadHours):
            house.change_workshop(session, garage.workshop, changes, actor=ANNA, now=NOW)
    with pytest.raises(BadHours):
        house.add_resource(session, garage.workshop, RIG | {"windows": {"mo": []}}, actor=ANNA, now=NOW)
    for bad in ({"windows": {"mon": "8-12"}}, {"season": [["10-01", "02-30"]]}):
        with pytest.raises(BadHours):
            house.put_offer(session, garage.workshop, "oil-change", OWN_WORDS | bad, actor=ANNA, now=NOW)
    assert session.scalars(select(AuditRow.id)).all() == []


def said_and_to_say(session: Session) -> list[tuple[str, datetime, str]]:
    rows = select(ReminderRow.kind, ReminderRow.due_at, ReminderRow.state).where(ReminderRow.state != "void")
    return [(row.kind, row.due_at, row.state) for row in session.execute(rows.order_by(ReminderRow.due_at))]


def test_new_rules_for_reminders_hold_for_appointments_made_before(session: Session) -> None:
    garage, other = a_garage(session), a_garage(session, name="Nebenan")
    book(session, garage, "2026-11-26 10:00")
    book(session, other, "2026-11-27 10:00")
    there = ("day_before", berlin("2026-11-26 10:00"), "planned")

    def remind(**rules: object) -> None:
        facts = house.change_workshop(session, garage.workshop, rules, actor=ANNA, now=NOW)
        assert facts.items() >= rules.items()

    assert said_and_to_say(session) == [("day_before", berlin("2026-11-25 10:00"), "planned"), there]
    remind(remind_day_before=False)
    assert said_and_to_say(session) == [there]
    remind(remind_hours_before=2)
    assert said_and_to_say(session) == [("hours_before", berlin("2026-11-26 08:00"), "planned"), there]
    remind(remind_day_before=True, remind_hours_before=None, quiet_until="10:30")
    assert said_and_to_say(session) == [("day_before", berlin("2026-11-25 10:30"), "planned"), there]


def test_what_has_been_said_is_not_said_again_under_new_rules(session: Session) -> None:
    garage, friday = a_garage(session, remind_mondays_on="friday"), berlin("2026-11-27 10:00")
    book(session, garage, "2026-11-30 10:00")
    [due] = reminders.due(session, now=friday)
    assert reminders.claim(session, [due.id], now=friday)
    house.change_workshop(session, garage.workshop, {"remind_mondays_on": "sunday"}, actor=ANNA, now=friday)
    assert [state for _, _, state in said_and_to_say(session)] == ["posted"]


def test_a_workshop_that_moves_house_is_found_there(session: Session) -> None:
    garage = a_garage(session)
    house.change_workshop(session, garage.workshop, {"plz": "10115", "city": "Berlin"}, actor=ANNA, now=NOW)
    lat = session.scalars(select(WorkshopRow.lat).where(WorkshopRow.id == garage.workshop)).one()
    assert 52 < lat < 53
    [entry] = session.scalars(select(AuditRow))
    assert entry.before == {"workshop": garage.workshop, "plz": "50667", "city": "Köln"}
    assert entry.after == {"workshop": garage.workshop, "plz": "10115", "city": "Berlin"}


def test_nobody_arranges_a_house_that_is_not_there(session: Session) -> None:
    with pytest.raises(UnknownWorkshop):
        house.change_workshop(session, WorkshopId(999_999), {"city": "Bonn"}, actor=ANNA, now=NOW)


RIG = {"kind": "alignment", "name": "Achsmessstand", "capacity": 1, "windows": None}


def test_resources_come_and_change(session: Session) -> None:
    garage, other = a_garage(session), a_garage(session)
    rig = house.add_resource(session, garage.workshop, RIG, actor=ANNA, now=NOW)
    assert house.resource(session, garage.workshop, rig) == RIG
    changed = house.change_resource(session, garage.workshop, rig, {"windows": MORNINGS}, actor=ANNA, now=NOW)
    assert changed == RIG | {"windows": MORNINGS}
    with pytest.raises(Unknown):
        house.change_resource(session, other.workshop, rig, {"capacity": 0}, actor=ANNA, now=NOW)
    with pytest.raises(NameTaken):
        house.add_resource(session, garage.workshop, RIG, actor=ANNA, now=NOW)
    with pytest.raises(NameTaken):
        house.change_resource(session, garage.workshop, garage.lifts[0], {"name": RIG["name"]}, actor=ANNA, now=NOW)
    house.change_resource(session, garage.workshop, rig, {"name": RIG["name"]}, actor=ANNA, now=NOW)


def test_more_room_is_free_at_once_also_where_something_stands(session: Session) -> None:
    garage = a_garage(session)
    book(session, garage, "2026-11-24 10:00")
    with pytest.raises(SlotTaken):
        book(session, garage, "2026-11-24 10:00")
    house.change_resource(session, garage.workshop, garage.lifts[0], {"capacity": 2}, actor=ANNA, now=NOW)
    book(session, garage, "2026-11-24 10:00")


def test_less_room_names_those_who_stand_too_close_and_keeps_them(session: Session) -> None:
    garage = a_garage(session, capacity=2)
    crowd = [book(session, garage, "2026-11-24 10:00") for _ in range(2)]
    book(session, garage, "2026-11-24 12:00")
    lift = garage.lifts[0]
    hit = capacity.beyond(session, garage.workshop, lift, 1, now=NOW)
    assert [appointment.id for appointment in hit] == crowd
    assert capacity.beyond(session, garage.workshop, lift, 1, now=NOW + timedelta(days=2)) == []
    house.change_resource(session, garage.workshop, lift, {"capacity": 1}, actor=ANNA, now=NOW)
    with pytest.raises(SlotTaken):
        book(session, garage, "2026-11-24 12:00")
    on_it = capacity.outside(session, garage.workshop, {"tue": [["11:00", "16:00"]]}, resource=lift, now=NOW)
    assert [appointment.id for appointment in on_it] == crowd


def test_a_workshops_own_wording_wins(session: Session) -> None:
    garage, other = a_garage(session), a_garage(session)
    a_service(session, None, "battery", name="Batterie", price=1000)
    for price in (7900, 8100):
        house.put_offer(session, garage.workshop, "battery", OWN_WORDS | {"price": price}, actor=ANNA, now=NOW)
    ours = {offer.code: offer for offer in house.offers(session, garage.workshop)}
    theirs = {offer.code: offer for offer in house.offers(session, other.workshop)}
    assert (ours["battery"].own, ours["battery"].facts["price"]) == (True, 8100)
    assert (theirs["battery"].own, theirs["battery"].facts["price"]) == (False, 1000)
    sold = {service.code: service.price for service in services.services_of(session, garage.workshop)}
    assert sold["battery"] == 8100
    house.put_offer(
        session,
        garage.workshop,
        "valve-check",
        {**OWN_WORDS, "season": [["10-01", "04-15"]], "windows": MORNINGS},
        actor=ANNA,
        now=NOW,
    )
    assert {offer.code for offer in house.offers(session, garage.workshop)} == {"oil-change", "battery", "valve-check"}


@pytest.mark.parametrize("change", ["hours", "resource", "new resource", "service"])
def test_the_house_is_not_rearranged_while_somebody_books(database: Engine, change: str) -> None:
    with Session(database) as session, session.begin():
        garage, petra = a_garage(session), a_customer(session)
    lift, own = garage.lifts[0], dict[str, Any](actor=ANNA, now=NOW)
    changes: dict[str, Callable[[Session], object]] = {
        "hours": lambda owner: house.change_workshop(owner, garage.workshop, {"opening_hours": MORNINGS}, **own),
        "resource": lambda owner: house.change_resource(owner, garage.workshop, lift, {"capacity": 0}, **own),
        "new resource": lambda owner: house.add_resource(owner, garage.workshop, RIG, **own),
        "service": lambda owner: house.put_offer(owner, garage.workshop, "oil-change", OWN_WORDS, **own),
    }
    with Session(database) as booking, Session(database) as owner:
        hold_slot(booking, garage.slot("2026-11-24 10:00"), petra, channel="sms", now=NOW)
        owner.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError, match="lock timeout"):
            changes[change](owner)
        owner.rollback()
        booking.commit()
        changes[change](owner)
