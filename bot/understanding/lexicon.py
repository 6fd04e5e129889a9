"""The catalogue of a language, read from its file in `languages/`."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from bot.understanding.data import car_names, proper_names
from bot.understanding.patterns import Sense
from bot.understanding.phrasebook import Phrasebook
from bot.understanding.words import fold

_CATALOGUES = files("bot.understanding") / "languages"
_ANY_QUESTION = "any"
_ONE_WORD = re.compile(r"\*?\w{3,}\*?")


@dataclass(frozen=True, slots=True)
class Symptom:
    """A problem with the car: how we say it back, the service for it, and whether driving on is unsafe.

    A vague one ("a noise") says nothing beside a plain one ("squealing brakes"), and the services it may be `part_of`
    take care of it.
    """

    name: str
    service: str
    danger: bool
    vague: bool
    part_of: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What one language calls things: services by code, symptoms by key, ways to `ask` for the language.

    `markers` are words and `letters` letters that tell the language of a message.
    """

    name: str
    phrases: Phrasebook
    markers: frozenset[str]
    letters: frozenset[str]
    ask: tuple[str, ...]
    services: Mapping[str, str]
    symptoms: Mapping[str, Symptom]
    intents: frozenset[str]
    asides: frozenset[str]


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages that have a catalogue file."""
    return tuple(
        sorted(file.name.removesuffix(".toml") for file in _CATALOGUES.iterdir() if file.name.endswith(".toml"))
    )


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of one of `languages()`."""
    raw = tomllib.loads((_CATALOGUES / f"{language}.toml").read_text(encoding="utf-8"))
    about = raw["language"]
    return Lexicon(
        name=about["name"],
        phrases=Phrasebook(
            _senses(raw),
            groups=_groups(raw),
            fillers=about["fillers"],
            infixes=about.get("infixes", ()),
            correct=[*about["markers"], *about["not_typos"], *proper_names()],
        ),
        markers=frozenset(map(fold, about["markers"])),
        letters=frozenset(about["letters"]),
        ask=tuple(about["ask"]),
        services={code: entry["name"] for code, entry in raw["services"].items()},
        symptoms={key: _symptom(entry) for key, entry in raw["symptoms"].items()},
        intents=frozenset(raw["intents"]),
        asides=frozenset(raw["asides"]),
    )


def _groups(raw: Mapping[str, Any]) -> dict[str, list[str]]:
    """The groups of the file, makes and models in `<car>`, and `<service>` for all services called by one word."""
    names = (name for entry in raw["services"].values() for name in entry["say"])
    cars = [*raw["groups"]["car"], *sorted(car_names())]
    return {**raw["groups"], "car": cars, "service": [name for name in names if _ONE_WORD.fullmatch(name)]}


def _symptom(entry: Mapping[str, Any]) -> Symptom:
    part_of = frozenset(entry.get("part_of", ()))
    return Symptom(entry["name"], entry["service"], entry.get("danger", False), entry.get("vague", False), part_of)


def _senses(raw: Mapping[str, Any]) -> Iterator[tuple[Sense, str]]:
    for kind, section in (("service", "services"), ("symptom", "symptoms")):
        for key, entry in raw[section].items():
            yield from _after(Sense(kind, key), entry["say"])
    for kind, section in (("cardinal", "cardinals"), ("ordinal", "ordinals")):
        for key, phrases in raw[section].items():
            yield from _each(Sense(kind, key), phrases)
    for kind, section in (("intent", "intents"), ("aside", "asides"), ("cue", "cues")):
        for key, phrases in raw[section].items():
            yield from _after(Sense(kind, key), phrases)
    yield from _after(Sense("skip", "skip"), raw["skips"])


def _after(sense: Sense, phrases: Mapping[str, list[str]] | list[str]) -> Iterator[tuple[Sense, str]]:
    by_question = {_ANY_QUESTION: phrases} if isinstance(phrases, list) else phrases
    for questions, phrases in by_question.items():
        for question in questions.split(","):
            after = None if question == _ANY_QUESTION else question
            yield from _each(Sense(sense.kind, sense.key, after), phrases)


def _each(sense: Sense, phrases: Iterable[str]) -> Iterator[tuple[Sense, str]]:
    return ((sense, phrase) for phrase in phrases)
