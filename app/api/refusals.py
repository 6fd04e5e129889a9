"""What an operation may refuse with, for its description."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from app.http.problems import MEDIA_TYPE, Kind, document, kinds

REQUEST_ID = "9f2c4e1b7a3d5068c1e2f4a6"
FACTS: dict[str, dict[str, Any]] = {
    "invalid": {"errors": [{"pointer": "#/start", "detail": "Field required", "code": "missing"}]},
    "not_bookable": {"reason": "holiday", "day": "2026-12-25", "reason_detail": "Erster Weihnachtstag"},
    "wrong_status": {"appointment_status": "cancelled"},
    "too_many_appointments": {"limit": 3},
    "too_many_holds": {"limit": 12},
}
"""Members that problems of these kinds have besides the usual ones."""

ANYWHERE = ("invalid", "too_many_requests", "internal", "unavailable")
WITH_BODY = ("malformed", "timeout", "too_large", "unsupported_media_type")


def refusals(*codes: str, body: bool = False) -> dict[int | str, dict[str, Any]]:
    """`responses` of an operation that may refuse for these reasons and for those that anything may be refused for."""
    mine = {*codes, *ANYWHERE, *(WITH_BODY if body else ())}
    told = sorted((kind for code, kind in kinds().items() if code in mine), key=lambda kind: kind.status)
    return {status: _response(list(group)) for status, group in groupby(told, key=lambda kind: kind.status)}


def _response(told: list[Kind]) -> dict[str, Any]:
    return {
        "description": " – or – ".join(kind.title["en"] for kind in told),
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "examples": {kind.code: dict(_example(kind)) for kind in told},
            }
        },
    }


def _example(kind: Kind) -> Iterator[tuple[str, Any]]:
    yield "summary", kind.title["en"]
    yield "value", document(kind, "en", "", REQUEST_ID, FACTS.get(kind.code, {}))
