"""Phrases as a catalogue writes them.

A pattern is a row of words: `reifen wechseln`. In it
- `wechsel*`, `*wechsel` and `*wechsel*` stand for every word that starts with, ends with or holds the letters,
- `a|b` for either word, `<tyre>` for every word of that group,
- `..` for up to five other words of the same sentence,
- `&` between all words says that they may stand in any order, up to eight words apart,
- `^` and `$` for the start and the end of a clause, fillers ("also", "bitte") aside, `?` at the end for a question.
A word of seven letters or more is also found when it was typed in two ("Öl wechsel").
"""

from dataclasses import dataclass

from bot.understanding.vocabulary import Vocabulary

# These words are rarely anything else, however mistyped.
_TRADE = frozenset({"service", "symptom"})


@dataclass(frozen=True, slots=True)
class Sense:
    """What a phrase stands for: a kind of fact ("service"), which one ("oil-change"), and after what question."""

    kind: str
    key: str
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One word of a pattern, by its number in the vocabulary; others may stand before it `after_gap`."""

    element: int
    after_gap: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled phrase."""

    sense: Sense
    steps: tuple[Step, ...]
    opens: bool
    closes: bool
    asks: bool
    in_any_order: bool


def compiled(sense: Sense, phrase: str, vocabulary: Vocabulary) -> Pattern:
    """The phrase as a pattern, its words known to the vocabulary; raises ValueError for one that cannot be said."""
    parts = phrase.split()
    opens, asks = parts[0] == "^", parts[-1] == "?"
    closes = parts[-1 - asks] == "$"
    steps, gap = [], False
    for part in parts[opens : len(parts) - closes - asks]:
        if part in ("..", "&"):
            gap = True
            continue
        steps.append(Step(vocabulary.element(part, of_the_trade=sense.kind in _TRADE), gap))
        gap = False
    if gap or not steps:
        raise ValueError(f"{phrase!r} ends in a gap or holds no word")
    return Pattern(sense, tuple(steps), opens, closes, asks, "&" in parts)
