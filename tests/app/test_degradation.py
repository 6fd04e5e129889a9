"""With PostgreSQL, Redis and all providers away at once: patience is asked for, and nothing crashes."""

from collections.abc import Iterator

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import create_engine

from app.access.cookies import cookie_name
from app.http.rates import Rate, Rates
from app.http.site import Site
from app.providers.telegram import SECRET, Telegram
from app.providers.twilio import Twilio
from app.web import create_app
from tests.app.serving import client_of
from tests.channels.accounts import PUBLIC_URL, our_channels

MANY = Rates(default=Rate("default", 10**6, 60), staff=Rate("staff", 10**6, 60))
NAMES = {"name": "docs.js", "secret": "A" * 43, "code": "7KQ4-M2XN-P9RT", "path": "look.css", "step": "start"}


@pytest.fixture(scope="module")
def caller() -> Iterator[httpx.Client]:
    nowhere = create_engine("postgresql+psycopg://127.0.0.1:1/nothing")
    with our_channels() as channels:
        app = create_app(nowhere, channels, Site(PUBLIC_URL, "redis://127.0.0.1:1/0", rates=MANY))
        with client_of(app) as client:
            client.headers.update({"Authorization": "Bearer wk_nobody", "Cookie": f"{cookie_name(secure=True)}=nobody"})
            yield client


def paths() -> list[str]:
    app = create_app(create_engine("postgresql+psycopg://"), {})
    routes = [route for route in iter_route_contexts(app.routes) if "GET" in (route.methods or ())]
    return sorted({route.path for route in routes if route.path})


@pytest.mark.parametrize("path", paths())
def test_no_page_crashes(caller: httpx.Client, path: str) -> None:
    where = path
    for name in [part.split(":")[0] for part in path.replace("}", "{").split("{")[1::2]]:
        where = where.replace("{%s}" % name, NAMES.get(name, "1")).replace("{%s:path}" % name, NAMES.get(name, "1"))  # noqa: UP031
    answer = caller.get(where)
    assert answer.status_code != 500
    if answer.status_code == 503:
        assert answer.headers["Retry-After"] == "5"
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert answer.json()["code"] == "unavailable"
        assert "psycopg" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/api/workshops?plz=50667",
        "/api/services?workshop_id=1",
        "/api/slots?workshop_id=1&service_id=1&date=2030-01-01",
        "/api/admin/workshops/1/conversations",
        "/staff/1",
    ],
)
def test_what_needs_the_database_asks_to_come_again(caller: httpx.Client, path: str) -> None:
    assert caller.get(path).status_code == 503


def test_providers_are_not_thanked_for_what_is_not_stored(caller: httpx.Client) -> None:
    """So they bring it again, or keep it where we fetch it."""
    update = Telegram(secret=SECRET).text_update("77", "hallo")
    header = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    assert caller.post("/webhooks/telegram", json=update, headers=header).status_code == 503
    twilio = Twilio(public_url=PUBLIC_URL)
    form = twilio.form("+4915112345678", "hallo")
    signed = twilio.headers(f"{PUBLIC_URL}/webhooks/twilio/sms", form)
    assert caller.post("/webhooks/twilio/sms", data=form, headers=signed).status_code == 503


def test_the_process_itself_is_well(caller: httpx.Client) -> None:
    assert caller.get("/healthz").status_code == 200
    told = caller.get("/readyz").json()
    assert (told["database"], told["redis"], told["worker"]) == ("away", "away", "unknown")
