"""A message as it was heard: its words and the phrases found in them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.understanding.languages import LINGUA_FRANCA, MOST_COMMON, language_of, marked_languages
from bot.understanding.lexicon import Lexicon, languages, lexicon
from bot.understanding.meaning import Expecting
from bot.understanding.patterns import Sense
from bot.understanding.phrasebook import Hit, Phrasebook, longest
from bot.understanding.words import Word, clean, split

_STATEMENTS = frozenset({"service", "symptom", "intent", "skip"})
_NEEDS = frozenset({"service", "symptom"})
_WORKSHOPS_KEPT = 64
_DISTRICT, _NO_CLOCK = 3, 3
_BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Hearing:
    """One message with all that its language's catalogue knows of it."""

    text: str
    words: tuple[Word, ...]
    hits: tuple[Hit, ...]
    language: str
    lexicon: Lexicon
    expecting: Expecting

    def of(self, kind: str, key: str | None = None) -> Iterator[Hit]:
        """The hits of a kind in the order they were said."""
        return (hit for hit in self.hits if hit.sense.kind == kind and key in (None, hit.sense.key))

    def says(self, kind: str, key: str | None = None) -> bool:
        """Whether anything of that kind was said."""
        return any(True for _ in self.of(kind, key))

    def outside(self, spans: Sequence[tuple[int, int]]) -> "Hearing":
        """The same without the phrases that stand in those stretches of the text: the "K" of a plate is no "okay"."""
        taken = {
            place
            for place, word in enumerate(self.words)
            if any(start < word.end and word.start < end for start, end in spans)
        }
        return (
            replace(self, hits=tuple(hit for hit in self.hits if not taken.intersection(hit.places))) if taken else self
        )

    @property
    def clauses(self) -> dict[int, set[int]]:
        """The places of the words of each clause."""
        clauses: dict[int, set[int]] = defaultdict(set)
        for place, word in enumerate(self.words):
            clauses[word.clause].add(place)
        return clauses

    def states_anything(self, *, needs_only: bool = False, apart: frozenset[int] = frozenset()) -> bool:
        """Whether the catalogue of this language makes any sense of words not `apart`, or names a need in them."""
        kinds = _NEEDS if needs_only else _STATEMENTS
        return any(hit.sense.kind in kinds and not apart.issuperset(hit.places) for hit in self.hits)

    def places(self, kind: str, key: str | None = None) -> frozenset[int]:
        """The places of all words that such phrases are made of."""
        return frozenset(place for hit in self.of(kind, key) for place in hit.places)


def hear(text: str, *, language: str | None, expecting: Expecting, words: Mapping[str, Sequence[str]]) -> Hearing:
    """Hear a message in its own language, or in another one that makes more of it ("oil change" from a German)."""
    line = split(text)
    spoken = language_of(_prose(text, line), language)
    own = _own_phrases(tuple((code, tuple(names)) for code, names in words.items()))
    heard = _hear_in(spoken, text, line, expecting, own)
    if heard.states_anything():
        return heard
    marked = marked_languages(line)
    told = spoken if language or marked else None
    others = (_hear_in(other, text, line, expecting, own, told) for other in _others(spoken, line))
    needs_only = marked == (spoken,)  # "der bringt das Auto" is no English, "brauch nen oil change" is.
    plate = frozenset(here for here in range(len(line)) if _in_plate(text, line, here))
    return next((other for other in others if other.states_anything(needs_only=needs_only, apart=plate)), heard)


def _prose(text: str, line: tuple[Word, ...]) -> Sequence[Word]:
    """The words without the letters of a plate: "BN-ON 3858" is not English."""
    return [word for here, word in enumerate(line) if not _in_plate(text, line, here)]


def _in_plate(text: str, line: tuple[Word, ...], here: int) -> bool:
    """Whether the word is the middle of "BN-ON 3858" or "su ve 3692"; two figures may be those of a clock."""
    if not here or here + 1 == len(line) or not line[here + 1].typed.isdecimal():
        return False
    before, letters, digits = line[here - 1], line[here], line[here + 1]
    spaced = max(len(before.typed), len(letters.typed) + 1) <= _DISTRICT and len(digits.typed) >= _NO_CLOCK
    return spaced or text[before.end : letters.start] == "-"


def _others(spoken: str, line: tuple[Word, ...]) -> Iterator[str]:
    """The languages to try next: what everybody mixes in, and where some words point to."""
    marked = marked_languages(line)
    for other in languages():
        if other != spoken and (other in (*marked, MOST_COMMON, LINGUA_FRANCA) or not marked):
            yield other


def _hear_in(
    catalogue: str, text: str, line: tuple[Word, ...], expecting: Expecting, own: Phrasebook, spoken: str | None = None
) -> Hearing:
    known, named = lexicon(catalogue), own.find(line, expecting)
    taken = {place for hit in named for place in hit.places}  # A workshop knows better than we what "Getriebe…" is.
    found = (
        hit
        for hit in known.phrases.find(line, expecting)
        if hit.sense.kind not in _NEEDS or not taken.issuperset(hit.places)
    )
    hits = longest([*found, *named])
    return Hearing(text, line, tuple(hits), spoken or catalogue, known, expecting)


@lru_cache(_WORKSHOPS_KEPT)
def _own_phrases(words: tuple[tuple[str, tuple[str, ...]], ...]) -> Phrasebook:
    own = ((Sense("service", code), phrase) for code, names in words for name in names for phrase in _phrases(name))
    return Phrasebook(own, groups={})


def _phrases(name: str) -> set[str]:
    """How a name may be said, as patterns: with what stands in brackets and without, none for one without a letter.

    A hyphen goes, since a compound is also found in two words.
    """
    ways = (clean(way).replace("-", "") for way in (name, _BRACKETS.sub(" ", name)))
    said = (" ".join(word.typed for word in split(way)) for way in ways)
    return {phrase for phrase in said if any(map(str.isalpha, phrase))}
