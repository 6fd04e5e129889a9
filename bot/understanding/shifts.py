"""Wishes that lean on what was just shown: later, another day, the other workshop, this one too."""

import tomllib
from functools import cache
from importlib.resources import files

from bot.understanding.hearing import Hearing
from bot.understanding.meaning import Shift
from bot.understanding.patterns import Sense
from bot.understanding.phrasebook import Phrasebook

_DATA = files("bot.understanding") / "data" / "shifts.toml"
_ALSO = "also"


def read_shift(heard: Hearing) -> Shift | None:
    """What is to be different; the last thing said counts."""
    keys = [key for key in _said(heard) if key != _ALSO]
    return Shift(keys[-1]) if keys else None


def read_also(heard: Hearing) -> bool:
    """Whether what is said comes on top of what was said before."""
    return _ALSO in _said(heard)


def _said(heard: Hearing) -> list[str]:
    return [hit.sense.key for hit in _phrases(heard.language).find(heard.words, heard.expecting)]


@cache
def _phrases(language: str) -> Phrasebook:
    rows = tomllib.loads(_DATA.read_text(encoding="utf-8")).get(language, {})
    return Phrasebook(((Sense("shift", key), phrase) for key, said in rows.items() for phrase in said), groups={})
