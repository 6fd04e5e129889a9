"""What customers say, from tables of phrases."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

DATA = Path(__file__).parent / "data"


@cache
def table(name: str) -> Mapping[str, Any]:
    """One file of data, such as the phrases of a language."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Wording:
    """How one person puts things; the same dice put them the same way."""

    language: str
    dice: Random

    def say(self, key: str, **facts: object) -> str:
        """One of the phrases for this, filled in."""
        return self.one_of(self.list(key)).format(**facts)

    def one_of(self, phrases: Sequence[str]) -> str:
        return self.dice.choice(phrases)

    def list(self, key: str) -> Sequence[str]:
        """All that stands under a key such as "weekdays" or "days.weekday"."""
        found: Any = table(self.language)
        for part in key.split("."):
            found = found[part]
        return found  # type: ignore[no-any-return]

    def service(self, codes: Sequence[str], form: str) -> str:
        """Services as "names" or as "needs", several of them in one phrase."""
        spoken = [self.one_of(self.list(f"services.{code}.{form}")) for code in codes]
        return spoken[0] if len(spoken) == 1 else self.say("and_", one=spoken[0], two=spoken[1])
