"""Whatever goes wrong is told in one form, in the caller's language, and tells nothing else."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Body, FastAPI, Header
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import OperationalError

from app.http.languages import preferred
from app.http.problems import MEDIA_TYPE, Problem, kinds
from app.http.site import Site
from app.web import create_app
from booking_core import errors
from booking_core.errors import BookingError, NotBookable, TooLate, TooManyAppointments
from booking_core.slots import Reason, WhyNot
from tests.app.serving import client_of

INSIDE = "postgresql://werkstatt:geheim@db/werkstatt"


class Cat(BaseModel):
    model_config = ConfigDict(extra="forbid")
    lives: int


class Owner(BaseModel):
    name: Annotated[str, Field(max_length=5)]
    pet: Cat | list[int]


def trouble() -> APIRouter:
    router = APIRouter()

    @router.get("/holiday")
    def holiday() -> None:
        why = WhyNot(Reason.HOLIDAY, date(2026, 12, 25), "1. Weihnachtstag")
        raise NotBookable(reason=why.reason, why_not=why, start=INSIDE)

    @router.get("/late")
    def late() -> None:
        raise TooLate(cutoff=timedelta(hours=24), start=INSIDE)

    @router.get("/many")
    def many() -> None:
        raise TooManyAppointments(limit=3)

    @router.get("/crash")
    def crash() -> None:
        raise ZeroDivisionError(INSIDE)

    @router.get("/away")
    def away() -> None:
        raise OperationalError(INSIDE, {}, Exception(INSIDE))

    @router.get("/forbidden")
    def forbidden() -> None:
        raise Problem("forbidden", headers={"X-Hint": "none"}, role="mechanic")

    @router.post("/owners")
    def owners(owner: Annotated[Owner, Body()], x_age: Annotated[int, Header()] = 1) -> Owner:
        return owner

    @router.delete("/owners")
    def nobody() -> None:
        return None

    return router


@pytest.fixture(scope="module")
def caller(engine: Engine) -> Iterator[httpx.Client]:
    app: FastAPI = create_app(engine, {}, Site(public_url="https://termin.example.de"))
    app.include_router(trouble())
    with client_of(app) as client:
        yield client


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    told: dict[str, Any] = answer.json()
    assert answer.status_code == told["status"] == status
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    assert told["code"] == code
    assert told["type"] == f"https://termin.example.de/problems/{code.replace('_', '-')}"
    assert told["request_id"] == answer.headers["X-Request-ID"]
    assert INSIDE not in answer.text
    return told


def test_a_refusal_of_the_calendar_says_why(caller: httpx.Client) -> None:
    told = problem(caller.get("/holiday"), 409, "not_bookable")
    assert (told["reason"], told["day"], told["reason_detail"]) == ("holiday", "2026-12-25", "1. Weihnachtstag")
    assert problem(caller.get("/many"), 409, "too_many_appointments")["limit"] == 3


def test_it_is_told_in_the_language_of_the_caller(caller: httpx.Client) -> None:
    german = caller.get("/late", headers={"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"})
    assert problem(german, 409, "too_late")["title"] == "Bitte rufen Sie die Werkstatt an"
    assert german.headers["Content-Language"] == "de"
    assert problem(caller.get("/late"), 409, "too_late")["title"] == "Please call the workshop"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de;q=0.2, en;q=0.8", "en"),
        ("fr, de;q=0.4", "de"),
        ("*", "en"),
        ("fr;q=x, en;q=0, *;q=0.1, de", "de"),
        ("tr", "en"),
    ],
)
def test_the_best_of_our_languages_is_chosen(header: str, language: str) -> None:
    assert preferred(header) == language


def test_a_crash_tells_nothing_but_its_number(caller: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    told = problem(caller.get("/crash"), 500, "internal")
    [crash] = [record for record in caplog.records if record.exc_info and record.name == "app.http.door"]
    assert vars(crash)["correlation"] == told["request_id"]


def test_a_database_that_is_away_asks_for_patience(caller: httpx.Client) -> None:
    answer = caller.get("/away")
    problem(answer, 503, "unavailable")
    assert answer.headers["Retry-After"] == "5"


def test_no_database_at_all_is_the_same(caplog: pytest.LogCaptureFixture) -> None:
    nowhere = create_engine("postgresql+psycopg://127.0.0.1:1/nothing")
    with client_of(create_app(nowhere, {}, Site(public_url="https://termin.example.de"))) as client:
        problem(client.get("/readyz"), 503, "unavailable")


def test_when_all_connections_are_taken_callers_are_asked_for_patience(engine: Engine) -> None:
    cramped = create_engine(engine.url, pool_size=1, max_overflow=0, pool_timeout=0.1)
    site = Site(public_url="https://termin.example.de")
    with cramped.connect(), client_of(create_app(cramped, {}, site)) as client:
        problem(client.get("/api/workshops", params={"plz": "50667"}), 503, "unavailable")
    cramped.dispose()


def test_an_endpoint_may_refuse_with_facts_and_headers_of_its_own(caller: httpx.Client) -> None:
    answer = caller.get("/forbidden")
    assert problem(answer, 403, "forbidden")["role"] == "mechanic"
    assert answer.headers["X-Hint"] == "none"


def test_unknown_addresses_and_methods(caller: httpx.Client) -> None:
    problem(caller.get("/nowhere"), 404, "not_found")
    problem(caller.get("/owners/"), 404, "not_found")
    answer = caller.put("/owners")
    problem(answer, 405, "method_not_allowed")
    assert answer.headers["Allow"] == "DELETE, POST"


def test_what_is_wrong_is_pointed_at_without_repeating_it(caller: httpx.Client) -> None:
    answer = caller.post("/owners", json={"name": INSIDE, "pet": {"lives": "nine"}}, headers={"X-Age": "old"})
    told = problem(answer, 422, "invalid")
    places = [one.get("pointer") or (one["in"], one["parameter"]) for one in told["errors"]]
    assert places == [("header", "x-age"), "#/name", "#/pet/lives", "#/pet"]
    missing = problem(caller.post("/owners", json={"name": "Jo"}), 422, "invalid")
    assert [one["pointer"] for one in missing["errors"]] == ["#/pet"]
    inside = problem(caller.post("/owners", json={"name": "Jo", "pet": {"a/b": 1}}), 422, "invalid")
    assert {"#/pet/lives", "#/pet/a~1b"} <= {one["pointer"] for one in inside["errors"]}


@pytest.mark.parametrize("body", [b"{", b'{"name": "\xff"}', b"[" * 100_000, b"1" * 5_000])
def test_a_body_that_cannot_be_read_is_the_callers_mistake(caller: httpx.Client, body: bytes) -> None:
    answer = caller.post("/owners", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 422}
    assert answer.headers["Content-Type"] == MEDIA_TYPE


def test_only_json_is_read(caller: httpx.Client) -> None:
    problem(caller.post("/owners", data={"name": "Jo"}), 415, "unsupported_media_type")
    problem(caller.post("/owners", content=b"{}"), 415, "unsupported_media_type")


def test_every_refusal_of_the_calendar_has_a_place_in_the_table() -> None:
    refusals = [error for error in vars(errors).values() if isinstance(error, type) and issubclass(error, BookingError)]
    assert {refusal.code for refusal in refusals} <= set(kinds())


@pytest.mark.parametrize("kind", kinds().values(), ids=lambda kind: kind.code)
def test_every_kind_is_worded_in_all_languages(kind: Any) -> None:
    assert 400 <= kind.status < 600
    assert all(kind.title[language] and kind.detail[language] for language in ("de", "en"))
    assert kind.about
