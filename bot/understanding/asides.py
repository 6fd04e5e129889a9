"""What is said beside a wish: other times than those shown, on top of what was wanted, how they come, who they are."""

import re

from bot.understanding.hearing import Hearing
from bot.understanding.meaning import Channel, Pronoun, Question, Shift, Stay
from bot.understanding.phrasebook import longest

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


class Asides:
    """The asides of one message by their keys, in the order they were said; of several of a kind the last counts."""

    def __init__(self, heard: Hearing) -> None:
        self._keys = [hit.sense.key for hit in longest(heard.of("aside"))]
        self._text = heard.text

    def says(self, key: str) -> bool:
        """Whether such an aside was made."""
        return key in self._keys

    @property
    def shift(self) -> Shift | None:
        return next((Shift(key) for key in reversed(self._keys) if key in _SHIFTS), None)

    @property
    def stay(self) -> Stay | None:
        return next((Stay(key) for key in reversed(self._keys) if key in _STAYS), None)

    @property
    def pronoun(self) -> Pronoun | None:
        return next((Pronoun(key) for key in reversed(self._keys) if key in _PRONOUNS), None)

    @property
    def question(self) -> Question | None:
        asked = (key.removeprefix(_ASK) for key in reversed(self._keys) if key.startswith(_ASK))
        return next(map(Question, asked), None)

    @property
    def booked_by(self) -> Channel | None:
        said = (key.removeprefix(_BY) for key in reversed(self._keys) if key.startswith(_BY))
        return next(map(Channel, said), None)

    @property
    def names_a_year(self) -> bool:
        return self.says("next_year") or _YEAR.search(self._text) is not None


_SHIFTS, _STAYS, _PRONOUNS = frozenset(Shift), frozenset(Stay), frozenset(Pronoun)
_BY, _ASK = "by_", "ask_"
