"""Every answer has an id and the headers that keep browsers from mischief; no request takes more than its share."""

import socket
from collections.abc import Iterator

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request, Response
from sqlalchemy import Engine

from app.http import door
from app.http.door import LARGEST
from app.http.site import Site
from app.web import create_app
from tests.app.serving import client_of


def echo() -> APIRouter:
    router = APIRouter()

    @router.post("/echo")
    async def length(request: Request) -> int:
        return len(await request.body())

    @router.get("/page")
    def page() -> Response:
        return Response("<p>", media_type="text/html", headers={"Content-Security-Policy": "default-src 'self'"})

    return router


@pytest.fixture(scope="module")
def caller(engine: Engine) -> Iterator[httpx.Client]:
    app: FastAPI = create_app(engine, {}, Site(public_url="https://termin.example.de"))
    app.include_router(echo())
    with client_of(app) as client:
        yield client


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/page", "/echo"])
def test_headers_are_on_every_answer(caller: httpx.Client, path: str) -> None:
    headers = caller.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["Cache-Control"] == "no-store"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Request-ID"]


def test_a_page_may_have_a_policy_of_its_own(caller: httpx.Client) -> None:
    assert caller.get("/page").headers["Content-Security-Policy"] == "default-src 'self'"
    assert caller.get("/healthz").headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_without_encryption_nobody_is_told_to_insist_on_it(engine: Engine) -> None:
    with client_of(create_app(engine, {}, Site(public_url="http://127.0.0.1"))) as client:
        assert "Strict-Transport-Security" not in client.get("/healthz").headers


def test_a_request_keeps_the_id_it_came_with_unless_it_could_do_harm(caller: httpx.Client) -> None:
    def told(given: str) -> str:
        return str(caller.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"])

    assert told("0b5c-4e1f.77_A") == "0b5c-4e1f.77_A"
    assert told("short") != "short"
    assert told("a" * 65) != "a" * 65
    assert told("evil id; [31m") != "evil id; [31m"


def test_a_body_may_be_so_long_and_no_longer(caller: httpx.Client) -> None:
    assert caller.post("/echo", content=b" " * LARGEST).json() == LARGEST
    too_long = caller.post("/echo", content=b" " * (LARGEST + 1))
    assert (too_long.status_code, too_long.json()["code"]) == (413, "too_large")


def test_neither_if_it_does_not_say_how_long_it_is(caller: httpx.Client) -> None:
    pieces = (b" " * 65_536 for _ in range(5))
    assert caller.post("/echo", content=pieces).status_code == 413


def test_who_dawdles_is_not_waited_for(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "PATIENCE", 0.05)
    app = create_app(engine, {})
    app.include_router(echo())
    with (
        client_of(app) as client,
        socket.create_connection((client.base_url.host, client.base_url.port or 0)) as slow,
    ):
        slow.sendall(b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345")
        assert b" 408 " in slow.recv(4096)
