"""The terminal as a channel: lines of text for people, lines of JSON for scripts."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.messages import OutboundMessage

HOME = ZoneInfo("Europe/Berlin")
"""The zone of a moment written without one."""


@dataclass(frozen=True)
class Line:
    """What one line of input asks for: first the clock is set, then the words are said or the choice is taken."""

    text: str | None = None
    choice: str | None = None
    now: datetime | None = None
    error: str | None = None


def read_json(line: str) -> Line:
    """A line of JSON; whatever is wrong with it is told in `error`, never raised."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return Line(error="This line is no JSON.")
    if not isinstance(told, dict) or not told.keys() & {"text", "choose", "now"}:
        return Line(error='A line is an object with "text", "choose" or "now".')
    for key in ("text", "choose", "now"):
        if not isinstance(told.get(key, ""), str):
            return Line(error=f'"{key}" is a string.')
    try:
        return Line(told.get("text"), told.get("choose"), read_moment(told["now"]) if "now" in told else None)
    except ValueError:
        return Line(error='"now" is a moment like 2026-11-23T10:00:00+01:00.')


def read_moment(text: str) -> datetime:
    """A moment in ISO 8601, with or without its zone. Raises ValueError, also for years that have no neighbours."""
    moment = datetime.fromisoformat(text)
    if not 1900 <= moment.year <= 2999:
        raise ValueError(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=HOME)


def as_json(message: OutboundMessage) -> dict[str, Any]:
    choices = [{"id": choice.id, "label": choice.label} for choice in message.choices]
    return {"text": message.text, "choices": choices}
