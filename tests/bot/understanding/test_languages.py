"""Which language a message is in, and that a language is only data."""

import pytest

from bot.understanding.lexicon import languages, lexicon
from bot.understanding.meaning import Intent
from tests.bot.understanding.heard import heard, intents


@pytest.mark.parametrize(
    ("text", "known", "language"),
    [
        ("ich brauche einen Termin", None, "de"),
        ("I need an appointment", None, "en"),
        ("randevu almak istiyorum", None, "tr"),
        ("ok", None, "de"),
        ("ok", "en", "en"),
        ("TÜV", "en", "en"),
        ("Moin", None, "de"),
        ("thanks", "de", "de"),
        ("could you look at my brakes tomorrow please", "de", "en"),
        ("ich verstehe leider kein Wort", "en", "de"),
        ("bonjour", "fr", "en"),
        ("ja", "de-AT", "de"),
    ],
)
def test_each_message_has_its_language(text: str, known: str | None, language: str) -> None:
    assert heard(text, language=known).language == language


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("english please", "en"),
        ("auf Deutsch bitte", "de"),
        ("Können wir Englisch sprechen?", "en"),
        ("türkçe", "tr"),
        ("do you speak german", "de"),
    ],
)
def test_a_language_can_be_asked_for(text: str, wanted: str) -> None:
    understood = heard(text)
    assert understood.wanted_language == wanted
    assert Intent.LANGUAGE in understood.intents


def test_a_word_of_another_language_is_understood_all_the_same() -> None:
    assert heard("oil change", language="de").services == ("oil-change",)
    assert intents("yes", "confirm", "de") == ["affirm"]


@pytest.mark.parametrize("language", languages())
def test_every_language_names_the_same_services(language: str) -> None:
    assert set(lexicon(language).services) == set(lexicon("de").services)


@pytest.mark.parametrize("language", languages())
def test_every_symptom_leads_to_a_service_and_is_known_in_german(language: str) -> None:
    for key, symptom in lexicon(language).symptoms.items():
        assert symptom.service in lexicon("de").services
        assert (symptom.danger, symptom.service) == (
            lexicon("de").symptoms[key].danger,
            lexicon("de").symptoms[key].service,
        )


@pytest.mark.parametrize("language", languages())
def test_every_intent_can_be_said(language: str) -> None:
    assert lexicon(language).intents >= set(map(str, Intent))
