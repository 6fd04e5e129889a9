"""The words of time in one language: what each word or phrase can mean, read from a data file."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

from bot.understanding.dates.kinds import Kind

Value = int | str

_ALTERNATIVES = re.compile(r"\(([^()]*)\)")
_WORDS = re.compile(r"[^\W\d_]+|\d+\.?|[^\w\s]")
_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "æ": "ae", "ø": "oe"})
_BARE = str.maketrans({"ä": "a", "ö": "o", "ü": "u"})


@dataclass(frozen=True)
class Part:
    """A part of the day: minutes from midnight, half-open, and the half of the day a bare hour beside it falls into."""

    start: int
    end: int
    half: str


Entry = Mapping[Kind, Value]
Phrase = tuple[str, ...]


@dataclass(frozen=True)
class Lexicon:
    """All words of one language, folded, with the phrases they begin (longest first)."""

    phrases: Mapping[str, tuple[tuple[Phrase, Entry], ...]]
    parts: Mapping[str, Part]
    next_weekday: str
    fuzzy: tuple[str, ...]
    slips: tuple[str, ...]
    keep: frozenset[str]

    def single(self, word: str) -> Entry | None:
        """What the word means standing alone."""
        for phrase, entry in reversed(self.phrases.get(word, ())):
            if len(phrase) == 1:
                return entry
        return None


def fold(word: str) -> str:
    """One spelling for all: lower case, ä as ae, ß as ss, no accents."""
    if word.isascii():
        return word.lower()
    low = unicodedata.normalize("NFC", word).casefold().replace("i̇", "i").translate(_FOLDED)
    plain = (c for c in unicodedata.normalize("NFKD", low) if not unicodedata.combining(c))
    return "".join(plain).casefold().translate(_FOLDED)


@cache
def lexicon_of(language: str) -> Lexicon | None:
    """The lexicon of an ISO 639-1 language, or None if nobody has written one yet."""
    file = resources.files(__package__) / "lexicon" / f"{language}.toml"
    if not language.isalpha() or not file.is_file():
        return None
    return _read(tomllib.loads(file.read_text(encoding="utf-8")))


# How long a word must be before a slip of the finger is forgiven.
_FUZZY_FROM = {
    Kind.WEEKDAY: 6,
    Kind.EVERY_WEEKDAY: 7,
    Kind.MONTH: 6,
    Kind.DAY: 8,
    Kind.PART: 9,
    Kind.UNIT: 9,
    Kind.REF: 8,
}
# Everyday words of time have near neighbours: only a letter left out, doubled or swapped is forgiven.
_SLIPS = frozenset({Kind.DAY, Kind.PART, Kind.UNIT, Kind.WEEKDAY})
_SLIPS_FROM = 5


def _may_slip(word: str, entry: Entry) -> bool:
    return len(word) >= _SLIPS_FROM and not _SLIPS.isdisjoint(entry)


def _read(data: Mapping[str, Any]) -> Lexicon:
    entries: dict[Phrase, dict[Kind, Value]] = {}
    for kind, value, phrase in _meanings(data):
        for spelling in _spellings(phrase):
            entries.setdefault(tuple(map(fold, _WORDS.findall(spelling.replace("-", " ")))), {}).setdefault(kind, value)
    phrases: dict[str, list[tuple[Phrase, Entry]]] = {}
    meanings: dict[tuple[tuple[Kind, Value], ...], Entry] = {}  # Most have several spellings.
    for words, entry in sorted(entries.items(), key=lambda item: -len(item[0])):
        meaning = meanings.setdefault(tuple(entry.items()), entry)
        phrases.setdefault(words[0], []).append((words, meaning))
    return Lexicon(
        phrases={word: tuple(found) for word, found in phrases.items()},
        parts={name: _part(part) for name, part in data["part"].items()},
        next_weekday=str(data["next_weekday"]),
        fuzzy=tuple(
            words[0]
            for words, entry in entries.items()
            if len(words) == 1 and len(words[0]) >= min((_FUZZY_FROM.get(kind, 99) for kind in entry), default=99)
        ),
        slips=tuple(words[0] for words, entry in entries.items() if len(words) == 1 and _may_slip(words[0], entry)),
        keep=frozenset(fold(word) for word in data.get("typos", {}).get("keep", [])),
    )


def _meanings(data: Mapping[str, Any]) -> Iterator[tuple[Kind, Value, str]]:
    for number, phrase in enumerate(data["numbers"]):
        yield Kind.NUMBER, number, phrase
    for number, stem in enumerate(data["ordinals"], start=1):
        for ending in data["ordinal_endings"]:
            for spelling in _expanded(stem):
                yield Kind.ORDINAL, number, spelling + ending
    for suffix in data["ordinal_suffixes"]:
        yield Kind.ORDINAL_SUFFIX, 0, suffix
    for word, phrases in data["words"].items():
        for phrase in phrases:
            yield Kind(word), 0, phrase
    for part, described in data["part"].items():
        for phrase in described["words"]:
            yield Kind.PART, part, phrase
    for kind in Kind:
        if kind is not Kind.PART:
            for value, phrases in data.get(kind, {}).items():
                for phrase in phrases:
                    yield kind, int(value) if value.lstrip("-").isdigit() else value, phrase


def _spellings(phrase: str) -> Iterator[str]:
    for spelling in _expanded(phrase):
        yield spelling
        bare = spelling.translate(_BARE)
        if bare != spelling:
            yield bare


def _expanded(phrase: str) -> Iterator[str]:
    pieces = _ALTERNATIVES.split(phrase)
    choices = [piece.split("|") if place % 2 else [piece] for place, piece in enumerate(pieces)]
    return ("".join(choice) for choice in product(*choices))


def _part(part: Mapping[str, Any]) -> Part:
    start, end = (_minutes(clock) for clock in part["hours"])
    return Part(start, end, str(part["half"]))


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
