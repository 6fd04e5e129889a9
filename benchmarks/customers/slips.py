"""Slips of the thumb."""

import re
from collections.abc import Collection
from random import Random

_LONG_WORD = re.compile(r"\b[a-zäöüß]{6,}\b", re.IGNORECASE)
_PLAIN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def slipped(text: str, dice: Random, spared: Collection[str]) -> str:
    """The text with one long word mistyped, but none in `spared`: who mistypes a name gets what they wrote."""
    words = [match for match in _LONG_WORD.finditer(text) if not any(match[0] in each for each in spared)]
    if not words:
        return text
    word = dice.choice(words)
    place = dice.randint(word.start() + 1, word.end() - 2)
    match dice.choice(["swap", "drop", "double"]):
        case "swap":
            return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
        case "drop":
            return text[:place] + text[place + 1 :]
        case _:
            return text[:place] + text[place] + text[place:]


def plain(text: str) -> str:
    """The text as it compares with what was typed in a hurry."""
    return without_umlauts(text).casefold()


def without_umlauts(text: str) -> str:
    return text.translate(_PLAIN)
