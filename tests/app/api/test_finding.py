"""Finding a workshop, a service, a free time – or why there is none."""

from itertools import pairwise

import pytest
from sqlalchemy.orm import Session

from tests.app.api.house import House, refused
from tests.booking_core.builders import a_garage

OPEN_WEEKDAYS = {day: [{"opens": "08:00", "closes": "17:00"}] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture(scope="module", autouse=True)
def _a_second_workshop(house: House) -> None:
    with Session(house.engine) as session, session.begin():
        a_garage(session, name="Werkstatt am Münster", city="Bonn", plz="53111", lat=50.735, lng=7.102)


def test_the_nearest_workshop_comes_first(house: House) -> None:
    found = house.client.get("/api/workshops", params={"plz": "53111"}).json()["workshops"]
    assert [place["city"] for place in found] == ["Bonn", "Köln"]
    near, far = (place["distance_km"] for place in found)
    assert near < 2 < 20 < far < 30
    assert found[0]["opening_hours"] == OPEN_WEEKDAYS
    assert (found[0]["timezone"], found[0]["cancel_cutoff_minutes"]) == ("Europe/Berlin", 1440)


def test_a_town_may_be_spelt_as_people_do(house: House) -> None:
    found = house.client.get("/api/workshops", params={"city": "koeln"}).json()["workshops"]
    assert [(place["city"], place["distance_km"]) for place in found] == [("Köln", None)]


def test_without_a_place_there_are_all(house: House) -> None:
    assert len(house.client.get("/api/workshops").json()["workshops"]) == 2


@pytest.mark.parametrize("asked", ["", "plz=50667&", "city=K%C3%B6ln&"])
def test_pages_are_linked(house: House, asked: str) -> None:
    everything = house.client.get(f"/api/workshops?{asked}").json()
    assert everything["next"] is None
    seen, page = [], f"/api/workshops?{asked}limit=1"
    while page:
        answer = house.client.get(page)
        seen += answer.json()["workshops"]
        page = answer.json()["next"]
        assert answer.headers.get("Link") == (f'<{page}>; rel="next"' if page else None)
    assert seen == everything["workshops"]


def test_a_page_after_nobody_there_is_not(house: House) -> None:
    assert refused(house.client.get("/api/workshops?after=4711")) == (404, "unknown_workshop")


def test_what_a_workshop_does(house: House) -> None:
    answer = house.client.get("/api/services", params={"workshop_id": house.garage.workshop}).json()["services"]
    assert [(one["code"], one["duration_minutes"], one["price_cents"]) for one in answer] == [
        ("oil-change", 60, 8900),
        ("tyre-change", 30, 4500),
    ]
    assert refused(house.client.get("/api/services?workshop_id=4711")) == (404, "unknown_workshop")


def test_free_times_are_told_with_their_offset(house: House) -> None:
    found = house.slots("2026-11-24")
    assert found["slots"][0] == {
        "workshop_id": house.garage.workshop,
        "start": "2026-11-24T08:00:00+01:00",
        "end": "2026-11-24T09:00:00+01:00",
    }
    assert len(found["slots"]) == 33
    assert (found["why_not"], found["alternatives"], found["next"]) == (None, [], None)


def test_several_services_are_one_visit(house: House) -> None:
    found = house.slots("2026-11-24", service_id=[house.garage.service, house.wheels])
    assert found["slots"][0]["end"] == "2026-11-24T09:30:00+01:00"


def test_a_range_of_days_comes_in_pages(house: House) -> None:
    whole = house.slots("2026-11-24", days=3, limit=200)["slots"]
    assert len(whole) == 99
    page, pages = house.slots("2026-11-24", days=3, limit=40), 1
    seen = page["slots"]
    while page["next"]:
        page, pages = house.client.get(page["next"]).json(), pages + 1
        seen += page["slots"]
    assert (seen, pages) == (whole, 3)
    assert all(one["start"] < next_["start"] for one, next_ in pairwise(seen))


def test_without_a_day_it_is_today(house: House) -> None:
    asked = {"workshop_id": house.garage.workshop, "service_id": house.garage.service}
    first = house.client.get("/api/slots", params=asked).json()["slots"][0]["start"]
    assert first.startswith("2026-11-23T10:")


def test_on_a_holiday_it_says_so_and_what_else_there_is(house: House) -> None:
    found = house.slots("2026-12-25")
    assert found["slots"] == []
    assert found["why_not"] == {"reason": "holiday", "day": "2026-12-25", "detail": "Erster Weihnachtstag"}
    assert found["alternatives"][0]["start"][:10] in {"2026-12-24", "2026-12-28"}


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("0001-01-01", "past"),
        ("2026-11-01", "past"),
        ("2026-11-22", "past"),
        ("2026-11-29", "closed"),
        ("2027-06-01", "horizon"),
        ("9999-12-31", "horizon"),
    ],
)
def test_every_day_of_every_century_has_an_answer(house: House, day: str, reason: str) -> None:
    assert house.slots(day)["why_not"]["reason"] == reason


def test_services_of_others_are_unknown(house: House) -> None:
    with Session(house.engine) as session, session.begin():
        foreign = a_garage(session, city="Bonn", plz="53111").service
    for service in (foreign, 4711):
        assert refused(house.ask("2026-11-24", service_id=service)) == (404, "unknown_service")
    assert refused(house.ask("2026-11-24", workshop_id=4711)) == (404, "unknown_workshop")


@pytest.mark.parametrize(
    "query", ["workshop_id=0", "workshop_id=x", "workshop_id=1", "workshop_id=1&service_id=1&datum=heute", ""]
)
def test_a_question_that_makes_no_sense_is_told_where(house: House, query: str) -> None:
    answer = house.client.get(f"/api/slots?{query}")
    assert refused(answer) == (422, "invalid")
    assert all(one["in"] == "query" and one["parameter"] for one in answer.json()["errors"])
