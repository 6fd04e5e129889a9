"""Words that mean something about time: a message as the grammar sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.understanding.dates.kinds import Kind
from bot.understanding.dates.lexicon import Entry, Lexicon, lexicon_of
from bot.understanding.dates.tokens import Shape, Token, Unreadable, tokens_of
from bot.understanding.vocabulary import is_slip

SHORTEST_TYPO = 5

_NOTHING: Mapping[Kind, int | str] = {}
_MARKS: Mapping[str, Entry] = {
    "-": {Kind.TO: 0},
    "/": {Kind.OR: 0},
    ",": {Kind.ARTICLE: 0},
    "+": {Kind.AND: 0},
    "&": {Kind.AND: 0},
    "@": {Kind.AT: 0},
    "%": {Kind.COUNTED: 0},
    "€": {Kind.COUNTED: 0},
    "°": {Kind.COUNTED: 0},
    "$": {Kind.COUNTED: 0},
}


@dataclass(frozen=True, slots=True)
class Term:
    """A word, phrase, number or mark with all it can mean; `meanings` is empty for a word the lexicon does not know."""

    key: str
    start: int
    end: int
    glued: bool
    meanings: Entry
    shape: Shape | None = None
    letters: bool = False

    def number(self, kind: Kind) -> int | None:
        """The number the word stands for in this part, if it can play it."""
        value = self.meanings.get(kind)
        return value if isinstance(value, int) else None

    def name(self, kind: Kind) -> str | None:
        """The name the word stands for in this part, if it can play it."""
        value = self.meanings.get(kind)
        return value if isinstance(value, str) else None


def terms_of(text: str, lexicon: Lexicon, language: str) -> list[Term]:
    """The message as terms: the longest phrase wins, then the word, then a compound, then a likely typo."""
    tokens = tokens_of(text)
    terms: list[Term] = []
    place = 0
    while place < len(tokens):
        token = tokens[place]
        found, length = _phrase(tokens, place, lexicon)
        last = tokens[place + length - 1]
        if found is None and token.letters:
            guess = _guess(token.key, language)
            if guess:
                terms += _split(token, guess)
                place += 1
                continue
        meanings = found if found is not None else _MARKS.get(token.key, _NOTHING)
        if token.shape is not None and token.glued and terms and terms[-1].letters and not terms[-1].meanings:
            token = replace(token, shape=Unreadable())
        if token.letters and len(token.key) <= 2 and _after_unknown(token, terms):
            meanings = _NOTHING
        key = token.key if length == 1 else " ".join(part.key for part in tokens[place : place + length])
        terms.append(
            Term(key, token.start, last.end, token.glued, meanings, token.shape if length == 1 else None, token.letters)
        )
        place += length
    return terms


def _after_unknown(token: Token, terms: list[Term]) -> bool:
    """Whether a hyphen ties the short word to an unknown one: "K-AB" holds no "ab"."""
    return token.glued and len(terms) > 1 and terms[-1].key == "-" and terms[-2].letters and not terms[-2].meanings


def _phrase(tokens: list[Token], place: int, lexicon: Lexicon) -> tuple[Entry | None, int]:
    for phrase, entry in lexicon.phrases.get(tokens[place].key, ()):
        if len(phrase) == 1:
            return entry, 1
        length = _matches(tokens, place, phrase)
        if length:
            return entry, length
    return None, 1


def _matches(tokens: list[Token], place: int, phrase: tuple[str, ...]) -> int:
    """How many tokens the phrase takes here; a hyphen after a word may stand between its words."""
    at = place
    for word in phrase:
        if at > place and at < len(tokens) and tokens[at].key == "-" and tokens[at].glued and word != "-":
            at += 1
        if at >= len(tokens) or tokens[at].key != word:
            return 0
        at += 1
    return at - place


@lru_cache(maxsize=4096)
def _guess(word: str, language: str) -> tuple[tuple[int, Entry], ...]:
    """An unknown word as a compound of known ones or as a typo of one: (length, meanings) of each piece."""
    lexicon = lexicon_of(language)
    if lexicon is None or word in lexicon.keep or len(word) > 40:
        return ()
    for cut in range(len(word) - 2, 3, -1):
        head, tail = lexicon.single(word[:cut]), lexicon.single(word[cut:])
        if head and tail and _compounds(head, tail):
            return ((cut, head), (len(word) - cut, tail))
    typo = _typo(word, lexicon)
    return ((len(word), typo),) if typo else ()


_HEADS = (Kind.WEEKDAY, Kind.MONTH, Kind.FEAST, Kind.DAY)
_TAILS = (Kind.PART, Kind.UNIT)


def _compounds(head: Entry, tail: Entry) -> bool:
    return any(kind in head for kind in _HEADS) and any(kind in tail for kind in _TAILS)


def _typo(word: str, lexicon: Lexicon) -> Entry | None:
    if len(word) < SHORTEST_TYPO or not word.isascii():
        return None
    slip = next((known for known in lexicon.slips if known[0] == word[0] and is_slip(word, known)), None)
    if slip or len(word) == SHORTEST_TYPO:
        return lexicon.single(slip) if slip else None
    allowed = 1 if len(word) < 9 else 2
    near = [
        (OSA.distance(word, known, score_cutoff=allowed), known)
        for known in lexicon.fuzzy
        if known[0] == word[0] and abs(len(known) - len(word)) <= allowed
    ]
    best = min((found for found in near if found[0] <= allowed), default=None)
    return lexicon.single(best[1]) if best else None


def _split(token: Token, pieces: tuple[tuple[int, Entry], ...]) -> list[Term]:
    """The pieces of a compound; they share the place of the word they are cut from."""
    at = 0
    terms = []
    for length, entry in pieces:
        terms.append(Term(token.key[at : at + length], token.start, token.end, token.glued, entry, letters=True))
        at += length
    return terms
