"""Requests of the staff's API that come twice, and lists that go on."""

import secrets
from typing import Any

import pytest

from app.access.caller import Role
from tests.app.admin.house import House

CREATED: dict[str, dict[str, Any]] = {
    "keys": {"label": "Zweite Kasse", "role": "mechanic"},
    "staff": {"name": "Otto", "email": "otto.zweimal@example.de", "role": "mechanic"},
    "feeds": {"label": "Kalender"},
    "resources": {"kind": "lift", "name": "Bühne 8"},
    "closures": {"start": "2027-02-01T00:00:00Z", "end": "2027-02-02T00:00:00Z", "reason": "Inventur"},
}
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
