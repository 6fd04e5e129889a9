"""Postal codes as they are dictated, one digit after the other: "5 0 6 6 7", "fünf null sechs sechs sieben"."""

import re
from functools import cache

from booking_core.postcodes import is_known
from bot.understanding.data import table

_LENGTH = 5


def joined(text: str) -> str:
    """The text with each postal code in one piece."""
    values, spoken = _spoken()
    return spoken.sub(lambda run: _code(run[0], values), text)


def _code(run: str, values: dict[str, str]) -> str:
    code = "".join(values.get(word.casefold(), word) for word in run.split())
    return code if is_known(code) else run


@cache
def _spoken() -> tuple[dict[str, str], re.Pattern[str]]:
    """What each digit is called, and how five of them look in a row."""
    values = {name: digit for digit, names in table("digits")["names"].items() for name in names}
    digit = "(?:" + "|".join(("[0-9]", *sorted(values, key=len, reverse=True))) + ")"
    return values, re.compile(rf"(?<!\S)(?<![0-9] ){digit}(?: {digit}){{{_LENGTH - 1}}}(?![\w-]| [0-9])", re.IGNORECASE)
