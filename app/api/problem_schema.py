"""The schema of a problem document."""

from typing import Any

from app.http.problems import kinds

_WRONG = {
    "type": "object",
    "required": ["detail", "code"],
    "properties": {
        "pointer": {"type": "string", "description": "A JSON Pointer into the body", "examples": ["#/start"]},
        "parameter": {"type": "string", "description": "A parameter's or a header's name"},
        "in": {"type": "string", "enum": ["query", "path", "header", "cookie"]},
        "detail": {"type": "string"},
        "code": {"type": "string"},
    },
}

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "description": "A refusal (RFC 9457). Some kinds have members of their own.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "A page about this kind of problem"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "code": {"type": "string", "enum": sorted(kinds())},
        "request_id": {"type": "string"},
        "errors": {"type": "array", "items": _WRONG, "description": "What is wrong where"},
        "reason": {"type": "string", "description": "Why a time cannot be booked"},
        "reason_detail": {"type": ["string", "null"]},
        "day": {"type": ["string", "null"], "format": "date"},
        "appointment_status": {"type": "string"},
        "limit": {"type": "integer"},
    },
}
