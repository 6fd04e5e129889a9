"""Every door of the application, tried by a stranger: what it says, and how much it lets in."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import Engine

from app.http.rates import Rate, Rates
from app.http.site import Site
from app.web import create_app
from tests.app.serving import client_of
from tests.channels.accounts import our_channels

OFTEN = Rates(default=Rate("default", 10**6, 60), staff=Rate("staff", 10**6, 60), forged=Rate("forged", 10**6, 60))
NAMES = {"name": "docs.js", "secret": "A" * 43, "code": "7KQ4-M2XN-P9RT", "path": "look.css", "step": "start"}


@pytest.fixture(scope="module")
def app(engine: Engine) -> Iterator[FastAPI]:
    with our_channels() as channels:
        app = create_app(engine, channels, Site(public_url="https://termin.example.de", rates=OFTEN))
        router = APIRouter()
        router.add_api_route("/crash", _crash)
        app.include_router(router)
        yield app


@pytest.fixture(scope="module")
def stranger(app: FastAPI) -> Iterator[httpx.Client]:
    with client_of(app) as client:
        yield client


def _crash() -> None:
    raise RuntimeError("nobody foresaw this")


def doors(app: FastAPI) -> Iterator[tuple[str, str]]:
    for route in iter_route_contexts(app.routes):
        path = re.sub(r"{(\w+)[^}]*}", lambda name: NAMES.get(name[1], "1"), route.path or "")
        yield from ((method, path) for method in sorted((route.methods or set()) - {"HEAD"}))
    yield from (("GET", "/crash"), ("GET", "/nowhere"), ("PUT", "/healthz"), ("GET", "/static/look.css"))


def test_every_answer_of_every_door_has_its_headers(app: FastAPI, stranger: httpx.Client) -> None:
    """Also those of pages that are not there, of methods that nobody knows, and of crashes."""
    tried = list(doors(app))
    assert len(tried) > 90
    statuses = set()
    for method, path in tried:
        answer = stranger.request(method, path)
        statuses.add(answer.status_code)
        headers, where = answer.headers, f"{method} {path}"
        assert headers["X-Content-Type-Options"] == "nosniff", where
        assert headers["Referrer-Policy"] in {"no-referrer", "same-origin"}, where
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", where
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000"), where
        assert headers["Cache-Control"], where
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'"), where
        assert "frame-ancestors 'none'" in policy, where
        assert not re.search(r"unsafe|\*|script-src[^;]*data:", policy), where
    assert {200, 401, 404, 405, 500} <= statuses
    assert not {502, 504} & statuses


def test_no_door_breaks_when_a_stranger_pushes(app: FastAPI, stranger: httpx.Client) -> None:
    for method, path in doors(app):
        if path != "/crash":
            answer = stranger.request(method, path, content=b"\x00\xff", headers={"Content-Type": "application/json"})
            assert answer.status_code < 500, f"{method} {path}"


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/docs/docs.js"])
def test_production_need_not_show_its_plans(engine: Engine, stranger: httpx.Client, path: str) -> None:
    assert stranger.get(path).status_code == 200
    with client_of(create_app(engine, {}, Site(api_docs=False))) as client:
        assert client.get(path).json()["code"] == "not_found"
        assert client.get("/problems/not-found").status_code == 200


DEEP = b'{"customer":' * 50_000


@pytest.mark.parametrize(
    ("path", "content", "kind"),
    [
        ("/api/appointments", b" " * 10 * 1024 * 1024, "application/json"),
        ("/api/appointments", DEEP[:200_000], "application/json"),
        ("/api/appointments", b"1" * 200_000, "application/json"),
        ("/api/appointments", b'{"service_ids":[' + b"1," * 60_000 + b"1]}", "application/json"),
        (
            "/staff/sign-in",
            b"&".join(b"a%d=1" % number for number in range(10_000)),
            "application/x-www-form-urlencoded",
        ),
        ("/webhooks/twilio/sms", b"&".join(b"A%d=1" % n for n in range(10_000)), "application/x-www-form-urlencoded"),
        ("/webhooks/telegram", b"[" * 100_000, "application/json"),
    ],
    ids=["10 MB", "deep", "a long number", "a long list", "10,000 fields", "10,000 fields of Twilio", "deep update"],
)
def test_what_nobody_means_well_is_refused_and_soon(
    stranger: httpx.Client, path: str, content: bytes, kind: str
) -> None:
    headers = {"Content-Type": kind, "Idempotency-Key": "0123456789abcdef"}
    answer = _post(stranger, path, content, headers)
    assert answer is None or 400 <= answer.status_code < 500
    assert answer is None or answer.elapsed.total_seconds() < 5
    assert stranger.get("/healthz").status_code == 200


def _post(client: httpx.Client, path: str, content: bytes, headers: dict[str, str]) -> Any:
    """The answer; None where the door was shut while we still spoke, which is an answer too."""
    try:
        return client.post(path, content=content, headers=headers)
    except (httpx.WriteError, httpx.RemoteProtocolError):
        return None


def test_ten_thousand_parameters_in_an_address_are_refused_or_ignored(stranger: httpx.Client) -> None:
    answer = stranger.get("/api/workshops?" + "&".join(f"a{number}=1" for number in range(5_000)))
    assert answer.status_code < 500
