"""Staff sign in at a browser; nobody else's page can make that browser do anything."""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pyotp
import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.access.caller import Role
from app.access.cookies import cookie_name
from app.clock import real_now
from app.http.site import Site
from app.web import create_app
from booking_core.tables import SignInTryRow, StaffUserRow
from tests.app.access.people import PASSWORD, a_colleague
from tests.app.admin.house import UNLIMITED, House
from tests.app.serving import client_of

SESSION = "/api/admin/session"
EMAIL = "anna@example.de"


class Browser:
    """Somebody's browser, with or without our page in it."""

    def __init__(self, client: httpx.Client, house: House) -> None:
        self.client, self.house = client, house
        self.form_token = ""

    def sign_in(self, password: str = PASSWORD, **more: str) -> httpx.Response:
        answer = self.client.post(SESSION, json={"email": EMAIL, "password": password, **more})
        self.form_token = answer.json().get("form_token") or ""
        return answer

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **request: Any
    ) -> httpx.Response:
        ours = {"X-Form-Token": self.form_token}
        sent = {"Idempotency-Key": secrets.token_hex(16)} | (ours if headers is None else dict(headers))
        return self.client.request(method, path, headers=sent, **request)

    @property
    def feeds(self) -> str:
        return f"/api/admin/workshops/{self.house.ours.workshop}/feeds"


@pytest.fixture
def browser(house: House) -> Iterator[Browser]:
    """Anna's, who is an owner."""
    with Session(house.engine) as session, session.begin():
        session.execute(update(StaffUserRow).values(totp_secret=None, totp_step=None))
        session.query(SignInTryRow).delete()
        if session.scalar(select(StaffUserRow.id).where(StaffUserRow.email == EMAIL)) is None:
            a_colleague(session, Role.OWNER, workshop=house.ours.workshop)
    with httpx.Client(base_url=house.client.base_url) as client:
        yield Browser(client, house)


def test_whoever_signs_in_is_known_by_a_cookie_no_script_can_read(browser: Browser) -> None:
    answer = browser.sign_in()
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("werkstatt=")
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    me = browser.ask("GET", SESSION).json()
    assert (me["name"], me["role"], me["form_token"]) == ("Anna", "owner", browser.form_token)
    assert browser.ask("POST", browser.feeds, json={"label": "Kalender"}).status_code == 201


def test_with_https_the_cookie_belongs_to_this_host_alone(browser: Browser) -> None:
    site = Site(public_url="https://termin.example.de", rates=UNLIMITED)
    with client_of(create_app(browser.house.engine, {}, site)) as client:
        answer = Browser(client, browser.house).sign_in()
        assert answer.headers["set-cookie"].startswith("__Host-werkstatt=")
        assert "Secure" in answer.headers["set-cookie"]
        token = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
        plain = {"Cookie": f"{cookie_name(secure=False)}={token}"}
        assert client.get(SESSION, headers=plain).status_code == 401, "a name that anybody may set opens nothing"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Form-Token": "a guess"},
        {"X-Form-Token": "", "Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
    ],
)
def test_another_page_can_change_nothing(browser: Browser, headers: dict[str, str]) -> None:
    browser.sign_in()
    foreign = {"Origin", "Sec-Fetch-Site"} & headers.keys()
    sent = headers | ({"X-Form-Token": browser.form_token} if foreign and "X-Form-Token" not in headers else {})
    answer = browser.ask("POST", browser.feeds, headers=sent, json={"label": "Kalender"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forged")


def test_our_own_page_may(browser: Browser) -> None:
    browser.sign_in()
    own = {
        "X-Form-Token": browser.form_token,
        "Origin": str(browser.client.base_url).rstrip("/"),
        "Sec-Fetch-Site": "same-origin",
    }
    assert browser.ask("POST", browser.feeds, headers=own, json={"label": "Kalender"}).status_code == 201
    assert browser.ask("GET", browser.feeds, headers={}).status_code == 200, "reading needs no proof"


def test_another_page_cannot_sign_somebody_in(browser: Browser) -> None:
    wanted = {"email": EMAIL, "password": PASSWORD}
    answer = browser.ask("POST", SESSION, headers={"Origin": "https://evil.example"}, json=wanted)
    assert answer.json()["code"] == "forged"


def test_signing_out_ends_it_for_whoever_kept_the_cookie(browser: Browser) -> None:
    browser.sign_in()
    kept = dict(browser.client.cookies)
    assert browser.ask("DELETE", SESSION).status_code == 204
    assert not browser.client.cookies
    browser.client.cookies.update(kept)
    assert browser.ask("GET", SESSION).status_code == 401


def test_a_cookie_from_before_is_not_the_one_signed_in_with(browser: Browser) -> None:
    browser.client.cookies.set("werkstatt", "planted")
    assert "planted" not in browser.sign_in().headers["set-cookie"]


def test_wrong_passwords_are_counted_and_told_alike(browser: Browser) -> None:
    for _ in range(5):
        wrong = browser.sign_in("falsch")
        assert (wrong.status_code, wrong.json()["code"]) == (401, "wrong_credentials")
    refused = browser.sign_in()
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_tries")
    assert 0 < int(refused.headers["Retry-After"]) <= 900


def test_a_second_factor_is_wanted_once_it_is_set_up(browser: Browser) -> None:
    browser.sign_in()
    secret = browser.ask("POST", f"{SESSION}/second-factor").json()["secret"]
    with Session(browser.house.engine) as session:
        now = real_now(session)
    codes = pyotp.TOTP(secret)
    proof = {"secret": secret, "code": codes.at(now)}
    assert browser.ask("PUT", f"{SESSION}/second-factor", json={**proof, "code": "000000"}).status_code == 401
    assert browser.ask("PUT", f"{SESSION}/second-factor", json=proof).status_code == 204
    assert browser.ask("PUT", f"{SESSION}/second-factor", json=proof).status_code == 401, "not over an old one"
    assert browser.sign_in().json()["code"] == "code_wanted"
    assert browser.sign_in(code=codes.at(now)).json()["code"] == "wrong_credentials", "it was used"
    later = codes.at(int(now.timestamp()) + 30)
    assert browser.sign_in(code=later).status_code == 200
    assert browser.ask("POST", f"{SESSION}/second-factor/removal", json={"code": later}).status_code == 401


def test_a_new_password_wants_the_old_one_and_ends_every_session(browser: Browser) -> None:
    browser.sign_in()
    change = {"old": PASSWORD, "new": "senkt-jede-Bühne"}
    assert browser.ask("PUT", f"{SESSION}/password", json={**change, "old": "falsch"}).status_code == 401
    assert browser.ask("PUT", f"{SESSION}/password", json={**change, "new": "kurz"}).json()["code"] == "weak_password"
    assert browser.ask("PUT", f"{SESSION}/password", json=change).status_code == 204
    assert browser.ask("GET", SESSION).status_code == 401
    assert browser.sign_in("senkt-jede-Bühne").status_code == 200
    back = {"old": "senkt-jede-Bühne", "new": PASSWORD}
    assert browser.ask("PUT", f"{SESSION}/password", json=back).status_code == 204


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("DELETE", ""),
        ("PUT", "/password"),
        ("POST", "/second-factor"),
        ("PUT", "/second-factor"),
        ("POST", "/second-factor/removal"),
    ],
)
def test_programs_have_no_session_and_strangers_neither(house: House, method: str, path: str) -> None:
    bodies = {"/password": {"old": "a", "new": "b"}, "/second-factor/removal": {"code": "123456"}}
    body = bodies.get(path, {"secret": "A" * 32, "code": "123456"} if method == "PUT" else None)
    for role in (None, *Role):
        answer = house.call(method, SESSION + path, role, json=body)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_key_may_ask_who_it_is(house: House) -> None:
    me = house.call("GET", SESSION, Role.MECHANIC).json()
    assert (me["role"], me["workshop"], me["form_token"]) == ("mechanic", house.ours.workshop, None)
    assert house.call("GET", SESSION, None).status_code == 401
    forged = house.call("GET", SESSION, None, headers={"Authorization": "Bearer wbk_guess"})
    assert forged.status_code == 401
