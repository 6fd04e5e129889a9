"""Phrases as a catalogue writes them, compiled so that a message is searched once for all of them.

A pattern is a row of words: `reifen wechseln`. In it
- `wechsel*`, `*wechsel` and `*wechsel*` stand for every word that starts with, ends with or holds the letters,
- `a|b` for either word, `<tyre>` for every word of that group,
- `..` for up to five other words of the same sentence,
- `^` and `$` for the start and the end of a clause, fillers ("also", "bitte") aside, `?` at the end for a question.
A word of seven letters or more is also found when it was typed in two ("Öl wechsel").
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from bot.understanding.words import Word, fold, split

WIDEST_GAP = 5
SHORTEST_TYPO = 5
SHORTEST_COMPOUND = 7
# How alike (0 to 100) a typo must be. Long words of the trade are hardly ever anything else ("hauptuntersuchng"); short
# words and everyday verbs have too many neighbours ("schmieren" is not "schieben").
CUTOFF_TRADE, CUTOFF_OTHER = 80, 88
LONG = 8
MOST_LETTERS_OFF = 2
# Hints say how other words are meant; they neither hide a statement nor are hidden by one.
_HINTS = frozenset({"cue", "cardinal", "ordinal"})
_TRADE = frozenset({"service", "symptom"})
KNOWN_WORDS_KEPT = 8_192


@dataclass(frozen=True, slots=True)
class Sense:
    """What a phrase stands for: a kind of fact ("service"), which one ("oil-change"), and after what questions."""

    kind: str
    key: str
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found in a message, with the places of the words that made it."""

    sense: Sense
    places: tuple[int, ...]

    @property
    def plain(self) -> bool:
        """Whether a single word said it."""
        return len(self.places) == 1

    @property
    def first(self) -> int:
        return self.places[0]

    @property
    def last(self) -> int:
        return self.places[-1]


@dataclass(frozen=True, slots=True)
class _Step:
    element: int
    after_gap: bool


@dataclass(frozen=True, slots=True)
class _Pattern:
    sense: Sense
    steps: tuple[_Step, ...]
    opens: bool
    closes: bool
    asks: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """A message laid out for searching: what each word, and each pair of words, may be."""

    words: Sequence[Word]
    single: Sequence[frozenset[int]]
    double: Sequence[frozenset[int]]
    opens: Sequence[bool]
    closes: Sequence[bool]


_NOTHING: frozenset[int] = frozenset()


class Phrasebook:
    """Patterns by sense. Compiled once; looking up is pure."""

    def __init__(
        self,
        phrases: Iterable[tuple[Sense, str]],
        *,
        groups: Mapping[str, Sequence[str]],
        fillers: Iterable[str] = (),
        correct: Iterable[str] = (),
        typos: bool = True,
    ) -> None:
        self._groups = groups
        self._elements: dict[str, int] = {}
        self._words: dict[str, set[int]] = defaultdict(set)
        self._heads: dict[str, set[int]] = defaultdict(set)
        self._tails: dict[str, set[int]] = defaultdict(set)
        self._cores: dict[str, set[int]] = defaultdict(set)
        self._fillers = frozenset(map(fold, fillers))
        self._by_first: dict[int, list[_Pattern]] = defaultdict(list)
        trade: set[int] = set()
        for sense, phrase in phrases:
            pattern = self._compile(sense, phrase)
            self._by_first[pattern.steps[0].element].append(pattern)
            if sense.kind in _TRADE:
                trade.update(step.element for step in pattern.steps)
        self._correct = frozenset(map(fold, correct)) | self._fillers
        self._typo_targets: dict[tuple[str, bool], list[str]] = defaultdict(list)
        for shelf in (self._words, self._heads, self._cores) if typos else ():
            for word, elements in shelf.items():
                if len(word) >= SHORTEST_TYPO and word.isalpha():
                    of_the_trade = len(word) >= LONG and not trade.isdisjoint(elements)
                    self._typo_targets[word[0], of_the_trade].append(word)
        self._meanings: Callable[[str], frozenset[int]] = lru_cache(KNOWN_WORDS_KEPT)(self._look_up)
        self._compounds: Callable[[str, str], frozenset[int]] = lru_cache(KNOWN_WORDS_KEPT)(self._look_up_compound)

    def find(self, words: Sequence[Word], question: str) -> list[Hit]:
        """Every phrase said, in order; a phrase whose words are all part of a longer one is not one of them."""
        line = self._lay_out(words)
        hits = [hit for start in range(len(words)) for hit in self._starting(line, start, question)]
        return longest(hits)

    def knows(self, word: str) -> bool:
        """Whether a folded word is spelt as in one of the phrases."""
        return bool(self._spelt(word))

    def _compile(self, sense: Sense, phrase: str) -> _Pattern:
        parts = phrase.split()
        opens, asks = parts[0] == "^", parts[-1] == "?"
        closes = parts[-1 - asks] == "$"
        steps, gap = [], False
        for part in parts[opens : len(parts) - closes - asks]:
            if part == "..":
                gap = True
                continue
            steps.append(_Step(self._element(part), gap))
            gap = False
        if gap or not steps:
            raise ValueError(f"{phrase!r} ends in a gap or holds no word")
        return _Pattern(sense, tuple(steps), opens, closes, asks)

    def _element(self, part: str) -> int:
        if part in self._elements:
            return self._elements[part]
        number = self._elements[part] = len(self._elements)
        for choice in part.split("|"):
            group = self._groups[choice[1:-1]] if choice.startswith("<") else (choice,)
            for word in group:
                letters = word.strip("*")
                if len(split(letters)) != 1 or split(letters)[0].typed != letters:
                    raise ValueError(f"{word!r} in {part!r} is not one word")
                self._shelf(word)[fold(letters)].add(number)
        return number

    def _shelf(self, word: str) -> dict[str, set[int]]:
        match word.startswith("*"), word.endswith("*"):
            case True, True:
                return self._cores
            case True, False:
                return self._tails
            case False, True:
                return self._heads
            case _:
                return self._words

    def _look_up(self, word: str) -> frozenset[int]:
        found = self._spelt(word)
        if not found and len(word) >= SHORTEST_TYPO and word.isalpha() and word not in self._correct:
            nearest = self._nearest(word)
            found = self._spelt(nearest) if nearest else found
        return found

    def _spelt(self, word: str) -> frozenset[int]:
        found = set(self._words.get(word, ()))
        for length in range(1, len(word) + 1):
            found.update(self._heads.get(word[:length], ()))
            found.update(self._tails.get(word[-length:], ()))
        for core, elements in self._cores.items():
            if core in word:
                found.update(elements)
        return frozenset(found)

    def _nearest(self, word: str) -> str | None:
        for of_the_trade, cutoff in ((True, CUTOFF_TRADE), (False, CUTOFF_OTHER)):
            targets = self._typo_targets.get((word[0], of_the_trade), ())
            best = process.extractOne(word, targets, scorer=fuzz.ratio, score_cutoff=cutoff)
            if best and abs(len(best[0]) - len(word)) <= MOST_LETTERS_OFF:
                return best[0]
        return None

    def _look_up_compound(self, left: str, right: str) -> frozenset[int]:
        whole = fold(left + right)
        if len(whole) < SHORTEST_COMPOUND or not whole.isalpha():
            return _NOTHING
        return frozenset(self._words.get(whole, ()))

    def _lay_out(self, words: Sequence[Word]) -> _Line:
        count = len(words)
        single = [self._meanings(word.folded) for word in words]
        double = [_NOTHING] * count
        opens, closes = [True] * count, [True] * count
        for here in range(1, count):
            left, right = words[here - 1], words[here]
            if left.clause == right.clause:
                double[here - 1] = self._compounds(left.folded, right.folded)
                opens[here] = opens[here - 1] and left.folded in self._fillers
        for here in range(count - 2, -1, -1):
            if words[here].clause == words[here + 1].clause:
                closes[here] = closes[here + 1] and words[here + 1].folded in self._fillers
        return _Line(words, single, double, opens, closes)

    def _starting(self, line: _Line, start: int, question: str) -> Iterator[Hit]:
        for width, elements in ((1, line.single[start]), (2, line.double[start])):
            places = tuple(range(start, start + width))
            for element in elements:
                for pattern in self._by_first.get(element, ()):
                    if pattern.sense.after in (None, question) and _may_start(line, pattern, start):
                        whole = _follow(line, pattern, places)
                        if whole and (line.closes[whole[-1]] or not pattern.closes):
                            yield Hit(pattern.sense, whole)


def _may_start(line: _Line, pattern: _Pattern, start: int) -> bool:
    return (line.opens[start] or not pattern.opens) and (line.words[start].asked or not pattern.asks)


def _follow(line: _Line, pattern: _Pattern, places: tuple[int, ...]) -> tuple[int, ...] | None:
    """The places of a whole pattern whose first word stands at `places`, if the rest is there."""
    sentence = line.words[places[0]].sentence
    for step in pattern.steps[1:]:
        nearest = places[-1] + 1
        for here in range(nearest, min(nearest + WIDEST_GAP if step.after_gap else nearest, len(line.words) - 1) + 1):
            if line.words[here].sentence != sentence:
                return None
            if step.element in line.single[here]:
                places = (*places, here)
                break
            if step.element in line.double[here]:
                places = (*places, here, here + 1)
                break
        else:
            return None
    return places


def longest(hits: list[Hit]) -> list[Hit]:
    """Without the statements whose words a longer statement explains, in the order of their first words."""
    kept = [hit for hit in hits if hit.sense.kind in _HINTS]
    covered_by: dict[int, list[frozenset[int]]] = defaultdict(list)
    statements = [hit for hit in hits if hit.sense.kind not in _HINTS]
    for hit in sorted(statements, key=lambda hit: -len(hit.places)):
        places = frozenset(hit.places)
        if any(places < longer for longer in covered_by[hit.first]):
            continue
        kept.append(hit)
        for place in places:
            covered_by[place].append(places)
    return sorted(kept, key=lambda hit: (hit.first, hit.last))
