"""The cookie of a session, and what proves that a request comes from our own page."""

import hmac
from collections.abc import Mapping
from urllib.parse import urlsplit

from fastapi import Response

from app.access.errors import Forged
from app.access.sessions import LONGEST

READING = frozenset({"GET", "HEAD", "OPTIONS"})
FORM_TOKEN_HEADER, FORM_TOKEN_FIELD = "X-Form-Token", "form_token"


def cookie_name(*, secure: bool) -> str:
    """With https a name that no other host, no subdomain and no plain http can set."""
    return "__Host-werkstatt" if secure else "werkstatt"


def give_cookie(response: Response, token: str, *, secure: bool) -> None:
    response.set_cookie(
        cookie_name(secure=secure),
        token,
        max_age=int(LONGEST.total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def take_cookie(response: Response, *, secure: bool) -> None:
    response.delete_cookie(cookie_name(secure=secure), path="/", secure=secure, httponly=True, samesite="lax")


def demand_own_page(headers: Mapping[str, str]) -> None:
    """Raise Forged when the browser says that another site's page is asking."""
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Forged
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower():
        raise Forged


def demand_form_token(sent: str | None, expected: str) -> None:
    """Raise Forged unless our own page made the form."""
    if sent is None or not hmac.compare_digest(sent.encode(), expected.encode()):
        raise Forged
