"""Everybody gets their share and no more, and cannot get another's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from app.embedded import Valkey, shared
from app.http.limiter import Limiter
from app.http.rates import Rate, Rates
from app.http.site import Site
from app.http.turnstile import caller
from app.web import create_app
from tests.app.serving import client_of
from tests.conftest import HOME

FEW = Rates(default=Rate("default", 3, 60), staff=Rate("staff", 4, 60))
NOWHERE = "redis://127.0.0.1:1"


@contextmanager
def a_caller(engine: Engine, **site: Any) -> Iterator[httpx.Client]:
    with client_of(create_app(engine, {}, Site(rates=FEW, **site))) as client:
        yield client


@pytest.fixture(scope="module")
def valkey(pytestconfig: pytest.Config) -> Iterator[str]:
    with shared(Valkey(), pytestconfig.stash[HOME]) as url:
        yield url


def test_the_default_is_a_hundred_a_minute() -> None:
    assert (Rates().default.calls, Rates().default.seconds) == (100, 60)


def test_who_calls_too_often_has_to_wait(engine: Engine) -> None:
    with a_caller(engine) as client:
        for left in (2, 1, 0):
            answer = client.get("/nowhere")
            assert answer.status_code == 404
            assert answer.headers["RateLimit-Policy"] == '"default";q=3;w=60'
            assert answer.headers["RateLimit"].startswith(f'"default";r={left};t=')
        refused = client.get("/nowhere")
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
        assert 0 < int(refused.headers["Retry-After"]) <= 60
        assert refused.headers["X-Content-Type-Options"] == "nosniff"


def test_staff_and_watchers_are_counted_apart(engine: Engine) -> None:
    with a_caller(engine) as client:
        for _ in range(5):
            assert client.get("/healthz").status_code == 200
            client.get("/nowhere")
        assert client.get("/staff/today").headers["RateLimit-Policy"] == '"staff";q=4;w=60'


def test_providers_are_not_counted(engine: Engine) -> None:
    with a_caller(engine) as client:
        assert {client.post("/webhooks/telegram").status_code for _ in range(6)} == {404}


def test_nobody_gets_more_by_claiming_to_be_somebody_else(engine: Engine) -> None:
    with a_caller(engine) as client:
        answers = [client.get("/nowhere", headers={"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(4)]
        assert answers[-1].status_code == 429


def test_behind_a_proxy_everybody_is_counted_for_themselves(engine: Engine) -> None:
    with a_caller(engine, trusted_proxies=1) as client:
        answers = [client.get("/nowhere", headers={"X-Forwarded-For": f"192.0.2.{n}"}) for n in range(4)]
        assert {answer.status_code for answer in answers} == {404}
        liars = [client.get("/nowhere", headers={"X-Forwarded-For": f"192.0.2.{n}, 198.51.100.7"}) for n in range(4)]
        assert liars[-1].status_code == 429


def of(*forwarded: str, peer: str = "203.0.113.9", proxies: int = 0) -> str:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return caller({"type": "http", "headers": headers, "client": (peer, 1)}, proxies)


def test_only_our_own_proxies_are_believed() -> None:
    assert of("192.0.2.1") == "203.0.113.9"
    assert of("192.0.2.1", proxies=1) == "192.0.2.1"
    assert of("10.9.9.9, 192.0.2.1", "198.51.100.7", proxies=2) == "192.0.2.1"
    assert of("10.9.9.9, 192.0.2.1, 198.51.100.7", proxies=1) == "198.51.100.7"
    assert of(proxies=3) == "203.0.113.9"
    assert of("unknown", proxies=1) == "unknown"


def test_a_household_with_many_addresses_is_one_caller() -> None:
    assert of(peer="2001:db8:1:2:3::4") == of(peer="2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert of(peer="2001:db8:1:3::1") != of(peer="2001:db8:1:2::1")
    assert of(peer="::ffff:192.0.2.1") == "192.0.2.1"


def test_processes_count_together_in_redis(valkey: str) -> None:
    one, other, rate = Limiter(valkey), Limiter(valkey), Rate("shared", 2, 60)
    assert [one.hit(rate, "a").allowed, other.hit(rate, "a").allowed, one.hit(rate, "a").allowed] == [True, True, False]
    assert other.hit(rate, "b").left == 1


def test_looking_costs_nothing(valkey: str) -> None:
    for limiter in (Limiter(valkey), Limiter()):
        rate = Rate("looked", 1, 60)
        assert limiter.look(rate, "a").allowed
        assert limiter.look(rate, "a").allowed
        limiter.hit(rate, "a")
        assert not limiter.look(rate, "a").allowed


def test_without_redis_each_process_counts_for_itself() -> None:
    one, other, rate = Limiter(NOWHERE), Limiter(NOWHERE), Rate("alone", 1, 60)
    assert [one.hit(rate, "a").allowed, one.hit(rate, "a").allowed] == [True, False]
    assert other.hit(rate, "a").allowed


def test_a_redis_that_was_away_is_not_asked_again_at_once(caplog: pytest.LogCaptureFixture) -> None:
    limiter = Limiter(NOWHERE)
    for _ in range(20):
        limiter.hit(Rate("alone", 1, 60), "a")
    assert caplog.text.count("Redis is away") == 1
