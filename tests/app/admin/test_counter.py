"""The day at the counter over HTTP: what staff do, and what comes of it."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.caller import Role
from booking_core.tables import OutboxRow
from tests.app.admin.house import House


def booking(house: House, hours: int, **wishes: Any) -> dict[str, Any]:
    """Somebody new on the phone, so many hours into a day of these tests."""
    start = _midnight(house) + timedelta(hours=hours)
    new = {"name": "Petra Müller", "phone": f"0151 1234{hours:04}", "email": f"petra{hours}@example.de"}
    wanted = {"service_ids": [house.ours.names["service_id"]], "start": start.isoformat(), "new_customer": new}
    return wanted | wishes


def _midnight(house: House) -> datetime:
    """A day that lies within the horizon whenever the tests run."""
    first = house.call("GET", f"appointments/{house.ours.names['appointment_id']}").json()["start"]
    midnight = datetime.fromisoformat(first).replace(hour=0, minute=0)
    return midnight + timedelta(days=10)


def test_somebody_calls_moves_and_cancels(house: House) -> None:
    answer = house.call("POST", "appointments", json=booking(house, 1, new_vehicle={"plate": "K-AB 1", "make": "VW"}))
    made = answer.json()
    assert (answer.status_code, made["status"], made["channel"]) == (201, "confirmed", "phone")
    assert (made["customer"], made["phone"], made["plate"]) == ("Petra Müller", "+4915112340001", "K-AB 1")
    assert answer.headers["ETag"] == '"2"'
    place = answer.headers["Location"]
    assert house.call("GET", place).json() == made

    later = booking(house, 3)["start"]
    moved = house.call("PATCH", place, json={"start": later}, headers={"If-Match": '"2"'})
    assert datetime.fromisoformat(moved.json()["start"]) == datetime.fromisoformat(later)
    for stale in ('"2"', "nonsense", '"99999999999"'):
        late = house.call("PATCH", place, json={"start": later}, headers={"If-Match": stale})
        assert (late.status_code, late.json()["code"]) == (412, "stale")

    gone = house.call("POST", f"{place}/cancellation", json={"reason": "krank"}, headers={"If-Match": '"3"'})
    assert (gone.json()["status"], gone.json()["cancel_reason"]) == ("cancelled", "krank")
    with Session(house.engine) as session:
        mails = session.scalars(select(OutboxRow.body).where(OutboxRow.recipient == "petra1@example.de"))
        happened = [body["entry"]["happening"] for body in mails]
    assert happened == ["booked", "moved", "cancelled"], "staff who took the address down answer for it"


@pytest.mark.parametrize("number", ["12", "110", "0221 111111111111", "+49 89"])
def test_a_phone_number_is_one_that_can_be_called(house: House, number: str) -> None:
    wish = booking(house, 1)
    wish["new_customer"]["phone"] = number
    answer = house.call("POST", "appointments", json=wish)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_change_says_which_version_it_means(house: House) -> None:
    place = f"appointments/{house.ours.names['appointment_id']}"
    keys = {"Authorization": f"Bearer {house.keys[Role.OWNER]}"}
    url = f"/api/admin/workshops/{house.ours.workshop}/{place}"
    answer = house.client.patch(url, json={"start": booking(house, 2)["start"]}, headers=keys)
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")


def test_the_same_key_books_once(house: House) -> None:
    wish, key = booking(house, 5), {"Idempotency-Key": "the-same-key-once-more"}
    first, second = (house.call("POST", "appointments", json=wish, headers=key) for _ in range(2))
    assert first.json()["code"] == second.json()["code"]
    other = house.call("POST", "appointments", json=booking(house, 6), headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_a_booking_names_one_customer_and_one_car_at_most(house: House) -> None:
    both = {"customer_id": 1}, {"new_customer": None}, {"vehicle_id": 1, "new_vehicle": {"plate": "K-AB 1"}}
    for wrong in both:
        assert house.call("POST", "appointments", json=booking(house, 7, **wrong)).status_code == 422


def test_a_taken_time_is_told_with_its_reason(house: House) -> None:
    answers = [house.call("POST", "appointments", json=booking(house, 9)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 409]
    assert answers[-1].json()["code"] == "slot_taken"
    at = booking(house, 9)["start"]
    why = house.call("GET", "explanation", params={"service": "oil-change", "at": at}).json()
    assert (why["free"], why["reason"], len(why["in_the_way"])) == (False, "full", 2)
    assert why["alternatives"]


def test_notes_are_for_colleagues(house: House) -> None:
    place = f"appointments/{house.ours.names['appointment_id']}/notes"
    assert house.call("POST", place, json={"text": " Schlüssel im Kasten "}).json()["text"] == "Schlüssel im Kasten"
    assert house.call("POST", place, json={"text": "\u0000"}).status_code == 422
    [note] = house.call("GET", place, Role.MECHANIC).json()
    assert note["actor"].startswith("key:")


def test_the_agenda_shows_the_day_on_the_workshops_clock(house: House) -> None:
    first = house.call("GET", f"appointments/{house.ours.names['appointment_id']}").json()
    day = first["start"][:10]
    shown = house.call("GET", "agenda", Role.MECHANIC, params={"from": day}).json()
    assert first["id"] in [one["id"] for one in shown["appointments"]]
    assert [one["kind"] for one in shown["resources"]][:2] == ["lift", "lift"]
    for bad in ("gestern", "1999-01-01", "9999-12-31"):
        assert house.call("GET", "agenda", params={"from": bad}).status_code == 422


def test_customers_are_found_page_by_page(house: House) -> None:
    house.call("POST", "appointments", json=booking(house, 11))
    found = house.call("GET", "customers", params={"q": "müller 0151"}).json()
    assert {one["name"] for one in found["items"]} == {"Petra Müller"}
    page = house.call("GET", "customers", params={"limit": 1}).json()
    assert page["next"]
    second = house.call("GET", "customers", params={"limit": 1, "after": page["next"]}).json()
    assert second["items"] != page["items"]
    record = house.call("GET", f"customers/{found['items'][0]['id']}").json()
    assert record["appointments"]


def test_a_closure_is_looked_at_before_it_is_made(house: House) -> None:
    made = house.call("POST", "appointments", json=booking(house, 13)).json()
    closure = {"start": made["start"], "end": made["end"], "reason": "Inventur"}
    dry = house.call("POST", "closures", json=closure | {"dry_run": True}).json()
    assert (dry["id"], [one["id"] for one in dry["affected"]]) == (None, [made["id"]])
    wet = house.call("POST", "closures", json=closure).json()
    assert wet["id"] in [one["id"] for one in house.call("GET", "closures").json()]
    assert house.call("DELETE", f"closures/{wet['id']}").status_code == 204
    backwards = closure | {"start": made["end"], "end": made["start"]}
    assert house.call("POST", "closures", json=backwards).status_code == 422


def test_new_hours_name_whom_they_hit_and_are_checked(house: House) -> None:
    first = house.call("GET", f"appointments/{house.ours.names['appointment_id']}").json()
    answer = house.call("GET", "settings")
    tag = {"If-Match": answer.headers["ETag"]}
    assert answer.json()["name"] == "Werkstatt 1"
    never = {"opening_hours": {"mon": [["00:00", "00:15"]]}, "dry_run": True}
    hit = house.call("PATCH", "settings", json=never, headers=tag).json()["affected"]
    assert first["id"] in [one["id"] for one in hit]
    assert house.call("GET", "settings").headers["ETag"] == answer.headers["ETag"], "it was only looked at"
    bad = house.call("PATCH", "settings", json={"opening_hours": {"mon": [["12:00", "08:00"]]}}, headers=tag)
    assert bad.status_code == 422
    assert "08:00 is not after 12:00" in bad.text
    assert house.call("PATCH", "settings", json={"city": "Bonn"}, headers=tag).status_code == 200
    late = house.call("PATCH", "settings", json={"city": "Köln"}, headers=tag)
    assert (late.status_code, late.json()["code"]) == (412, "stale")


def test_how_a_workshop_reminds_is_its_own_affair(house: House) -> None:
    tag = {"If-Match": "*"}
    wanted = {"remind_hours_before": 3, "remind_mondays_on": "friday", "remind_ready": False, "quiet_from": "19:00"}
    assert house.call("PATCH", "settings", json=wanted, headers=tag).status_code == 200
    assert house.call("GET", "settings").json().items() >= wanted.items()
    assert house.call("PATCH", "settings", json={"remind_hours_before": None}, headers=tag).status_code == 200
    assert house.call("GET", "settings").json()["remind_hours_before"] is None
    for never in ({"remind_hours_before": 24}, {"quiet_from": "09:00"}, {"quiet_until": "12:00"}):
        assert house.call("PATCH", "settings", json=never, headers=tag).status_code == 422


def test_a_smaller_resource_names_whom_it_hits(house: House) -> None:
    first = house.call("GET", f"appointments/{house.ours.names['appointment_id']}").json()
    [lift] = first["resources"]
    for change in ({"capacity": 0}, {"windows": {"mon": [["00:00", "00:15"]]}}):
        told = house.call("PATCH", f"resources/{lift}", json={**change, "dry_run": True}).json()
        assert first["id"] in [one["id"] for one in told["affected"]]
    assert house.call("PATCH", f"resources/{lift}", json={"name": "Bühne 2"}).json()["code"] == "name_taken"
    listed = {one["id"]: one for one in house.call("GET", "resources").json()}
    assert listed[lift]["capacity"] == 1


def test_services_are_worded_anew(house: House) -> None:
    service = {"name": "TÜV", "name_en": "MOT", "duration_minutes": 30, "price": 15000, "kinds": ["lift"]}
    assert house.call("PUT", "services/hu-au", json=service).json()["own"]
    assert "hu-au" in [one["code"] for one in house.call("GET", "services").json()]
    assert house.call("PUT", "services/HU AU", json=service).status_code == 422
    bad = service | {"season": [["10-01", "02-30"]]}
    assert house.call("PUT", "services/hu-au", json=bad).status_code == 422


def test_a_conversation_is_taken_over_answered_and_given_back(house: House) -> None:
    [listed] = house.call("GET", "conversations").json()["items"]
    assert (listed["keeper"], listed["last_words"], listed["open_until"]) == ("bot", "Moin", None)
    place = f"conversations/{listed['id']}"
    assert house.call("POST", f"{place}/take-over", json={"minutes": 30}).status_code == 204
    assert house.call("POST", f"{place}/answers", json={"text": "Hier ist Anna."}).status_code == 204
    [taken] = house.call("GET", "conversations", params={"keeper": "staff"}).json()["items"]
    assert taken["by"].startswith("key:")
    lines = house.call("GET", f"{place}/lines").json()
    assert (lines[-1]["text"], lines[-1]["by"]) == ("Hier ist Anna.", taken["by"])
    assert house.call("POST", f"{place}/release").status_code == 204
    assert house.call("GET", "conversations", params={"keeper": "staff"}).json()["items"] == []


def test_a_table_runs_no_formula(house: House) -> None:
    first = house.call("GET", f"appointments/{house.ours.names['appointment_id']}").json()
    answer = house.call("GET", "appointments.csv", params={"from": first["start"][:10], "days": 1})
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    [row] = [row for row in csv.DictReader(io.StringIO(answer.text)) if row["code"] == first["code"]]
    assert (row["customer"], row["phone"]) == ("'=Petra", "'+4915112345671")


def test_a_secret_link_shows_the_calendar_until_it_is_revoked(house: House) -> None:
    opened = house.call("POST", "feeds", json={"label": "Meisterin"}).json()
    first = house.call("GET", f"appointments/{house.ours.names['appointment_id']}").json()
    answer = house.call("GET", opened["path"], None)
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    [event] = [event for event in events if str(event["UID"]).startswith(first["code"])]
    assert event.decoded("DTSTART") == datetime.fromisoformat(first["start"])
    assert "+49151" not in answer.text
    assert house.call("DELETE", f"feeds/{opened['feed']['id']}").status_code == 204
    assert house.call("GET", opened["path"], None).status_code == 404
    with Session(house.engine) as session:
        assert opened["path"][-47:-4] not in str(session.connection().exec_driver_sql("TABLE calendar_feeds").all())


@pytest.mark.parametrize("path", ["waiting-list", "reminders", "refused-wishes", "returned-letters", "audit"])
def test_logs_are_lists(house: House, path: str) -> None:
    assert house.call("GET", path, params={"limit": 1}).json().keys() == {"items", "next"}


def test_the_audit_trail_of_one_thing(house: House) -> None:
    params = {"entity": "appointment", "entity_id": house.ours.names["appointment_id"]}
    told = house.call("GET", "audit", params=params).json()["items"]
    assert {one["entity_id"] for one in told} == {house.ours.names["appointment_id"]}


def test_figures_count_what_is_there(house: House) -> None:
    first = house.call("GET", f"appointments/{house.ours.names['appointment_id']}").json()
    told = house.call("GET", "figures", params={"from": first["start"][:10], "days": 1}).json()
    assert sum(load["booked"] for load in told["load"]) >= 60
    assert told["by_channel"]["phone"] >= 1
