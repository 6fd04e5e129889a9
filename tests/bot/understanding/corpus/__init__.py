"""Messages as customers of car workshops write them, with what they mean on Monday, 23 November 2026, 10:00 in Berlin.

Every line of the `.jsonl` files is one message. Left out means: nothing of that kind was said. `also_…` lists answers
that are right as well; the language "*" is not judged, for "STOP" is in all; `when` null means that a date is said but
not judged. A window is "2026-11-24" (a day), "2026-11-24T10:00" (a clock time, without a date if none was said),
"2026-11-24@morning" (a part of the day), "a/b" (half-open, either side may be missing) or
"soonest".
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.understanding import understand
from bot.understanding.meaning import Expecting, Understanding

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
_DETAILS = ("number", "plz", "city", "mileage", "name", "email", "phone", "code", "wanted_language")
_OF_THE_CAR = ("plate", "make", "model", "year")


@dataclass(frozen=True)
class Case:
    """One message and what it means."""

    text: str
    lang: str
    expecting: Expecting = Expecting.NOTHING
    services: frozenset[str] = frozenset()
    also_services: frozenset[str] = frozenset()
    symptoms: frozenset[str] = frozenset()
    also_symptoms: frozenset[str] = frozenset()
    intents: frozenset[str] = frozenset()
    also_intents: frozenset[str] = frozenset()
    danger: bool = False
    skipped: bool | None = False
    when: tuple[str, ...] | None = ()
    details: dict[str, Any] = field(default_factory=dict)

    def understood(self) -> Understanding:
        """What we make of it: on first contact the language is not known, later it is."""
        known = None if self.expecting is Expecting.NOTHING else self.lang
        return understand(self.text, now=NOW, language=known, expecting=self.expecting)


def details_of(understood: Understanding) -> dict[str, Any]:
    """All details that were heard, by the names the corpus has for them."""
    heard = {key: getattr(understood, key) for key in _DETAILS}
    heard |= {key: getattr(understood.vehicle, key) for key in _OF_THE_CAR}
    heard["plate_candidates"] = list(understood.plate_candidates)
    return {key: value for key, value in heard.items() if value}


@cache
def cases() -> tuple[Case, ...]:
    """The whole corpus."""
    return tuple(
        _case(json.loads(line))
        for file in sorted(Path(__file__).parent.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    )


def _case(row: dict[str, Any]) -> Case:
    sets = {key: frozenset(row.pop(key, ())) for key in (*_SETS, *(f"also_{key}" for key in _SETS))}
    when = row.pop("when", ())
    return Case(
        text=row.pop("text"),
        lang=row.pop("lang"),
        expecting=Expecting(row.pop("expecting", "nothing")),
        danger=row.pop("danger", False),
        skipped=row.pop("skipped", False),
        when=None if when is None else tuple(when),
        **sets,
        details=row,
    )


_SETS = ("services", "symptoms", "intents")
