"""What the document says of refusals: which there may be, and what each looks like."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field

from app.http.languages import LANGUAGES
from app.http.problems import MEDIA_TYPE, Kind, kinds

ALWAYS = ("malformed", "timeout", "too_large", "unsupported_media_type", "too_many_requests", "invalid", "unavailable")
KNOWN = (*ALWAYS, "unauthenticated", "forbidden", "forged")
AT_THE_COUNTER = (*KNOWN, "unknown_workshop", "unknown")
CHANGES = ("stale", "precondition_required")
BOOKINGS = (
    *("unknown_appointment", "unknown_customer", "unknown_vehicle", "unknown_service"),
    *("slot_taken", "not_bookable", "wrong_status", "too_many_appointments"),
)


class Refusal(BaseModel):
    """A problem as RFC 9457 has it; some kinds tell more."""

    model_config = {"extra": "allow"}

    type: str = Field(description="The address of a page about this kind")
    title: str
    status: int
    detail: str
    code: str
    request_id: str


Responses = dict[int | str, dict[str, Any]]


def refusals(*codes: str) -> Responses:
    """For `responses` of a route or router: these kinds of problems by status, each with an example."""
    by_status: Mapping[int, list[Kind]] = defaultdict(list)
    for code in codes:
        by_status[kinds()[code].status].append(kinds()[code])
    return {status: _response(found) for status, found in sorted(by_status.items())}


def _response(found: list[Kind]) -> dict[str, Any]:
    examples = {kind.code: {"summary": kind.title[LANGUAGES[0]], "value": _example(kind)} for kind in found}
    return {
        "description": " / ".join(kind.title[LANGUAGES[0]] for kind in found),
        "content": {MEDIA_TYPE: {"schema": Refusal.model_json_schema(), "examples": examples}},
    }


def _example(kind: Kind) -> dict[str, Any]:
    return {
        "type": f"https://termin.example.de{kind.path}",
        "title": kind.title[LANGUAGES[0]],
        "status": kind.status,
        "detail": kind.detail[LANGUAGES[0]],
        "code": kind.code,
        "request_id": "5f0c1a9b7d2e4c63a1b08f7e",
    }
