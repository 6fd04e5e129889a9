"""Every operation, for every role, on what is ours, another workshop's and nobody's."""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from app.access.caller import Caller, Role
from app.access.rules import NEEDS, OPEN, may
from app.admin.router import PREFIX, router
from booking_core.values import WorkshopId
from tests.app.admin.house import MISSING, House, Side


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str

    @property
    def things(self) -> list[str]:
        """What the path names besides the workshop that can be another's or nobody's."""
        return [name for name in NOBODYS if "{" + name + "}" in self.path]

    @property
    def of_a_session(self) -> bool:
        return self.path.startswith(f"{PREFIX}/session")


def _documented() -> Iterator[Operation]:
    app = FastAPI()
    app.include_router(router)
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            yield Operation(operation["operationId"], method.upper(), path)


OPERATIONS = list(_documented())
GUARDED = [one for one in OPERATIONS if one.name not in OPEN and not one.of_a_session]
IN_A_WORKSHOP = [one for one in GUARDED if "{workshop_id}" in one.path]
NOBODYS: Mapping[str, Any] = {
    "appointment_id": MISSING,
    "customer_id": MISSING,
    "resource_id": MISSING,
    "closure_id": MISSING,
    "conversation_id": MISSING,
    "feed_id": MISSING,
    "prefix": "wbk_00000000",
    "staff_id": MISSING,
}
ROLES: list[Role | None] = [None, *Role]
BODIES: Mapping[str, Any] = {
    "issue_key": {"label": "Kasse", "role": "mechanic"},
    "create_staff": {"name": "Otto", "email": "otto@example.de", "role": "mechanic"},
    "close": {"start": "2027-01-01T00:00:00Z", "end": "2027-01-02T00:00:00Z", "reason": "Inventur"},
    "add_note": {"text": "Schlüssel im Kasten"},
    "move_appointment": {"start": "2027-01-05T10:00:00Z"},
    "cancel_appointment": {},
    "change_settings": {"city": "Bonn"},
    "add_resource": {"kind": "lift", "name": "Bühne 9"},
    "change_resource": {"capacity": 2},
    "take_over": {},
    "restrict_customer": {"restricted": False},
    "note_privacy_request": {"kind": "correction", "answered": True},
    "answer": {"text": "Hier ist Anna."},
    "open_feed": {"label": "Kalender"},
    "put_service": {
        "name": "Batterie",
        "name_en": "Battery",
        "duration_minutes": 30,
        "price": 1000,
        "kinds": ["lift"],
    },
}
WORDS = {"code": "battery", "step": "check-in"}
QUERY = {"from": "2026-11-23", "service": "oil-change", "at": "2027-01-05T10:00:00Z"}


def ask(house: House, one: Operation, role: Role | None, **names: Any) -> httpx.Response:
    path = one.path.format_map({**WORDS, **house.ours.names, **names})
    body = BODIES.get(one.name)
    if one.name == "create_appointment":
        body = {
            "service_ids": [house.ours.names["service_id"]],
            "customer_id": house.ours.names["customer_id"],
            "start": "2027-01-05T12:00:00Z",
        }
    return house.call(one.method, path, role, json=body, params=QUERY)


def unknown(answer: httpx.Response) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All there is to tell two answers apart by."""
    varying = {"date", "ratelimit", "x-request-id"}
    headers = [(name, value) for name, value in answer.headers.items() if name not in varying]
    return answer.status_code, answer.content, headers


def test_every_operation_says_whom_it_is_for() -> None:
    names = [one.name for one in OPERATIONS]
    assert len(set(names)) == len(names), "rules go by name"
    assert sorted(names) == sorted({*NEEDS, *OPEN})


def test_nothing_below_the_prefix_is_missing_here(house: House) -> None:
    documented = {
        (method.upper(), path)
        for path, operations in house.app.openapi()["paths"].items()
        if path.startswith(PREFIX)
        for method in operations
    }
    assert documented == {(one.method, one.path) for one in OPERATIONS}
    assert not list(_hidden(router)), "a route that no document names would not be in this matrix"


def _hidden(routes: Any) -> Iterator[str]:
    for route in routes.routes:
        if isinstance(route, APIRoute):
            if not route.include_in_schema:
                yield route.path
        else:
            yield from _hidden(route.original_router)


def test_what_has_no_rule_nobody_may_do() -> None:
    assert not may(Caller(Role.OWNER, None, "staff:1", "Anna"), "an operation of tomorrow")


def cells() -> Iterator[Any]:
    for one, role in itertools.product(GUARDED, ROLES):
        yield pytest.param(one, role, id=f"{one.name}-{role or 'nobody'}")


@pytest.mark.parametrize(("one", "role"), list(cells()))
def test_whoever_may_do_it_does_it_here_and_nowhere_else(house: House, one: Operation, role: Role | None) -> None:
    allowed = role is not None and role.reaches(NEEDS[one.name])
    refused = 401 if role is None else 403
    if "{workshop_id}" in one.path:
        foreign = ask(house, one, role, workshop_id=house.theirs.workshop)
        missing = ask(house, one, role, workshop_id=MISSING)
        assert foreign.status_code == (404 if allowed else refused), foreign.text
        assert unknown(foreign) == unknown(missing)
    for thing in one.things:
        foreign = ask(house, one, role, **{thing: house.theirs.names[thing]})
        missing = ask(house, one, role, **{thing: NOBODYS[thing]})
        assert foreign.status_code == (404 if allowed else refused), foreign.text
        assert unknown(foreign) == unknown(missing)
    own = ask(house, one, role)
    if allowed:
        assert own.status_code < 300 or own.json()["code"] in BY_THEN.get(one.name, ()), own.text
    else:
        assert own.status_code == refused, own.text


BY_THEN = {
    # Both roles that may do it do, one after the other, and other operations are done to the same appointment.
    "create_appointment": {"slot_taken"},
    "move_appointment": {"wrong_status"},
    "cancel_appointment": {"wrong_status"},
    "step_appointment": {"wrong_status"},
    "reopen": {"unknown"},
    "erase_customer": {"still_booked"},
}


def test_what_is_in_the_body_is_not_taken_from_another_workshop_either(house: House) -> None:
    body = {"service_ids": [house.ours.names["service_id"]], "start": "2027-01-06T12:00:00Z"}
    for customer in (house.theirs.names["customer_id"], MISSING):
        answer = house.call("POST", "appointments", json={**body, "customer_id": customer})
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_customer")
    foreign = {
        **body,
        "service_ids": [house.theirs.names["service_id"]],
        "customer_id": house.ours.names["customer_id"],
    }
    assert house.call("POST", "appointments", json=foreign).json()["code"] == "unknown_service"
    for resource in (house.theirs.names["resource_id"], MISSING):
        answer = house.call("POST", "closures", json={**BODIES["close"], "resource_id": resource})
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown")


def test_the_matrix_has_both_sides(house: House) -> None:
    for one in IN_A_WORKSHOP:
        for thing in one.things:
            assert isinstance(house.ours, Side)
            assert house.ours.names[thing] != house.theirs.names[thing]
    assert WorkshopId(MISSING) not in (house.ours.workshop, house.theirs.workshop)
