"""Every phrase is there, in every language, with the same facts."""

import ast
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot import phrases
from bot.step import say

SOURCES = sorted(Path(bot.__file__).parent.rglob("*.py"))
KEYS = {str(message.id) for message in phrases.source("de") if message.id}


def placeholders(phrase: str) -> set[str]:
    return {name.split(".")[0] for _, name, _, _ in string.Formatter().parse(phrase) if name}


def phrases_used() -> Iterator[tuple[str, set[str] | None]]:
    """Each `say("key", fact=…)` and `option(id, "key", fact=…)` of the bot; no facts when they are passed on."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"say", "option"}:
                key = node.args[node.func.id == "option"]
                assert isinstance(key, ast.Constant), f"{path.name} hides its phrase from this test"
                facts = {keyword.arg for keyword in node.keywords}
                yield str(key.value), None if None in facts else {str(fact) for fact in facts}


@pytest.mark.parametrize("language", phrases.LANGUAGES)
def test_every_language_says_everything(language: str) -> None:
    catalogue = phrases.source(language)
    assert {str(message.id) for message in catalogue if message.id} == KEYS
    assert all(message.string for message in catalogue)


@pytest.mark.parametrize("key", sorted(KEYS))
def test_a_phrase_names_the_same_facts_in_every_language(key: str) -> None:
    named = {language: placeholders(phrases.catalogue(language).gettext(key)) for language in phrases.LANGUAGES}
    assert len({frozenset(names) for names in named.values()}) == 1, named


def test_every_phrase_used_exists_and_gets_the_facts_it_names() -> None:
    for key, facts in phrases_used():
        assert key in KEYS
        if facts is not None:
            assert placeholders(phrases.catalogue("de").gettext(key)) <= facts, key


def test_no_phrase_is_left_over() -> None:
    used = {key for key, _ in phrases_used()}
    assert {key for key in KEYS if not key.startswith(("format.", "about.", "bring."))} - used - {
        f"{key}.short" for key in used
    } == set()


def test_on_familiar_terms_the_same_facts_are_named_and_nobody_is_sie_anywhere() -> None:
    familiar = phrases.source("de", "du")
    for message in familiar:
        if message.id:
            key, phrase = str(message.id), str(message.string)
            assert placeholders(phrase) == placeholders(phrases.catalogue("de").gettext(key)), key
    assert {str(message.id) for message in familiar if message.id} <= KEYS
    for key in KEYS:
        assert not re.search(r"\b(Sie|Ihnen|Ihre?[mnrs]?)\b", phrases.catalogue(phrases.FAMILIAR).gettext(key)), key


def test_what_friends_say_alike_is_said_alike() -> None:
    assert phrases.word(say("got_it"), phrases.FAMILIAR, "sms") == phrases.word(say("got_it"), "de", "sms")
    assert phrases.word(say("hello"), phrases.FAMILIAR, "sms").startswith("Hallo")
