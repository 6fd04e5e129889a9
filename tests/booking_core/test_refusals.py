"""When nothing is free we say why, and we say the right thing."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from booking_core.appointments import confirm
from booking_core.closures import close
from booking_core.errors import NotBookable, SlotTaken, UnknownService
from booking_core.placements import place_visit, slot_at
from booking_core.reservations import hold_slot
from booking_core.slots import Reason, WhyNot, find_slots
from booking_core.tables import ResourceRow
from booking_core.values import CELL, Period, ServiceId, Slot, WorkshopId
from tests.booking_core.builders import NOW, Garage, a_customer, a_garage, a_service, berlin

TUESDAY, WEDNESDAY, SATURDAY = date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 28)


def on(day: date, opens: str = "00:00", closes: str | None = None) -> Period:
    """A day in Berlin, or some hours of it."""
    end = berlin(f"{day} {closes}") if closes else berlin(f"{day + timedelta(days=1)} 00:00")
    return Period(berlin(f"{day} {opens}"), end)


def why_not(
    session: Session, garage: Garage, *windows: Period, now: datetime = NOW, code: str = "oil-change"
) -> WhyNot:
    found = find_slots(session, [code], workshops=[garage.workshop], windows=windows, now=now)
    assert found.slots == ()
    assert found.why_not is not None
    return found.why_not


def a_unit(session: Session, garage: Garage, kind: str, windows: dict[str, Any] | None = None) -> ResourceRow:
    row = ResourceRow(workshop_id=garage.workshop, kind=kind, name=kind, windows=windows)
    session.add(row)
    session.flush()
    return row


def test_a_weekday_without_hours_is_closed(session: Session) -> None:
    garage = a_garage(session)
    reason = why_not(session, garage, on(SATURDAY))
    assert (reason.reason, reason.day, reason.workshop) == (Reason.CLOSED, SATURDAY, garage.workshop)
    assert reason.hours is not None
    assert reason.hours.weekdays == {0, 1, 2, 3, 4}


def test_an_evening_is_closed_and_the_hours_of_the_day_are_told(session: Session) -> None:
    reason = why_not(session, a_garage(session), on(TUESDAY, "19:00", "21:00"))
    assert (reason.reason, reason.day) == (Reason.CLOSED, TUESDAY)
    assert reason.hours is not None
    assert reason.hours.times_on(TUESDAY) == (("08:00", "17:00"),)


def test_a_holiday_is_told_by_its_name_even_when_the_evening_was_asked_for(session: Session) -> None:
    garage, christmas = a_garage(session), date(2026, 12, 25)
    for window in (on(christmas), on(christmas, "18:00", "20:00")):
        assert why_not(session, garage, window) == WhyNot(
            Reason.HOLIDAY, christmas, "Erster Weihnachtstag", workshop=garage.workshop
        )


def test_a_catholic_town_rests_on_a_day_on_which_others_work(session: Session) -> None:
    now, assumption = berlin("2028-08-14 10:00"), date(2028, 8, 15)
    rests = a_garage(session, state="BY", catholic_holidays=True)
    works = a_garage(session, state="BY")
    assert why_not(session, rests, on(assumption), now=now).detail == "Mariä Himmelfahrt"
    assert find_slots(session, ["oil-change"], workshops=[works.workshop], windows=[on(assumption)], now=now).slots


def test_a_closed_day_is_told_with_the_reason_staff_gave(session: Session) -> None:
    garage = a_garage(session)
    close(session, garage.workshop, on(TUESDAY), "Betriebsausflug", actor="staff:1", now=NOW)
    for window in (on(TUESDAY), on(TUESDAY, "18:00", "20:00"), on(TUESDAY, "10:00", "11:00")):
        reason = why_not(session, garage, window)
        assert (reason.reason, reason.day, reason.detail) == (Reason.CLOSURE, TUESDAY, "Betriebsausflug")


def test_a_closed_morning_is_told_with_its_own_reason(session: Session) -> None:
    garage = a_garage(session)
    for opens, closes, why in (("08:00", "10:00", "Schulung"), ("15:00", "17:00", "Inventur")):
        close(session, garage.workshop, on(TUESDAY, opens, closes), why, actor="staff:1", now=NOW)
    assert why_not(session, garage, on(TUESDAY, "08:30", "09:00")).detail == "Schulung"
    assert why_not(session, garage, on(TUESDAY, "15:00", "16:00")).detail == "Inventur"


def test_the_examiner_comes_on_other_days(session: Session) -> None:
    garage = a_garage(session)
    a_unit(session, garage, "examiner", {"tue": [["09:00", "12:00"]], "thu": [["09:00", "12:00"]]})
    a_service(session, garage.workshop, "hu-au", kinds=["lift", "examiner"])
    reason = why_not(session, garage, on(WEDNESDAY), code="hu-au")
    assert (reason.reason, reason.day, reason.service) == (Reason.NOT_THAT_DAY, WEDNESDAY, "hu-au")
    assert reason.hours is not None
    assert reason.hours.weekdays == {1, 3}
    assert why_not(session, garage, on(TUESDAY, "14:00", "16:00"), code="hu-au").reason is Reason.NOT_THAT_DAY
    assert why_not(session, garage, on(TUESDAY, "11:15", "12:00"), code="hu-au").reason is Reason.TOO_LONG


def test_a_service_has_days_of_its_own(session: Session) -> None:
    garage = a_garage(session)
    a_service(session, garage.workshop, "windscreen", windows={"fri": [["08:00", "17:00"]]})
    reason = why_not(session, garage, on(WEDNESDAY), code="windscreen")
    assert (reason.reason, reason.service) == (Reason.NOT_THAT_DAY, "windscreen")
    assert reason.hours is not None
    assert reason.hours.weekdays == {4}


def test_out_of_season_tells_the_season(session: Session) -> None:
    garage = a_garage(session)
    a_service(session, garage.workshop, "ac-service", season=[["03-01", "10-31"]])
    reason = why_not(session, garage, on(TUESDAY), code="ac-service")
    assert (reason.reason, reason.detail, reason.service) == (Reason.SEASON, "03-01/10-31", "ac-service")


def test_what_takes_longer_than_is_left_of_the_day_is_too_long(session: Session) -> None:
    reason = why_not(session, a_garage(session, minutes=90), on(TUESDAY, "16:00", "17:00"))
    assert (reason.reason, reason.day) == (Reason.TOO_LONG, TUESDAY)


def test_time_that_is_over_is_past(session: Session) -> None:
    garage = a_garage(session)
    yesterday = NOW.date() - timedelta(days=1)
    reason = why_not(session, garage, on(yesterday), on(yesterday - timedelta(days=1)))
    assert (reason.reason, reason.day) == (Reason.PAST, yesterday)
    assert why_not(session, garage, on(NOW.date(), "08:00", "10:00")).reason is Reason.PAST
    after_work = berlin("2026-11-23 18:30")
    assert why_not(session, garage, on(NOW.date()), now=after_work).reason is Reason.PAST


def test_a_workshop_wants_notice(session: Session) -> None:
    garage = a_garage(session, min_notice=24 * 60)
    reason = why_not(session, garage, on(NOW.date()))
    assert (reason.reason, reason.day) == (Reason.NOTICE, NOW.date())
    found = find_slots(session, ["oil-change"], workshops=[garage.workshop], windows=[on(TUESDAY)], now=NOW)
    assert found.slots[0].start == NOW + timedelta(days=1), "to the minute"


def test_beyond_the_horizon_the_last_day_is_told(session: Session) -> None:
    garage = a_garage(session, horizon_days=14)
    reason = why_not(session, garage, on(date(2026, 12, 8)))
    assert (reason.reason, reason.day, reason.detail) == (Reason.HORIZON, date(2026, 12, 8), "2026-12-07")
    found = find_slots(session, ["oil-change"], workshops=[garage.workshop], windows=[on(date(2026, 12, 7))], now=NOW)
    assert found.slots


def test_a_taken_time_is_full_and_a_dead_hold_takes_nothing(session: Session) -> None:
    garage = a_garage(session)
    hold_slot(session, garage.slot("2026-11-24 10:00"), a_customer(session), channel="sms", now=NOW)
    reason = why_not(session, garage, on(TUESDAY, "10:00", "10:15"))
    assert (reason.reason, reason.day) == (Reason.FULL, TUESDAY)
    assert find_slots(
        session,
        ["oil-change"],
        workshops=[garage.workshop],
        windows=[on(TUESDAY, "10:00", "10:15")],
        now=NOW + timedelta(minutes=10),
    ).slots


def test_a_broken_lift_is_told_when_it_was_the_only_one(session: Session) -> None:
    garage = a_garage(session, lifts=2)
    for lift in garage.lifts:
        close(session, garage.workshop, on(TUESDAY), "Bühne defekt", resource=lift, actor="staff:1", now=NOW)
    reason = why_not(session, garage, on(TUESDAY))
    assert (reason.reason, reason.detail) == (Reason.CLOSURE, "Bühne defekt")


def test_a_visit_starts_on_the_quarter_hour(session: Session) -> None:
    garage = a_garage(session)
    assert why_not(session, garage, on(TUESDAY, "10:05", "10:10")).reason is Reason.OFF_GRID
    found = find_slots(
        session, ["oil-change"], workshops=[garage.workshop], windows=[on(TUESDAY, "10:05", "10:10")], now=NOW
    )
    assert [slot.start for slot in found.alternatives[:2]] == [berlin("2026-11-24 10:00"), berlin("2026-11-24 11:00")]


def test_what_the_workshop_does_not_sell_is_not_offered(session: Session) -> None:
    garage = a_garage(session)
    a_service(session, garage.workshop, "wheel-alignment", kinds=["lift", "alignment"])
    assert why_not(session, garage, on(TUESDAY), code="wheel-alignment") == WhyNot(
        Reason.NOT_OFFERED, service="wheel-alignment", workshop=garage.workshop
    )
    nowhere = find_slots(session, ["oil-change"], workshops=[WorkshopId(0)], now=NOW)
    assert nowhere.why_not == WhyNot(Reason.NOT_OFFERED, service="oil-change")


def test_a_full_calendar_is_full_up_to_the_horizon(session: Session) -> None:
    garage = a_garage(session, horizon_days=1, hours=("10:00", "11:00"))
    booked = hold_slot(session, garage.slot("2026-11-24 10:00"), a_customer(session), channel="sms", now=NOW)
    later = NOW + timedelta(minutes=5)
    found = find_slots(session, ["oil-change"], workshops=[garage.workshop], now=later)
    assert (found.slots, found.alternatives) == ((), ())
    assert found.why_not is not None
    assert found.why_not.reason is Reason.FULL
    own = find_slots(session, ["oil-change"], workshops=[garage.workshop], now=later, ignoring=[booked.id])
    assert [slot.start for slot in own.slots] == [booked.start]


def test_the_search_and_the_booking_refuse_for_the_same_reason(session: Session) -> None:
    garage = a_garage(session)
    with pytest.raises(NotBookable) as refusal:
        place_visit(session, garage.slot("2026-12-25 10:00"), now=NOW)
    assert refusal.value.facts["reason"] is Reason.HOLIDAY
    taken = hold_slot(session, garage.slot("2026-11-24 10:00"), a_customer(session), channel="sms", now=NOW)
    confirm(session, taken.id, taken.user, now=NOW)
    with pytest.raises(SlotTaken):
        place_visit(session, garage.slot("2026-11-24 10:45"), now=NOW)
    for off_the_grid in ("2026-11-24 11:05", "2026-11-24 10:55"):
        with pytest.raises(NotBookable) as refusal:
            place_visit(session, garage.slot(off_the_grid), now=NOW)
        assert refusal.value.facts["reason"] is Reason.OFF_GRID
    for out_of_reach, why in (("2020-01-01 10:00", Reason.PAST), ("2031-01-01 10:00", Reason.HORIZON)):
        with pytest.raises(NotBookable) as refusal:
            place_visit(session, garage.slot(out_of_reach), now=NOW)
        assert refusal.value.facts["reason"] is why


def test_a_slot_offered_before_the_service_changed_is_refused(session: Session) -> None:
    garage = a_garage(session)
    slot = garage.slot("2026-11-24 10:00")
    short = Slot(slot.workshop, slot.services, slot.start, slot.end - CELL)
    with pytest.raises(NotBookable) as refusal:
        place_visit(session, short, now=NOW)
    assert refusal.value.facts["reason"] is Reason.CHANGED
    assert slot_at(session, slot.workshop, slot.services, slot.start, now=NOW) == slot


def test_what_everybody_does_is_booked_unless_the_workshop_does_it_in_its_own_way(session: Session) -> None:
    garage = a_garage(session)
    slot = garage.slot("2026-11-24 10:00")
    battery, oil = a_service(session, None, "battery"), a_service(session, None, "oil-change")
    assert place_visit(session, replace(slot, services=(battery,)), now=NOW).cells
    with pytest.raises(UnknownService):
        place_visit(session, replace(slot, services=(oil,)), now=NOW)


def test_a_visit_is_for_services_that_the_workshop_sells(session: Session) -> None:
    garage, other = a_garage(session), a_garage(session)
    for services in ([], [other.service], [garage.service, ServiceId(0)]):
        with pytest.raises(UnknownService):
            slot_at(session, garage.workshop, services, NOW, now=NOW)
    with pytest.raises(UnknownService):
        slot_at(session, WorkshopId(0), [garage.service], NOW, now=NOW)
    with pytest.raises(ValueError, match="needs a service"):
        find_slots(session, [], workshops=[garage.workshop], now=NOW)
