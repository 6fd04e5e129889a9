"""Versions of an appointment as ETags: nobody overwrites what they have not seen."""

import re
from typing import Annotated

from fastapi import Depends, Header

from app.http.problems import Problem
from booking_core.register import Appointment

_TAGS = re.compile(r'(?:W/)?"(\d{1,9})"')


def etag(appointment: Appointment) -> str:
    return f'"{appointment.version}"'


def unchanged(if_none_match: str | None, appointment: Appointment) -> bool:
    """Whether the caller has this version already."""
    return if_none_match is not None and str(appointment.version) in _TAGS.findall(if_none_match)


def _version(
    if_match: Annotated[str | None, Header(description="The ETag you read, or * for any")] = None,
) -> int | None:
    """The version meant; None for whichever it is."""
    if if_match is None:
        raise Problem("precondition_required")
    if if_match.strip() == "*":
        return None
    match = _TAGS.fullmatch(if_match.strip())
    if match is None:
        raise Problem("stale")
    return int(match[1])


Version = Annotated[int | None, Depends(_version)]
