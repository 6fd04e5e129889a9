"""Buttons and lists on WhatsApp: Twilio wants each shape made once, and filled in with every message."""

import json
import logging
import threading
from collections.abc import Sequence
from typing import Any

from bot.messages import Choice
from channels.twilio_resources import Resource

log = logging.getLogger(__name__)

LONGEST_TEXT = 1024
BUTTONS, LONGEST_BUTTON = 3, 20
ITEMS, LONGEST_ITEM = 10, 24
OPEN_LIST = "☰"


def shape_of(text: str, choices: Sequence[Choice]) -> str | None:
    """What shows these choices; None where only numbered text can."""
    longest = max((len(choice.label) for choice in choices), default=0)
    if not choices or len(text) > LONGEST_TEXT:
        return None
    if len(choices) <= BUTTONS and longest <= LONGEST_BUTTON:
        return "quick-reply"
    return "list-picker" if len(choices) <= ITEMS and longest <= LONGEST_ITEM else None


def variables(text: str, choices: Sequence[Choice]) -> str:
    """What fills in a shape: the text, then label and id of each choice."""
    values = [text, *(part for choice in choices for part in (choice.label, choice.id))]
    return filled(values)


def filled(values: Sequence[str]) -> str:
    """Variables as Twilio wants them: JSON with numbers as names, from "1" on."""
    return json.dumps({str(number): value for number, value in enumerate(values, 1)}, ensure_ascii=False)


class Contents:
    """The shapes in our account, made when first needed."""

    def __init__(self, resource: Resource) -> None:
        self._resource = resource
        self._sids: dict[str, str] | None = None
        self._lock = threading.Lock()

    def sid(self, shape: str, count: int) -> str | None:
        """The shape for so many choices; None if Twilio does not let us have it just now."""
        name = f"werkstatt-{shape}-{count}"
        with self._lock:
            try:
                if self._sids is None:
                    self._sids = self._existing()
                if name not in self._sids:
                    self._sids[name] = self._make(name, shape, count)
                return self._sids[name]
            except Exception as error:
                log.warning("no template at Twilio", extra={"kind": name, "error": type(error).__name__})
                return None

    def _existing(self) -> dict[str, str]:
        return {one["friendly_name"]: one["sid"] for one in self._resource.list(500)}

    def _make(self, name: str, shape: str, count: int) -> str:
        pairs = [(f"{{{{{2 * i}}}}}", f"{{{{{2 * i + 1}}}}}") for i in range(1, count + 1)]
        body: dict[str, Any] = {"body": "{{1}}"}
        if shape == "quick-reply":
            body["actions"] = [{"type": "QUICK_REPLY", "title": title, "id": id} for title, id in pairs]
        else:
            body |= {"button": OPEN_LIST, "items": [{"item": title, "id": id} for title, id in pairs]}
        samples = {str(number): f"x{number}" for number in range(1, 2 * count + 2)}
        asked = {"friendly_name": name, "language": "de", "variables": samples, "types": {f"twilio/{shape}": body}}
        return str(self._resource.create(asked, {"Content-Type": "application/json"})["sid"])
