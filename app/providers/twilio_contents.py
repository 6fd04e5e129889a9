"""What Twilio knows of buttons, lists and templates, and which of them it lets pass."""

import re
import secrets
from collections.abc import Mapping
from typing import Any

from app.providers.twilio_messages import Made

MOST_CHOICES = {"twilio/quick-reply": 3, "twilio/list-picker": 10}
LONGEST_BODY, LONGEST_ITEM, LONGEST_BUTTON = 1024, 24, 20
TOO_MANY_CHOICES, NO_SUCH_CONTENT, WRONG_VARIABLES, OUTSIDE_OF_WINDOW = 60200, 21655, 21656, 63016


class Contents:
    """The contents of an account, oldest first in `made`."""

    def __init__(self) -> None:
        self.made: list[dict[str, Any]] = []

    def make(self, asked: dict[str, Any]) -> dict[str, Any] | int:
        """The content as it is kept now, or an error's code."""
        [(kind, shape)] = asked["types"].items()
        if len(_choices(shape)) > MOST_CHOICES.get(kind, 0):
            return TOO_MANY_CHOICES
        self.made.append({"sid": _sid(), **asked})
        return self.made[-1]

    def approve_template(self, body: str) -> str:
        """The ContentSid of a template that WhatsApp has approved."""
        self.made.append({"sid": _sid(), "friendly_name": body[:20], "types": {"twilio/text": {"body": body}}})
        return str(self.made[-1]["sid"])

    def fill(self, made: Made, sid: str, values: dict[str, str], *, outside: bool) -> int | None:
        """Write the content into the message; an error's code if it does not fit. Only templates go `outside`."""
        content = next((one for one in self.made if one["sid"] == sid), None)
        if content is None:
            return NO_SUCH_CONTENT
        [(kind, shape)] = content["types"].items()
        if kind != "twilio/text" and outside:
            made.error = OUTSIDE_OF_WINDOW

        def fill(text: str) -> str:
            return re.sub(r"\{\{(\d+)\}\}", lambda found: values[found[1]], text)

        try:
            made.body = fill(shape["body"])
            buttons = [(one.get("title") or one["item"], one["id"]) for one in _choices(shape)]
            made.buttons = [(fill(title), fill(id)) for title, id in buttons]
        except KeyError:
            return WRONG_VARIABLES
        longest = LONGEST_ITEM if kind == "twilio/list-picker" else LONGEST_BUTTON
        fits = len(made.body) <= LONGEST_BODY and all(0 < len(title) <= longest for title, _ in made.buttons)
        return None if fits else WRONG_VARIABLES


def _sid() -> str:
    return f"HX{secrets.token_hex(16)}"


def _choices(shape: Mapping[str, Any]) -> list[dict[str, str]]:
    return list(shape.get("actions", shape.get("items", [])))
