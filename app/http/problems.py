"""Every refusal as a problem document (RFC 9457), from one table."""

import logging
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import compile_path

from app.http.languages import preferred
from booking_core.errors import BookingError
from booking_core.slots import WhyNot

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
TABLE = Path(__file__).parent.parent / "data" / "problems.toml"
TOLD = {"reason": "reason", "status": "appointment_status", "limit": "limit"}
"""Which of a refusal's facts callers are told, and under what name."""

SOON = {"Retry-After": "5"}


@dataclass(frozen=True)
class Kind:
    """One section of the table; `title` and `detail` by language, `about` for those who write callers."""

    code: str
    status: int
    title: Mapping[str, str]
    detail: Mapping[str, str]
    about: str

    @property
    def path(self) -> str:
        return f"/problems/{self.code.replace('_', '-')}"


@cache
def kinds() -> Mapping[str, Kind]:
    """All kinds of problems by code, in the order of the table."""
    return {code: Kind(code, **entry) for code, entry in tomllib.loads(TABLE.read_text("utf-8")).items()}


class Problem(Exception):
    """To be raised by whoever answers a request: a code of the table, headers, and facts for the document."""

    def __init__(self, code: str, *, headers: Mapping[str, str] | None = None, **facts: Any) -> None:
        super().__init__(code)
        self.code, self.headers, self.facts = code, headers, facts


def document(
    kind: Kind, language: str, public_url: str, request_id: str, facts: Mapping[str, object]
) -> dict[str, object]:
    """A problem document; `facts` are members of its own."""
    return {
        "type": public_url + kind.path,
        "title": kind.title[language],
        "status": kind.status,
        "detail": kind.detail[language],
        "code": kind.code,
        **facts,
        "request_id": request_id,
    }


class ProblemResponse(JSONResponse):
    media_type = MEDIA_TYPE

    def __init__(
        self, request: Request, code: str, *, headers: Mapping[str, str] | None = None, **facts: object
    ) -> None:
        """`facts` become members of the document."""
        kind, language = kinds()[code], preferred(request.headers.get("accept-language", ""))
        content = document(kind, language, request.app.state.site.public_url, request.state.request_id, facts)
        told = {"Content-Language": language, "Vary": "Accept-Language", **(headers or {})}
        super().__init__(content, kind.status, told)


def handle_problems(app: FastAPI) -> None:
    """Turn whatever may be raised into a problem document; what nobody foresaw is the front door's."""
    app.add_exception_handler(Problem, _raised)
    app.add_exception_handler(BookingError, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _by_status)
    for away in (OperationalError, InterfaceError, TimeoutError):
        app.add_exception_handler(away, _unavailable)


def _raised(request: Request, problem: Exception) -> ProblemResponse:
    assert isinstance(problem, Problem)  # noqa: S101 - Starlette's handlers promise no more than an exception.
    return ProblemResponse(request, problem.code, headers=problem.headers, **problem.facts)


def _refused(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, BookingError)  # noqa: S101
    told: dict[str, Any] = {TOLD[name]: fact for name, fact in error.facts.items() if name in TOLD}
    why_not = error.facts.get("why_not")
    if isinstance(why_not, WhyNot):
        told |= {"day": why_not.day and why_not.day.isoformat(), "reason_detail": why_not.detail}
    return ProblemResponse(request, error.code, **told)


_OF_STATUS = {
    HTTPStatus.BAD_REQUEST: "malformed",
    HTTPStatus.UNAUTHORIZED: "unauthenticated",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.NOT_ACCEPTABLE: "not_acceptable",
    HTTPStatus.REQUEST_TIMEOUT: "timeout",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media_type",
    HTTPStatus.TOO_MANY_REQUESTS: "too_many_requests",
}


def _by_status(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    code = _OF_STATUS.get(HTTPStatus(error.status_code), "internal")
    headers = dict(error.headers or {})
    if code == "method_not_allowed":
        headers["Allow"] = ", ".join(sorted(_methods(request)))
    return ProblemResponse(request, code, headers=headers)


def _methods(request: Request) -> set[str]:
    """All methods that any route knows at this path; Starlette names only those of the first."""
    routes = [route for route in iter_route_contexts(request.app.routes) if route.path and route.methods]
    here = (route for route in routes if compile_path(route.path or "")[0].match(request.scope["path"]))
    return {method for route in here for method in route.methods or ()}


def _invalid(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return ProblemResponse(request, "malformed")
    if isinstance(error.body, bytes) and error.body:  # FastAPI reads as JSON only what says that it is.
        return ProblemResponse(request, "unsupported_media_type")
    return ProblemResponse(request, "invalid", errors=[_place(one, error.body) for one in found])


def _place(one: Mapping[str, Any], body: Any) -> dict[str, str]:
    """Where something is wrong and what; never what was sent, which may be anybody's name."""
    where, *path = one["loc"]
    told = {"detail": one["msg"], "code": one["type"]}
    if where == "body":
        return {"pointer": "#" + "".join(f"/{_escaped(part)}" for part in _steps(path, body, one["type"])), **told}
    return {"parameter": "/".join(map(str, path)), "in": where, **told}


def _steps(path: Sequence[str | int], body: Any, what: str) -> Iterator[str | int]:
    """The path through the body. Of a union pydantic also names the member, which the caller never wrote."""
    for part in path:
        if part in body if isinstance(body, dict) else isinstance(part, int):
            body = body[part]
            yield part
        elif what == "missing" and part == path[-1]:
            yield part


def _escaped(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _unavailable(request: Request, error: Exception) -> ProblemResponse:
    """Nothing of what was asked for was stored; providers and callers come again later."""
    log.error("the database is away", extra={"error": type(error).__name__})
    return ProblemResponse(request, "unavailable", headers=SOON)
