"""What a customer gets to see of the bot's answer, and what anybody can read in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.messages import Choice

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MOMENT = re.compile(r"(?:(\d{1,2})\.(\d{1,2})\.|(\d{1,2}) ([A-Z][a-z]{2})[a-z]*),? (\d{1,2}):(\d{2})")
_REASON = re.compile(
    r"geschlossen|Feiertag|nur zu bestimmten|nichts (mehr )?frei|kurzfristig|Vergangenheit|im Voraus|nicht mehr hinein"
    r"|leider nicht an|nur am Telefon|zu dieser Jahreszeit|finde ich leider nicht"
    r"|closed|holiday|only at certain|nothing free|short notice|in the past|that far ahead|not enough time"
    r"|does not offer|only by phone|by phone only|on the phone|too close|time of year|can't find that place",
    re.IGNORECASE,
)
_KILOMETRES = re.compile(r"(\d+) km")
FAR = 20
_PERSON = re.compile(
    r"meldet sich hier|melden sich hier|antwortet Ihnen|get back to you here|will (write to|answer) you here",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Heard:
    """One line of the chat's contract."""

    text: str
    choices: tuple[Choice, ...]
    expects: str
    appointments: Sequence[dict[str, Any]]

    @property
    def reason(self) -> bool:
        """Whether it says why something cannot be."""
        shown = " ".join([self.text, *(choice.label for choice in self.choices)])
        too_far = any(int(distance) >= FAR for distance in _KILOMETRES.findall(shown))
        return too_far or _REASON.search(self.text) is not None

    @property
    def hands_over(self) -> bool:
        """Whether a person is to answer from now on."""
        return _PERSON.search(self.text) is not None

    @property
    def asks_for_car(self) -> bool:
        return re.search(r"kennzeichen|registration|plate", self.text, re.IGNORECASE) is not None

    @property
    def invites_name(self) -> bool:
        """Whether name and car are welcome along with the answer."""
        return self.asks_for_car and re.search(r"\bnamen?\b", self.text, re.IGNORECASE) is not None

    @property
    def asks_when(self) -> bool:
        return re.search(r"\bwann\b|\bwhen\b", self.text, re.IGNORECASE) is not None

    @property
    def question(self) -> str:
        """What a customer would call the question: the last sentence, and what there is to choose from."""
        last = re.split(r"(?<=[.!?:])\s+", self.text.strip())[-1]
        return " | ".join([self.expects, last, *(choice.label for choice in self.choices)])

    @property
    def confirmed(self) -> list[dict[str, Any]]:
        return [one for one in self.appointments if one["status"] == "confirmed"]


def moments(text: str, now: datetime) -> list[datetime]:
    """The days with a time that a text names; they are to come, so January is next year's in December."""
    found = []
    for day, month, day_too, name, hour, minute in _MOMENT.findall(text):
        number = int(month) if month else _MONTHS.index(name) + 1 if name in _MONTHS else 0
        if number:
            year = now.year + (number < now.month - 1)
            found.append(datetime(year, number, int(day or day_too), int(hour), int(minute), tzinfo=now.tzinfo))
    return found
