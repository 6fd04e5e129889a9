"""Requests of the staff's API that come twice, and lists that go on."""

import secrets
import threading
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.access.caller import Role
from tests.app.admin.house import House
from tests.app.eventually import eventually

CREATED: dict[str, dict[str, Any]] = {
    "keys": {"label": "Zweite Kasse", "role": "mechanic"},
    "staff": {"name": "Otto", "email": "otto.zweimal@example.de", "role": "mechanic"},
    "feeds": {"label": "Kalender"},
    "resources": {"kind": "lift", "name": "Bühne 8"},
    "closures": {"start": "2027-02-01T00:00:00Z", "end": "2027-02-02T00:00:00Z", "reason": "Inventur"},
}
WAITING = text("""
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
     WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
""")
SHOWN_ONCE = {"keys": "secret", "staff": "password", "feeds": "path"}


def post(house: House, path: str, key: str, role: Role = Role.OWNER, **change: Any) -> Any:
    return house.call("POST", path, role, json=CREATED[path] | change, headers={"Idempotency-Key": key})


@pytest.mark.parametrize("path", CREATED)
def test_the_same_request_is_done_once(house: House, path: str) -> None:
    key, secret = secrets.token_hex(16), SHOWN_ONCE.get(path)
    count = len(house.call("GET", path).json())
    first, second = (post(house, path, key).json() for _ in range(2))
    if secret:
        assert first.pop(secret) is not None
        assert second.pop(secret) is None
    assert first == second
    assert len(house.call("GET", path).json()) == count + 1


def test_a_key_is_good_for_one_request_only(house: House) -> None:
    key = secrets.token_hex(16)
    post(house, "feeds", key)
    assert post(house, "feeds", key, label="Ein anderer").json()["code"] == "key_reused"


def test_a_booking_with_the_key_of_another_is_refused(house: House) -> None:
    key = {"Idempotency-Key": secrets.token_hex(16)}
    first = house.call("POST", "appointments", json=_booking(house, 8), headers=key)
    other = house.call("POST", "appointments", json=_booking(house, 9), headers=key)
    again = house.call("POST", "appointments", json=_booking(house, 8), headers=key)
    assert (first.status_code, other.status_code, other.json()["code"]) == (201, 422, "key_reused")
    assert (again.json(), again.headers["ETag"]) == (first.json(), first.headers["ETag"])


def test_while_a_booking_is_worked_on_the_second_is_told_to_wait(house: House) -> None:
    wish, key, answers = _booking(house, 10), {"Idempotency-Key": secrets.token_hex(16)}, list[httpx.Response]()
    with house.engine.connect() as connection, connection.begin():
        # Whoever changes the calendar keeps the first request waiting in the middle of its work.
        connection.execute(text("select pg_advisory_xact_lock(1, :workshop)"), {"workshop": house.ours.workshop})
        first = threading.Thread(
            target=lambda: answers.append(house.call("POST", "appointments", json=wish, headers=key))
        )
        first.start()
        eventually(lambda: _somebody_waits(house))
        second = house.call("POST", "appointments", json=wish, headers=key)
    first.join()
    assert (second.status_code, second.json()["code"], second.headers["Retry-After"]) == (409, "request_running", "1")
    assert answers[0].status_code == 201


def test_an_answer_is_said_once_and_its_key_is_good_for_no_other(house: House) -> None:
    talk = f"conversations/{house.ours.names['conversation_id']}"
    key = {"Idempotency-Key": secrets.token_hex(8) + ":" + secrets.token_hex(8)}
    first, again, other = (
        house.call("POST", f"{talk}/answers", json={"text": text}, headers=key)
        for text in ("Gern um drei.", "Gern um drei.", "Lieber um vier.")
    )
    assert (first.status_code, again.status_code) == (204, 204)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    said = [line for line in house.call("GET", f"{talk}/lines").json() if line["by"].startswith("key:")]
    assert [(line["by"].count(":"), line["text"]) for line in said] == [(1, "Gern um drei.")]


def _booking(house: House, day: int) -> dict[str, Any]:
    names = house.ours.names
    start = f"2027-01-{day:02}T12:00:00Z"
    return {"service_ids": [names["service_id"]], "customer_id": names["customer_id"], "start": start}


def _somebody_waits(house: House) -> bool:
    with house.engine.connect() as connection:
        return bool(connection.scalar(WAITING))


def test_without_a_key_nothing_is_made(house: House) -> None:
    headers = {"Authorization": f"Bearer {house.keys[Role.OWNER]}"}
    path = f"/api/admin/workshops/{house.ours.workshop}/feeds"
    answer = house.client.post(path, headers=headers, json=CREATED["feeds"])
    assert (answer.status_code, answer.json()["code"]) == (400, "key_required")


def test_a_list_leads_to_its_next_page(house: House) -> None:
    first = house.call("GET", "audit", params={"limit": 1})
    link = first.headers["Link"]
    assert link.endswith('>; rel="next"')
    following = house.call("GET", link[1:].partition(">")[0]).json()
    assert following["items"][0]["id"] < first.json()["items"][0]["id"]
