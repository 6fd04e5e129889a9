"""All phrases of a catalogue, searched for in one pass over a message."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.patterns import Pattern, Sense, compiled
from bot.understanding.vocabulary import NO_ELEMENTS, Elements, Vocabulary
from bot.understanding.words import Word, fold

_WIDEST_GAP = 5
_FARTHEST = 8
# The key of phrases that are listed only because parts of them would mean something.
MEANS_NOTHING = "none"
# Hints say how other words are meant; they neither hide a statement nor are hidden by one.
_HINTS = frozenset({"cue", "cardinal", "ordinal"})


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


class Neighbours:
    """Hits by the places of their words, so that a long message is not searched from end to end for each of them."""

    def __init__(self, hits: Iterable[Hit]) -> None:
        self._at: dict[int, list[Hit]] = defaultdict(list)
        for hit in hits:
            for place in hit.places:
                self._at[place].append(hit)

    def of(self, hit: Hit) -> Iterator[Hit]:
        """The hits that share a word with this one, itself among them."""
        return (other for place in hit.places for other in self._at.get(place, ()))


@dataclass(frozen=True, slots=True)
class _Line:
    """A message laid out for searching: what each word, and each pair of words, may be."""

    words: Sequence[Word]
    single: Sequence[Elements]
    double: Sequence[Elements]
    opens: Sequence[bool]
    closes: Sequence[bool]


class Phrasebook:
    """Patterns by their first words. Compiled once; looking up is pure."""

    def __init__(
        self,
        phrases: Iterable[tuple[Sense, str]],
        *,
        groups: Mapping[str, Sequence[str]],
        fillers: Iterable[str] = (),
        correct: Iterable[str] = (),
        infixes: Iterable[str] = (),
        typos: bool = True,
    ) -> None:
        self._fillers = frozenset(map(fold, fillers))
        self._vocabulary = Vocabulary(groups, [*correct, *self._fillers], typos=typos, infixes=infixes)
        self._by_first: dict[int, list[Pattern]] = defaultdict(list)
        for sense, phrase in phrases:
            pattern = compiled(sense, phrase, self._vocabulary)
            self._by_first[pattern.steps[0].element].append(pattern)

    def find(self, words: Sequence[Word], question: str) -> list[Hit]:
        """Every phrase said, in order; a phrase whose words are all part of a longer one is not one of them."""
        line = self._lay_out(words)
        return longest(hit for start in range(len(words)) for hit in self._starting(line, start, question))

    def knows(self, word: str) -> bool:
        """Whether a folded word is spelt as in one of the phrases."""
        return bool(self._vocabulary.spelt(word))

    def _lay_out(self, words: Sequence[Word]) -> _Line:
        count = len(words)
        # In "absgaen" the "ae" is no umlaut but a slip.
        single = [self._vocabulary.of(word.folded) or self._vocabulary.of(word.typed.lower()) for word in words]
        double = [NO_ELEMENTS] * count
        opens, closes = [True] * count, [True] * count
        for here in range(1, count):
            left, right = words[here - 1], words[here]
            if left.clause == right.clause:
                double[here - 1] = self._vocabulary.of_pair(left.folded, right.folded)
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
                        search = _gather if pattern.in_any_order else _follow
                        whole = search(line, pattern, places)
                        if whole and (line.closes[whole[-1]] or not pattern.closes):
                            yield Hit(pattern.sense, whole)


def _may_start(line: _Line, pattern: Pattern, start: int) -> bool:
    return (line.opens[start] or not pattern.opens) and (line.words[start].asked or not pattern.asks)


def _follow(line: _Line, pattern: Pattern, places: tuple[int, ...]) -> tuple[int, ...] | None:
    """The places of a whole pattern whose first word stands at `places`, if the rest follows."""
    sentence = line.words[places[0]].sentence
    for step in pattern.steps[1:]:
        nearest = places[-1] + 1
        for here in range(nearest, min(nearest + _WIDEST_GAP if step.after_gap else nearest, len(line.words) - 1) + 1):
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


def _gather(line: _Line, pattern: Pattern, places: tuple[int, ...]) -> tuple[int, ...] | None:
    """The same for words in any order, each the one nearest to the first."""
    start, sentence = places[0], line.words[places[0]].sentence
    for step in pattern.steps[1:]:
        around = range(max(start - _FARTHEST, 0), min(start + _FARTHEST + 1, len(line.words)))
        found = [
            here
            for here in around
            if step.element in line.single[here] and here not in places and line.words[here].sentence == sentence
        ]
        if not found:
            return None
        places = (*places, min(found, key=lambda here: abs(here - start)))
    return tuple(sorted(places))


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Without the statements whose words a longer statement explains, in the order of their first words."""
    kept: list[Hit] = []
    statements: list[Hit] = []
    for hit in hits:
        (kept if hit.sense.kind in _HINTS else statements).append(hit)
    covered_by: dict[int, list[tuple[frozenset[int], Sense]]] = defaultdict(list)
    for hit in sorted(statements, key=lambda hit: -len(hit.places)):
        places = frozenset(hit.places)
        if any(places < longer and _explains(sense, hit.sense) for longer, sense in covered_by[hit.first]):
            if hit.sense.key != MEANS_NOTHING:
                continue
        else:
            kept.append(hit)
        for place in places:
            covered_by[place].append((places, hit.sense))
    return sorted(kept, key=lambda hit: (hit.first, hit.last))


def _explains(longer: Sense, shorter: Sense) -> bool:
    """Whether a longer phrase leaves nothing of a shorter one; to cancel the oil change leaves the oil change.

    An aside is only explained by another one: "auch noch Öl" is a need and comes on top of others.
    """
    if "aside" in (longer.kind, shorter.kind):
        return longer.kind == shorter.kind
    return longer.kind != "intent" or longer.key == MEANS_NOTHING or shorter.kind not in ("service", "symptom")
