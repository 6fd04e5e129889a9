"""The demo's workshops have something to show for everything the core can do."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.demo import seed_demo
from booking_core.directory import Place, all_workshops
from booking_core.services import services_of
from booking_core.slots import Reason, WhyNot, find_slots
from booking_core.tables import Base
from booking_core.values import Period

BERLIN = ZoneInfo("Europe/Berlin")
HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 23, 10, tzinfo=BERLIN)
CODES = {
    "oil-change",
    "inspection",
    "hu-au",
    "tyre-change",
    "brake-check",
    "battery",
    "ac-service",
    "diagnosis",
    "wheel-alignment",
    "windscreen",
    "accident-damage",
    "exhaust",
}


@pytest.fixture
def places(session: Session) -> list[Place]:
    """Dom, Ehrenfeld and Bonn."""
    assert seed_demo(session)
    return all_workshops(session)


def why_not(session: Session, place: Place, code: str, first: str, last: str, now: datetime = NOW) -> WhyNot | None:
    window = Period(*(datetime.fromisoformat(day).replace(tzinfo=BERLIN) for day in (first, last)))
    return find_slots(session, [code], workshops=[place.id], windows=[window], now=now).why_not


def test_seeding_again_changes_nothing(session: Session, places: list[Place]) -> None:
    def sizes() -> dict[str, int | None]:
        tables = Base.metadata.sorted_tables
        return {table.name: session.scalar(select(func.count()).select_from(table)) for table in tables}

    before = sizes()
    assert not seed_demo(session)
    assert sizes() == before


def test_there_are_two_in_koeln_and_one_in_bonn(places: list[Place]) -> None:
    assert [(place.plz, place.city) for place in places] == [("50667", "Köln"), ("50823", "Köln"), ("53111", "Bonn")]


def test_their_rules_differ(places: list[Place]) -> None:
    assert [place.min_notice / HOUR for place in places] == [2, 2, 4]
    assert [place.cancel_cutoff / HOUR for place in places] == [4, 12, 24]


def test_the_first_sells_everything_and_everything_can_be_booked(session: Session, places: list[Place]) -> None:
    assert {service.code for service in services_of(session, places[0].id)} == CODES
    for place in places:
        for service in services_of(session, place.id):
            # In spring everything is in season.
            spring = datetime(2027, 4, 12, 10, tzinfo=BERLIN)
            assert find_slots(session, [service.code], workshops=[place.id], now=spring).slots
            assert service.name
            assert service.name_en
            assert service.price


def test_the_examiner_comes_on_tuesdays_and_thursdays(session: Session, places: list[Place]) -> None:
    for place in places:
        found = find_slots(session, ["hu-au"], workshops=[place.id], now=NOW, limit=1000).slots
        assert {slot.start.astimezone(place.zone).weekday() for slot in found} == {1, 3}


def test_only_ehrenfeld_opens_on_saturdays_and_only_until_noon(session: Session, places: list[Place]) -> None:
    closed = [why_not(session, place, "oil-change", "2026-11-28", "2026-11-29") for place in places]
    assert [reason and reason.reason for reason in closed] == [Reason.CLOSED, None, Reason.CLOSED]
    assert places[1].opening_hours["sat"] == [["08:00", "12:00"]]


def test_bonn_rests_between_the_years(session: Session, places: list[Place]) -> None:
    *open_then, bonn = (why_not(session, place, "oil-change", "2026-12-28", "2027-01-03") for place in places)
    assert open_then == [None, None]
    assert bonn is not None
    assert (bonn.reason, bonn.detail) == (Reason.CLOSURE, "Betriebsferien")


def test_bonn_fills_air_conditioning_while_it_is_warm_and_has_no_alignment_rig(
    session: Session, places: list[Place]
) -> None:
    cold = why_not(session, places[2], "ac-service", "2026-11-24", "2026-11-28")
    assert cold is not None
    assert (cold.reason, cold.detail) == (Reason.SEASON, "03-01/10-31")
    crooked = why_not(session, places[2], "wheel-alignment", "2026-11-24", "2026-11-28")
    assert crooked is not None
    assert crooked.reason is Reason.NOT_OFFERED
