"""The front door: every request gets an id and its limits, every answer its headers, and nothing falls through."""

import asyncio
import logging
import re
from time import perf_counter

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.problems import ProblemResponse
from app.http.routes import template
from app.http.site import Site
from app.telemetry import metrics
from booking_core import correlation

log = logging.getLogger(__name__)

LARGEST = 256 * 1024
"""Bytes of a request's body; nobody who means well sends more."""

PATIENCE = 10
"""Seconds a body may take to come in."""

_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNLOGGED = frozenset({"/healthz", "/readyz", "/metrics", "/static"})
"""Paths that are asked for so often that only their errors are worth a line."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""What an answer says unless its endpoint says something else: a page needs a policy of its own."""


class FrontDoor:
    """ASGI middleware, the outermost of ours."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        hsts = {"Strict-Transport-Security": "max-age=31536000"} if site.encrypted else {}
        self._headers = HEADERS | hsts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        began, status = perf_counter(), 0

        async def send_dressed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers["X-Request-ID"] = request_id
            await send(message)

        with correlation.following(request_id):
            try:
                await self._app(scope, _Body(scope, receive), send_dressed)
            except Exception:
                log.exception("a request failed", extra={"correlation": request_id})
                if status:
                    raise
                await ProblemResponse(Request(scope), "internal")(scope, receive, send_dressed)
            finally:
                _report(scope, status, perf_counter() - began)


def _report(scope: Scope, status: int, seconds: float) -> None:
    """By the template of the path: a path itself has codes in it, and a query whatever callers write."""
    method, path = scope["method"] if scope["method"] in METHODS else "other", template(scope)
    metrics.HTTP.labels(method, path, status).observe(seconds)
    quiet = path in UNLOGGED and status < 400
    facts = {"method": method, "path": path, "status": status, "seconds": round(seconds, 4)}
    log.log(logging.DEBUG if quiet else logging.INFO, "a request was answered", extra=facts)


def _request_id(headers: Headers) -> str:
    """The caller's own, if it is one that cannot do harm in a log."""
    given = headers.get("x-request-id", "")
    return given if _ID.fullmatch(given) else correlation.new()


class _Body:
    """Reads the body no further than it may be long, and waits for it no longer than it may take."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._receive = receive
        self._length, self._complete = 0, False
        announced = Headers(scope=scope).get("content-length", "")
        self._too_large = announced.isdecimal() and int(announced) > LARGEST
        self._until = asyncio.get_running_loop().time() + PATIENCE

    async def __call__(self) -> Message:
        if self._complete:  # What is left to come is that the caller hangs up, whenever that may be.
            return await self._receive()
        if self._too_large:
            raise HTTPException(413)
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise HTTPException(408) from None
        self._length += len(message.get("body", b""))
        if self._length > LARGEST:
            raise HTTPException(413)
        self._complete = not message.get("more_body", False)
        return message
