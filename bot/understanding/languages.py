"""Which language a message is in, and which one its writer asks for."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from bot.understanding.lexicon import languages, lexicon
from bot.understanding.patterns import Sense
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.words import Word

MOST_COMMON = "de"
LINGUA_FRANCA = "en"
_SURE = 2
_SHORT = 3


def language_of(words: Sequence[Word], known: str | None) -> str:
    """The language of the words. `known`, the customer's choice or the client's hint ("de-AT"), yields to reason."""
    usual = _supported(known)
    marks = _marks(words)
    if usual is None:
        marks.update(dict.fromkeys(_lettered(words), _SURE))
    if not marks:
        return usual or _by_vocabulary(words) or (LINGUA_FRANCA if known else MOST_COMMON)
    best = max(languages(), key=lambda language: (marks[language], language == usual, language == MOST_COMMON))
    if usual is None:
        return best
    lead = marks[best] - marks[usual]
    convincing = lead >= _SURE or (lead > 0 and not marks[usual] and len(words) > _SHORT)
    return best if convincing else usual


def marked_languages(words: Sequence[Word]) -> tuple[str, ...]:
    """The languages that some of the words are only of, the most frequent first."""
    return tuple(language for language, _ in _marks(words).most_common())


def _marks(words: Sequence[Word]) -> Counter[str]:
    marked = _marked()
    return Counter(language for word in words if len(word.folded) > 1 for language in marked.get(word.folded, ()))


def asked_language(words: Sequence[Word]) -> str | None:
    """The language the customer asks us to use, if any."""
    hits = _requests().find(words, "")
    return hits[-1].sense.key if hits else None


def _supported(known: str | None) -> str | None:
    code = (known or "").partition("-")[0].lower()
    return code if code in languages() else None


def _by_vocabulary(words: Sequence[Word]) -> str | None:
    known = {language: sum(lexicon(language).phrases.knows(word.folded) for word in words) for language in languages()}
    best = max(languages(), key=lambda language: (known[language], language == MOST_COMMON))
    return best if known[best] else None


def _lettered(words: Sequence[Word]) -> Iterator[str]:
    """A language for each word with a letter that only it has; names have such letters in any language."""
    for word in words:
        if not word.typed.isascii():
            typed = set(word.typed.lower())
            yield from (language for language in languages() if not typed.isdisjoint(lexicon(language).letters))


@cache
def _marked() -> Mapping[str, tuple[str, ...]]:
    marked: dict[str, list[str]] = defaultdict(list)
    for language in languages():
        for marker in lexicon(language).markers:
            marked[marker].append(language)
    return {marker: tuple(owners) for marker, owners in marked.items() if len(owners) == 1}


@cache
def _requests() -> Phrasebook:
    asks = [(Sense("ask", language), phrase) for language in languages() for phrase in lexicon(language).ask]
    return Phrasebook(asks, groups={}, fillers=["bitte", "please", "lütfen", "ok", "hallo", "hello", "hi"])
