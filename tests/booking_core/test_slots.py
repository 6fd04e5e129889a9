"""What customers notice of the slot search: order, alternatives, several services and several workshops."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import event, update
from sqlalchemy.orm import Session

from booking_core.placements import place_visit, slot_at
from booking_core.reservations import hold_slot
from booking_core.slots import find_slots
from booking_core.tables import ResourceRow
from booking_core.values import CELL, Period
from tests.booking_core.builders import NOW, a_customer, a_garage, a_service, berlin

TUESDAY = Period(berlin("2026-11-24 00:00"), berlin("2026-11-25 00:00"))


def test_slots_of_all_workshops_come_earliest_first(session: Session) -> None:
    near, far = a_garage(session, hours=("09:00", "12:00")), a_garage(session, hours=("08:30", "12:00"))
    found = find_slots(
        session, ["oil-change"], workshops=[near.workshop, far.workshop], windows=[TUESDAY], now=NOW, limit=4
    )
    assert [(slot.workshop, f"{slot.start.astimezone(NOW.tzinfo):%H:%M}") for slot in found.slots] == [
        (far.workshop, "08:30"),
        (far.workshop, "08:45"),
        (near.workshop, "09:00"),
        (far.workshop, "09:00"),
    ]


def test_each_workshop_goes_by_its_own_clock(session: Session) -> None:
    here = a_garage(session, hours=("08:00", "09:00"))
    lisbon = a_garage(session, hours=("08:00", "09:00"), timezone="Europe/Lisbon")
    found = find_slots(session, ["oil-change"], workshops=[here.workshop, lisbon.workshop], windows=[TUESDAY], now=NOW)
    assert [(slot.workshop, slot.start) for slot in found.slots] == [
        (here.workshop, berlin("2026-11-24 08:00")),
        (lisbon.workshop, berlin("2026-11-24 08:00").replace(tzinfo=ZoneInfo("Europe/Lisbon"))),
    ]


def test_a_service_asked_for_twice_is_done_once(session: Session) -> None:
    garage = a_garage(session)
    found = find_slots(session, ["oil-change", "oil-change"], workshops=[garage.workshop, garage.workshop], now=NOW)
    assert found.slots[0].services == (garage.service,)
    assert found.slots[1].start - found.slots[0].start == CELL, "nor does a workshop named twice come twice"


def test_the_own_service_of_a_workshop_wins_over_everybodys(session: Session) -> None:
    garage = a_garage(session, minutes=60)
    a_service(session, None, minutes=30)
    found = find_slots(session, ["oil-change"], workshops=[garage.workshop], now=NOW)
    assert found.slots[0].services == (garage.service,)


def test_one_unit_serves_the_whole_visit(session: Session) -> None:
    """One lift is free in the first hour and the other in the second, so two hours in a row are not to be had."""
    garage = a_garage(session, lifts=2, hours=("10:00", "12:00"))
    brakes = a_service(session, garage.workshop, "brake-check")
    for start in ("2026-11-24 10:00", "2026-11-24 11:00"):
        hold_slot(session, garage.slot(start), a_customer(session), channel="sms", now=NOW)
    both = ["oil-change", "brake-check"]
    assert find_slots(session, both, workshops=[garage.workshop], windows=[TUESDAY], now=NOW).slots, (
        "best fit: one lift"
    )
    hold_slot(session, garage.slot("2026-11-24 10:00"), a_customer(session), channel="sms", now=NOW)
    assert not find_slots(session, both, workshops=[garage.workshop], windows=[TUESDAY], now=NOW).slots
    visit = slot_at(session, garage.workshop, [garage.service, brakes], berlin("2026-11-25 10:00"), now=NOW)
    assert visit.end - visit.start == timedelta(hours=2)
    assert {cell.resource for cell in place_visit(session, visit, now=NOW).cells} == {garage.lifts[0]}


def test_a_resource_stands_idle_while_another_service_of_the_visit_is_done(session: Session) -> None:
    garage = a_garage(session)
    rig = ResourceRow(workshop_id=garage.workshop, kind="rig", name="Achsmessstand")
    session.add(rig)
    visit = [
        a_service(session, garage.workshop, "first", minutes=30, kinds=["rig"]),
        a_service(session, garage.workshop, "then", minutes=30, buffer_before=20, buffer_after=10),
        a_service(session, garage.workshop, "last", minutes=15, kinds=["rig"]),
    ]
    slot = slot_at(session, garage.workshop, visit, berlin("2026-11-24 10:00"), now=NOW)
    taken = [
        (cell.resource, f"{cell.start.astimezone(NOW.tzinfo):%H:%M}")
        for cell in place_visit(session, slot, now=NOW).cells
    ]
    lift = [(garage.lifts[0], time) for time in ("10:00", "10:15", "10:30", "10:45", "11:00")]
    assert taken == [*lift, (rig.id, "10:00"), (rig.id, "10:15"), (rig.id, "11:00")]


def test_a_visit_goes_where_it_leaves_the_larger_gap_whole(session: Session) -> None:
    garage = a_garage(session, lifts=2)
    first = hold_slot(session, garage.slot("2026-11-24 09:00"), a_customer(session), channel="sms", now=NOW)
    [used] = {cell.resource for cell in place_visit(session, first.slot, now=NOW, ignoring=[first.id]).cells}
    assert {cell.resource for cell in place_visit(session, garage.slot("2026-11-24 08:00"), now=NOW).cells} == {used}
    assert {cell.resource for cell in place_visit(session, garage.slot("2026-11-24 10:00"), now=NOW).cells} == {used}


def test_alternatives_lie_on_both_sides_of_the_wish_and_an_hour_apart(session: Session) -> None:
    garage = a_garage(session)
    hold_slot(session, garage.slot("2026-11-24 12:00"), a_customer(session), channel="sms", now=NOW)
    noon = Period(berlin("2026-11-24 12:00"), berlin("2026-11-24 12:15"))
    found = find_slots(session, ["oil-change"], workshops=[garage.workshop], windows=[noon], now=NOW)
    times = [f"{slot.start.astimezone(NOW.tzinfo):%a %H:%M}" for slot in found.alternatives]
    assert times[:4] == ["Tue 11:00", "Tue 13:00", "Tue 10:00", "Tue 14:00"]
    assert len(times) == 10


def test_alternatives_never_begin_before_the_notice_ends(session: Session) -> None:
    garage = a_garage(session, min_notice=120)
    found = find_slots(session, ["oil-change"], workshops=[garage.workshop], windows=[Period(NOW, NOW + CELL)], now=NOW)
    assert found.alternatives[0].start == NOW + timedelta(hours=2)


def test_alternatives_name_every_workshop_before_they_name_one_again(session: Session) -> None:
    garages = [a_garage(session, horizon_days=9) for _ in range(3)]
    sunday = Period(berlin("2026-11-29 00:00"), berlin("2026-11-30 00:00"))
    found = find_slots(
        session, ["oil-change"], workshops=[garage.workshop for garage in garages], windows=[sunday], now=NOW
    )
    named = [slot.workshop for slot in found.alternatives]
    assert len(named) == 10
    assert set(named[:3]) == set(named[3:6]) == {garage.workshop for garage in garages}


def test_a_workshop_that_does_not_sell_it_keeps_silent(session: Session) -> None:
    without, with_it = a_garage(session), a_garage(session)
    a_service(session, with_it.workshop, "battery")
    found = find_slots(session, ["battery"], workshops=[without.workshop, with_it.workshop], windows=[TUESDAY], now=NOW)
    assert {slot.workshop for slot in found.slots} == {with_it.workshop}


def test_any_number_of_workshops_and_days_takes_three_questions_at_most(session: Session) -> None:
    workshops = [a_garage(session, horizon_days=300).workshop for _ in range(12)]
    asked: list[str] = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    find_slots(session, ["oil-change"], workshops=workshops, now=NOW)
    assert len(asked) == 2
    sunday = Period(berlin("2026-11-29 00:00"), berlin("2026-11-30 00:00"))
    find_slots(session, ["oil-change"], workshops=workshops, windows=[sunday], now=NOW)
    assert len(asked) == 5


def test_nobody_is_offered_an_hour_that_the_clocks_skip(session: Session) -> None:
    always = {day: [["00:00", "24:00"]] for day in ("sat", "sun", "mon")}
    garage = a_garage(session, opening_hours=always, minutes=15)
    for day, offered in (("2027-03-28", 92), ("2027-10-31", 100)):
        window = Period(berlin(f"{day} 00:00"), berlin(f"{day} 00:00") + timedelta(days=1))
        now = berlin(f"{day} 12:00") - timedelta(days=3)
        slots = find_slots(session, ["oil-change"], workshops=[garage.workshop], windows=[window], now=now).slots
        times = [f"{slot.start.astimezone(NOW.tzinfo):%H:%M}" for slot in slots]
        assert len(slots) == offered
        assert times.count("02:30") == (0 if offered == 92 else 2)


def test_what_stands_right_before_or_after_the_window_is_in_the_way(session: Session) -> None:
    garage = a_garage(session)
    a_service(session, garage.workshop, "brake-check", buffer_before=30)
    for start in ("2026-11-24 08:30", "2026-11-24 11:15"):
        hold_slot(session, garage.slot(start), a_customer(session), channel="sms", now=NOW)
    for minute, is_free in (("09:45", False), ("10:00", True), ("10:15", True), ("10:30", False)):
        wish = berlin(f"2026-11-24 {minute}")
        window = Period(wish, wish + CELL)
        found = find_slots(session, ["brake-check"], workshops=[garage.workshop], windows=[window], now=NOW)
        assert bool(found.slots) is is_free, minute


def test_a_buffer_may_reach_over_the_last_midnight(session: Session) -> None:
    garage = a_garage(session, hours=("20:00", "24:00"), horizon_days=1)
    a_service(session, garage.workshop, "exhaust", buffer_before=3000, buffer_after=1500)
    found = find_slots(session, ["exhaust"], workshops=[garage.workshop], now=NOW)
    assert found.slots[-1].end == berlin("2026-11-25 00:00")


def test_places_that_were_taken_away_are_gone_even_where_somebody_has_booked(session: Session) -> None:
    garage = a_garage(session, capacity=2)
    hold_slot(session, garage.slot("2026-11-24 10:00"), a_customer(session), channel="sms", now=NOW)
    ten = [Period(berlin("2026-11-24 10:00"), berlin("2026-11-24 10:15"))]
    assert find_slots(session, ["oil-change"], workshops=[garage.workshop], windows=ten, now=NOW).slots
    session.execute(update(ResourceRow).values(capacity=1))
    assert not find_slots(session, ["oil-change"], workshops=[garage.workshop], windows=ten, now=NOW).slots


def test_the_morning_that_is_over_is_no_gap(session: Session) -> None:
    """The second lift is there since 10:00 only, yet at 10:00 both have the same time left before 10:15."""
    garage = a_garage(session, lifts=2)
    late = {"mon": [["10:00", "17:00"]]}
    session.execute(update(ResourceRow).where(ResourceRow.id == garage.lifts[1]).values(windows=late))
    slot = garage.slot("2026-11-23 10:15")
    assert {cell.resource for cell in place_visit(session, slot, now=NOW).cells} == {garage.lifts[0]}
