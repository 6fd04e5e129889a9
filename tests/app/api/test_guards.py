"""What keeps callers from doing what is not theirs, or what they did not mean."""

import json
import threading
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app import rounds
from app.database import session_factory
from app.http.rates import Rate, Rates
from app.http.site import Site
from app.web import create_app
from booking_core.tables import IdempotencyKeyRow
from tests.app.api.house import PETRA, House, fresh_key, mine, refused
from tests.app.eventually import eventually
from tests.app.serving import client_of

WAITING = text("""
    SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
     WHERE locktype = 'advisory' AND NOT granted AND datname = current_database()
""")
NOBODYS = "/api/appointments/7KQ4-M2XN-P9RT"
LATER = {"start": "2026-12-30T08:00:00+01:00"}
CALLS: list[tuple[str, Any]] = [("GET", None), ("PATCH", LATER), ("DELETE", None)]


@pytest.mark.parametrize(("method", "body"), CALLS)
def test_anothers_appointment_and_none_look_the_same_byte_for_byte(house: House, method: str, body: Any) -> None:
    theirs, mine = house.book("2026-12-01T08:00"), house.book("2026-12-01T10:00")
    headers = mine.headers | {"X-Request-ID": "the-same-for-both", "If-Match": "*"}
    foreign, missing = (
        house.client.request(method, path, json=body, headers=headers) for path in (theirs.path, NOBODYS)
    )
    assert refused(foreign) == (404, "unknown_appointment")
    assert foreign.content == missing.content
    volatile = {"date", "ratelimit"}
    assert {k: v for k, v in foreign.headers.items() if k not in volatile} == {
        k: v for k, v in missing.headers.items() if k not in volatile
    }
    assert house.show(theirs).json()["status"] == "confirmed"
    for one in (theirs, mine):
        house.client.delete(one.path, headers=one.may_change)


@pytest.mark.parametrize(("method", "body"), CALLS)
def test_without_proof_nothing_is_said_of_what_there_is(house: House, method: str, body: Any) -> None:
    theirs = house.book("2026-12-02T08:00")
    headers = {"X-Request-ID": "the-same-for-both", "If-Match": "*"}
    there, nowhere = (house.client.request(method, path, json=body, headers=headers) for path in (theirs.path, NOBODYS))
    assert refused(there) == (401, "unauthenticated")
    assert there.headers["WWW-Authenticate"] == "Appointment-Proof"
    assert there.content == nowhere.content
    house.client.delete(theirs.path, headers=theirs.may_change)


def test_proof_cannot_be_tried_for_ever(house: House) -> None:
    few = Rates(proof=Rate("proof", 3, 60), booking=Rate("booking", 100, 60))
    theirs = house.book("2026-12-03T08:00")
    with client_of(create_app(house.engine, {}, Site(rates=few))) as client:
        for path in (theirs.path, NOBODYS):
            guesses = [client.get(path, headers={"Appointment-Proof": f"guess{n}"}) for n in range(3)]
            assert {refused(answer) for answer in guesses} == {(404, "unknown_appointment")}
            tired = client.get(path.replace("-", "").lower(), headers=theirs.headers)
            assert refused(tired) == (429, "too_many_requests")
            assert int(tired.headers["Retry-After"]) > 0
        other = house.book("2026-12-03T10:00")
        assert all(client.get(other.path, headers=other.headers).status_code == 200 for _ in range(5))


def test_nobody_hoards_times(house: House) -> None:
    few = Rates(booking=Rate("booking", 2, 600))
    with client_of(create_app(house.engine, {}, Site(rates=few))) as client:
        starts = ("2026-12-04T08:00", "2026-12-04T09:00", "2026-12-04T10:00")
        answers = [client.post("/api/holds", json=house.slot(start), headers=fresh_key()) for start in starts]
        assert [answer.status_code for answer in answers] == [201, 201, 429]
        assert answers[-1].headers["RateLimit-Policy"] == '"booking";q=2;w=600'


def test_one_address_books_no_more_than_one_customer_may(house: House) -> None:
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE workshops SET max_open_appointments = 2"))
    customer = {"name": "Jo", "email": "hoarder@example.de"}
    for hour in ("08", "09"):
        house.book(f"2026-12-07T{hour}:00", customer=customer)
    held = house.hold("2026-12-07T10:00")
    shouted = customer | {"email": "Hoarder@Example.DE"}
    body = {"hold": held.code, "customer": shouted}
    confirmed = house.client.post("/api/appointments", json=body, headers=held.headers | fresh_key())
    booked = house.try_to_book("2026-12-07T11:00", customer=shouted)
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE workshops SET max_open_appointments = 50"))
    assert {refused(confirmed), refused(booked)} == {(409, "too_many_appointments")}
    assert booked.json()["limit"] == 2


def test_the_same_request_is_answered_the_same_and_done_once(house: House) -> None:
    key = fresh_key()
    first, again = (house.try_to_book("2026-12-08T08:00", headers=key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert [again.headers[name] for name in ("ETag", "Location")] == [
        first.headers[name] for name in ("ETag", "Location")
    ]
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    assert house.show(mine(again)).json()["version"] == 2


def test_a_key_belongs_to_one_request(house: House) -> None:
    key = fresh_key()
    assert house.try_to_book("2026-12-08T10:00", headers=key).status_code == 201
    other = house.try_to_book("2026-12-08T12:00", headers=key)
    assert refused(other) == (422, "key_reused")
    assert house.client.post("/api/holds", json=house.slot("2026-12-08T12:00"), headers=key).status_code == 201


def test_a_strangers_proof_does_not_open_a_remembered_answer(house: House) -> None:
    held, key = house.hold("2026-12-08T14:00"), fresh_key()
    body = {"hold": held.code, "customer": PETRA}
    assert house.client.post("/api/appointments", json=body, headers=held.headers | key).status_code == 201
    guessed = house.client.post("/api/appointments", json=body, headers=key | {"Appointment-Proof": "guess"})
    assert refused(guessed) == (422, "key_reused")


def test_a_refusal_may_be_tried_again_with_the_same_key(house: House) -> None:
    key, taken = fresh_key(), [house.book("2026-12-09T08:00"), house.book("2026-12-09T08:00")]
    assert refused(house.try_to_book("2026-12-09T08:00", headers=key)) == (409, "slot_taken")
    house.client.delete(taken[0].path, headers=taken[0].may_change)
    assert house.try_to_book("2026-12-09T08:00", headers=key).status_code == 201


def test_while_the_first_is_worked_on_the_second_is_told_to_wait(house: House) -> None:
    key, answers = fresh_key(), list[httpx.Response]()
    with house.engine.connect() as connection, connection.begin():
        # Whoever changes the calendar keeps the first request waiting in the middle of its work.
        connection.execute(text("SELECT pg_advisory_xact_lock(1, :workshop)"), {"workshop": house.garage.workshop})
        first = threading.Thread(target=lambda: answers.append(house.try_to_book("2026-12-09T10:00", headers=key)))
        first.start()
        eventually(lambda: _somebody_waits(house))
        second = house.try_to_book("2026-12-09T10:00", headers=key)
    first.join()
    assert refused(second) == (409, "request_running")
    assert second.headers["Retry-After"] == "1"
    assert answers[0].status_code == 201


def _somebody_waits(house: House) -> bool:
    with house.engine.connect() as connection:
        return bool(connection.scalar(WAITING))


def test_making_something_wants_a_key(house: House) -> None:
    for headers in ({}, {"X-Other": "1"}):
        body = house.slot("2026-12-09T12:00")
        assert refused(house.client.post("/api/holds", json=body, headers=headers)) == (400, "key_required")
    short = house.client.post("/api/holds", json=house.slot("2026-12-09T12:00"), headers={"Idempotency-Key": "short"})
    assert refused(short) == (422, "invalid")


def test_keys_are_forgotten_after_a_day(house: House) -> None:
    with house.engine.begin() as connection:
        connection.execute(text("DELETE FROM idempotency_keys"))
    house.book("2026-12-09T14:00")
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE idempotency_keys SET created_at = created_at - interval '25 hours'"))
        connection.execute(text("INSERT INTO idempotency_keys VALUES ('of a command', '', '{}', '2026-01-01')"))
    house.hold("2026-12-09T15:00")
    rounds.forget_answers(session_factory(house.engine), {})
    with Session(house.engine) as session:
        kept = session.scalars(select(IdempotencyKeyRow.key)).all()
    assert len(kept) == 2
    assert "of a command" in kept


def test_the_key_itself_is_not_kept(house: House) -> None:
    key = fresh_key()
    house.try_to_book("2026-12-09T13:00", headers=key)
    with Session(house.engine) as session:
        kept = session.scalars(select(IdempotencyKeyRow.key)).all()
    assert not any(key["Idempotency-Key"] in one for one in kept)


@pytest.mark.parametrize(("method", "body"), CALLS[1:])
def test_nobody_overwrites_what_they_have_not_seen(house: House, method: str, body: Any) -> None:
    booked = house.book("2026-12-10T08:00")
    moved = house.client.patch(booked.path, json={"start": "2026-12-10T12:00:00+01:00"}, headers=booked.may_change)
    assert moved.status_code == 200
    for stale in (booked.etag, '"x"', "2", ""):
        answer = house.client.request(method, booked.path, json=body, headers=booked.headers | {"If-Match": stale})
        assert refused(answer) == (412, "stale")
    assert refused(house.client.request(method, booked.path, json=body, headers=booked.headers)) == (
        428,
        "precondition_required",
    )
    assert house.show(booked).json() == moved.json()
    weak = {"If-Match": f"W/{moved.headers['ETag']}"}
    assert house.client.delete(booked.path, headers=booked.headers | weak).status_code == 200


def test_what_is_known_already_is_not_sent_again(house: House) -> None:
    booked = house.book("2026-12-10T14:00")
    known = house.client.get(booked.path, headers=booked.headers | {"If-None-Match": f'"1", {booked.etag}'})
    assert (known.status_code, known.content, known.headers["ETag"]) == (304, b"", booked.etag)
    assert house.client.get(booked.path, headers=booked.headers | {"If-None-Match": '"1"'}).status_code == 200


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"customer": {"name": "Jo"}}, "#/customer"),
        ({"customer": {"name": "Jo", "phone": None}}, "#/customer/phone"),
        ({"customer": PETRA | {"phone": "0170 1234567"}}, "#/customer/phone"),
        ({"customer": PETRA | {"email": "petra@"}}, "#/customer/email"),
        ({"customer": PETRA | {"name": "a\x00b"}}, "#/customer/name"),
        ({"customer": PETRA | {"admin": True}}, "#/customer/admin"),
        ({"start": "2026-11-24T10:00:00"}, "#/start"),
        ({"start": 1_795_000_000}, "#/start"),
        ({"workshop_id": "1"}, "#/workshop_id"),
        ({"workshop_id": 2**63}, "#/workshop_id"),
        ({"workshop_id": True}, "#/workshop_id"),
        ({"workshop_id": 1.5}, "#/workshop_id"),
        ({"service_ids": []}, "#/service_ids"),
        ({"service_ids": [1, 1]}, "#/service_ids"),
        ({"vehicle": {"year": "2019"}}, "#/vehicle/year"),
        ({"status": "confirmed"}, "#/status"),
        ({"hold": "7KQ4-M2XN-P9RT"}, "#/start"),
    ],
    ids=json.dumps,
)
def test_what_is_not_asked_for_is_refused_where_it_stands(house: House, change: dict[str, Any], pointer: str) -> None:
    body = house.slot("2026-12-11T08:00") | {"customer": PETRA} | change
    answer = house.client.post("/api/appointments", json=body, headers=fresh_key())
    assert refused(answer) == (422, "invalid")
    assert pointer in [one["pointer"] for one in answer.json()["errors"]]
