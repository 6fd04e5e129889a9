"""The corpus as a whole: how much of it must be understood, and that spelling does not matter."""

import pytest

from bot.understanding import understand
from bot.understanding.meaning import Expecting, Intent
from tests.bot.understanding.corpus import NOW, Case, cases, details_of

LANGUAGES = pytest.mark.parametrize("language", ["de", "en", "tr"])
UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def in_language(language: str) -> list[Case]:
    return [case for case in cases() if case.lang == language]


def share_right(verdicts: list[bool]) -> float:
    return sum(verdicts) / len(verdicts)


def test_the_corpus_is_large() -> None:
    assert len(cases()) >= 600


@LANGUAGES
def test_services_are_right(language: str) -> None:
    right = [case.services ^ set(case.understood().services) <= case.also_services for case in in_language(language)]
    assert share_right(right) >= 0.97


@LANGUAGES
def test_intents_are_right(language: str) -> None:
    right = [
        case.intents ^ set(map(str, case.understood().intents)) <= case.also_intents for case in in_language(language)
    ]
    assert share_right(right) >= 0.95


@LANGUAGES
def test_details_are_right(language: str) -> None:
    right = [details_of(case.understood()) == case.details for case in in_language(language)]
    assert share_right(right) >= 0.97


@LANGUAGES
def test_the_language_is_right(language: str) -> None:
    assert share_right([case.understood().language == language for case in in_language(language)]) >= 0.95


def test_danger_is_never_missed_and_never_invented() -> None:
    assert [case.text for case in cases() if case.understood().danger != case.danger] == []


def test_symptoms_are_right() -> None:
    right = [case.symptoms ^ set(case.understood().symptoms) <= case.also_symptoms for case in cases()]
    assert share_right(right) >= 0.97


def test_waving_a_question_aside_is_heard() -> None:
    judged = [case for case in cases() if case.skipped is not None]
    assert share_right([case.understood().skipped == case.skipped for case in judged]) >= 0.98


@pytest.mark.parametrize("spelling", [str.upper, str.lower, lambda text: text.translate(UMLAUTS)], ids=["A", "a", "ae"])
def test_capitals_and_umlauts_change_nothing(spelling: "type[str]") -> None:
    def meaning(case: Case, text: str) -> tuple[tuple[str, ...], tuple[Intent, ...], tuple[str, ...]]:
        known = None if case.expecting is Expecting.NOTHING else case.lang
        understood = understand(text, now=NOW, language=known, expecting=case.expecting)
        return understood.services, understood.intents, understood.symptoms

    german_and_english = [case for case in cases() if case.lang in ("de", "en")]
    assert [c.text for c in german_and_english if meaning(c, spelling(c.text)) != meaning(c, c.text)] == []
