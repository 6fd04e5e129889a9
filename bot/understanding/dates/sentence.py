"""A message being read: its terms, and the moment it was written."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from bot.understanding.dates.daynames import COMING
from bot.understanding.dates.kinds import Kind
from bot.understanding.dates.lexicon import Lexicon
from bot.understanding.dates.terms import Term
from bot.understanding.dates.tokens import Whole

Read = TypeVar("Read")

_LONGEST_ROW = 8  # So that reading takes time in proportion to the length of any text.
_END = Term("", -1, -1, False, {})


@dataclass(frozen=True)
class Sentence:
    """The terms of a message, readable past its end, where nothing stands."""

    terms: Sequence[Term]
    lexicon: Lexicon
    now: datetime
    memo: dict[Hashable, object] = field(default_factory=dict, compare=False)

    @property
    def today(self) -> date:
        return self.now.date()

    def remembered(self, rule: Callable[..., Read], *place: int) -> Read:
        """What the rule reads at the place, worked out once."""
        key = (rule, *place)
        if key not in self.memo:
            self.memo[key] = rule(self, *place)
        return self.memo[key]  # type: ignore[return-value]

    def __getitem__(self, place: int) -> Term:
        return self.terms[place] if 0 <= place < len(self.terms) else _END

    def __len__(self) -> int:
        return len(self.terms)

    def has(self, place: int, *kinds: Kind) -> bool:
        """Whether the term here can play one of these parts."""
        return not self[place].meanings.keys().isdisjoint(kinds)

    def skip(self, place: int, *kinds: Kind) -> int:
        """The first place from here on that can play none of these parts; gives up in a long row of them."""
        last = place + _LONGEST_ROW
        while place < last and self.has(place, *kinds):
            place += 1
        return place

    def dot(self, place: int) -> int:
        """The place after a full stop, if one is glued to what stands before."""
        return place + 1 if self[place].key == "." and self[place].glued else place

    def is_short_unknown(self, place: int) -> bool:
        """Whether a short word without meaning stands here, such as the first letters of a plate."""
        term = self[place]
        return term.letters and len(term.key) <= 3 and term.meanings.keys() <= {Kind.COUNTED}

    def ref(self, place: int) -> int | None:
        """0 for this, 1 for next, 2 for the one after, negative for past ones, COMING for the nearest to come."""
        return COMING if self[place].name(Kind.REF) is not None else self[place].number(Kind.REF)

    def whole(self, place: int) -> int | None:
        """The number standing here, in figures or words."""
        shape = self[place].shape
        if isinstance(shape, Whole):
            return shape.value
        return self[place].number(Kind.NUMBER)

    def quantity(self, place: int) -> int | None:
        """How many, said in figures, words or vaguely ("ein paar")."""
        vague = self[place].number(Kind.QUANTITY)
        return vague if vague is not None else self.whole(place)
