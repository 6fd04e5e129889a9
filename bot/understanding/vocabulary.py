"""The words of a catalogue, and which of them a customer's word may be: exactly, by its parts, or mistyped."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import chain, count

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from bot.understanding.words import fold, split

# Two slips in a long word of the trade ("hauptuntersuhcng") are forgiven, one in any other; in short words only a
# letter too many or too few or two that changed places, because they have too many neighbours.
LONG, MIDDLING, SHORT = 8, 7, 5
# What begins or ends a compound is found in it with one slip, if both it and the rest are long enough to be meant.
PART, REST = 6, 3
SHORTEST_COMPOUND = 7
WORDS_KEPT = 8_192

Elements = frozenset[int]
NO_ELEMENTS: Elements = frozenset()


def is_slip(word: str, known: str) -> bool:
    """Whether a letter is missing or too many, or two neighbours changed places."""
    if len(word) == len(known):
        return OSA.distance(word, known, score_cutoff=1) == 1 and sorted(word) == sorted(known)
    return Indel.distance(word, known, score_cutoff=1) == 1


class Vocabulary:
    """Numbers the elements of patterns, and tells which elements a word may stand for."""

    def __init__(
        self, groups: Mapping[str, Sequence[str]], correct: Iterable[str], *, typos: bool, infixes: Iterable[str] = ()
    ) -> None:
        self._groups = groups
        self._infixes = tuple(infixes)
        self._correct = frozenset(map(fold, correct))
        self._typos = typos
        self._count = count()
        self._numbers: Mapping[bool, dict[str, int]] = {True: {}, False: {}}
        # Tuples, as most have one element: so many sets would take megabytes.
        self._whole = defaultdict[str, tuple[int, ...]](tuple)
        self._heads = defaultdict[str, tuple[int, ...]](tuple)
        self._tails = defaultdict[str, tuple[int, ...]](tuple)
        self._cores = defaultdict[str, tuple[int, ...]](tuple)
        self._beginnings: dict[str, list[str]] = defaultdict(list)
        self._endings: dict[str, None] = {}
        self._long_targets: dict[str, list[str]] = defaultdict(list)
        self._targets: dict[str, list[str]] = defaultdict(list)
        self.of: Callable[[str], Elements] = lru_cache(WORDS_KEPT)(self._look_up)
        self.of_pair: Callable[[str, str], Elements] = lru_cache(WORDS_KEPT)(self._look_up_pair)

    def element(self, part: str, *, of_the_trade: bool) -> int:
        """The number of one word of a pattern ("wechsel*", "a|b", "<tyre>"); words of the trade forgive more typos."""
        numbers = self._numbers[of_the_trade]
        if part in numbers:
            return numbers[part]
        number = numbers[part] = next(self._count)
        for choice in part.split("|"):
            group = self._groups[choice[1:-1]] if choice.startswith("<") else (choice,)
            for word in group:
                letters = word.strip("*")
                if len(split(letters)) != 1 or split(letters)[0].typed != letters:
                    raise ValueError(f"{word!r} in {part!r} is not one word")
                self._add(word, fold(letters), number, of_the_trade=of_the_trade)
        return number

    def spelt(self, word: str) -> Elements:
        """What the folded word is, were it typed rightly."""
        found = set(self._whole.get(word, ()))
        for length in range(1, len(word) + 1):
            found.update(self._heads.get(word[:length], ()))
            found.update(self._tails.get(word[-length:], ()))
        for core, elements in self._cores.items():
            if core in word:
                found.update(elements)
        return frozenset(found)

    def _add(self, word: str, letters: str, number: int, *, of_the_trade: bool) -> None:
        if of_the_trade and len(letters) >= PART and letters.isalpha():
            if word.endswith("*"):
                self._beginnings[letters[0]].append(letters)
            if word.startswith("*"):
                self._endings[letters] = None
        match word.startswith("*"), word.endswith("*"):
            case True, True:
                self._cores[letters] += (number,)
            case True, False:
                self._tails[letters] += (number,)
                return
            case False, True:
                self._heads[letters] += (number,)
            case _:
                self._whole[letters] += (number,)
        if len(letters) >= SHORT and letters.isalpha():
            targets = self._long_targets if of_the_trade and len(letters) >= LONG else self._targets
            if letters not in targets[letters[0]]:
                targets[letters[0]].append(letters)

    def _look_up(self, word: str) -> Elements:
        found = self.spelt(word) or self._without_infix(word)
        if word in self._whole or not self._typos or len(word) < SHORT or not word.isalpha() or word in self._correct:
            return found
        meant = self._nearest(word) or self._mistyped_part(word)
        guessed = self.spelt(meant) if meant else NO_ELEMENTS
        return guessed if guessed >= found else found  # "inspecttion" begins like "inspect*" and is more than that.

    def _without_infix(self, word: str) -> Elements:
        """What the word is without a syllable inside it: "zurückzurufen" is "zurückrufen"."""
        for infix in self._infixes:
            here = word.find(infix, 1)
            while here > 0:
                without = word[:here] + word[here + len(infix) :]
                if len(without) >= SHORTEST_COMPOUND and (found := self.spelt(without)):
                    return found
                here = word.find(infix, here + 1)
        return NO_ELEMENTS

    def _nearest(self, word: str) -> str | None:
        if len(word) < MIDDLING:
            return next((known for known in self._targets.get(word[0], ()) if is_slip(word, known)), None)
        for targets, slips in ((self._long_targets, 2 if len(word) > LONG else 1), (self._targets, 1)):
            best = process.extractOne(word, targets.get(word[0], ()), scorer=OSA.distance, score_cutoff=slips)
            if best:
                return best[0]
        return None

    def _mistyped_part(self, word: str) -> str | None:
        """The part of a compound in which a letter slipped: "Ufallreparatur", "Bremsendiagnse"."""
        begins = ((known, slice(len(known) + by)) for known in self._beginnings.get(word[0], ()) for by in (-1, 0, 1))
        ends = ((known, slice(-len(known) - by, None)) for known in self._endings for by in (-1, 0, 1))
        parts = ((known, word[part]) for known, part in chain(begins, ends) if len(word) >= len(known) + REST)
        return next((known for known, part in parts if is_slip(part, known)), None)

    def _look_up_pair(self, left: str, right: str) -> Elements:
        whole = fold(left + right)
        if not self._typos or len(whole) < SHORTEST_COMPOUND or not whole.isalpha():
            return NO_ELEMENTS
        return frozenset(self._whole.get(whole, ()))
