"""Anna signs in, takes a second factor and a new password, and goes home."""

from time import time
from typing import Any

import httpx
import pyotp

from app.access.second_factor import STEP
from tests.app.api.tour import Tour
from tests.app.api.walks.office import EMAIL, PASSWORD

NEW = "senkt-jede-Bühne"


def walk(tour: Tour) -> None:
    tour.ask("begin_session", "wrong", "A wrong password", body={"email": EMAIL, "password": "Bühne-1234567"})
    headers = _signed_in(tour, "begin", "Sign in", PASSWORD)

    def ask(operation: str, name: str, summary: str, **request: Any) -> httpx.Response:
        return tour.ask(operation, name, summary, **headers, **request)

    ask("read_session", "me", "Who am I?")
    proposed = ask("propose_second_factor", "secret", "A secret for the authenticator").json()["secret"]
    codes, now = pyotp.TOTP(proposed), int(time())
    ask("enable_second_factor", "first", "The first code", body={"secret": proposed, "code": codes.at(now)})
    ask("disable_second_factor", "last", "The next one, to want none", body={"code": codes.at(now + STEP)})
    ask("change_password", "new", "A new password", body={"old": PASSWORD, "new": NEW})
    tour.ask("end_session", "over", "Nobody is signed in any more", **headers)
    tour.ask("end_session", "end", "Sign out", **_signed_in(tour, "again", "Sign in with it", NEW))


def _signed_in(tour: Tour, name: str, summary: str, password: str) -> dict[str, Any]:
    answer = tour.ask("begin_session", name, summary, body={"email": EMAIL, "password": password})
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    return {"Cookie": cookie, "X_Form_Token": answer.json()["form_token"]}
