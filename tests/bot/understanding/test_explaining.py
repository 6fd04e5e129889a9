"""The reasons we give for what we understood."""

from bot.understanding.explaining import Because, explain
from tests.bot.understanding.corpus import NOW


def test_every_part_names_its_words() -> None:
    reasons = explain("Hallo, Öl wechseln am Dienstag in 50667, keine Inspektion", now=NOW, language="de")
    assert reasons == (
        Because("intent greet", "Hallo"),
        Because("service oil-change", "Öl wechseln"),
        Because("when", "Dienstag"),
        Because("plz", "50667"),
        Because("cue negation", "keine"),
        Because("service inspection", "Inspektion"),
    )


def test_a_greeting_is_no_time() -> None:
    assert explain("Moin", now=NOW, language="de") == (Because("intent greet", "Moin"),)
    assert explain("Guten Morgen", now=NOW, language="de") == (Because("intent greet", "Guten Morgen"),)
