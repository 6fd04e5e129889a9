"""Versions of things: what was read is changed, or nothing is."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any

from fastapi import Depends, Header

from app.http.problems import Problem


def etag(version: object) -> str:
    return f'"{version}"'


def digest(facts: Mapping[str, Any]) -> str:
    """The version of something that has no number: what it says."""
    return sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()[:16]


def demand(current: str, wanted: str) -> None:
    """Raise a problem unless the wanted version is the current one; `*` is any."""
    if wanted not in ("*", etag(current)):
        raise Problem("stale")


def _wanted(
    if_match: Annotated[str | None, Header(description="The ETag of what was read", examples=['"2"'])] = None,
) -> str:
    if if_match is None:
        raise Problem("precondition_required")
    return if_match


def _number(wanted: Annotated[str, Depends(_wanted)]) -> int | None:
    """The number of an appointment's version; None is any."""
    if wanted == "*":
        return None
    digits = wanted.strip('"')
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 10):
        raise Problem("stale")
    return int(digits)


IfMatch = Annotated[str, Depends(_wanted)]
IfVersion = Annotated[int | None, Depends(_number)]
