"""What customers want of us, in the light of what we asked."""

import pytest

from bot.understanding.meaning import Expecting, Intent
from tests.bot.understanding.heard import heard, intents


@pytest.mark.parametrize(
    "yes", ["ja", "Jo!", "jup passt", "👍", "👍🏿", "✅", "ok", "geht klar", "yes please", "sounds good"]
)
def test_yes_has_many_faces(yes: str) -> None:
    assert intents(yes, "confirm", "de") == ["affirm"]


@pytest.mark.parametrize(
    "no", ["nein", "nö", "passt nicht", "da kann ich leider nicht", "👎", "nope", "that doesn't work"]
)
def test_no_has_many_faces(no: str) -> None:
    assert intents(no, "confirm", "de") == ["deny"]


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        ("ja, aber lieber um 10", "confirm", ["affirm"]),
        ("danke, und was kostet das?", "confirm", ["thanks", "price"]),
        ("nein danke, tschüss", "confirm", ["deny", "thanks", "goodbye"]),
        ("yes, where are you?", "confirm", ["affirm", "location"]),
        ("no, can I speak to someone?", "confirm", ["deny", "human"]),
    ],
)
def test_several_things_at_once(text: str, after: str, expected: list[str]) -> None:
    assert intents(text, after) == expected


def test_a_need_alone_is_a_wish_to_book_only_when_nothing_was_asked() -> None:
    assert intents("Ölwechsel") == ["book"]
    assert intents("Ölwechsel", "service") == []


def test_yes_is_only_talk_when_nothing_was_asked() -> None:
    assert intents("ja hallo, ich brauche TÜV") == ["greet", "book"]


@pytest.mark.parametrize("word", ["STOP", "Stopp", "stop.", "ABMELDEN", "unsubscribe", "END", "quit", "CANCEL"])
def test_the_carriers_words_always_mean_stop(word: str) -> None:
    for question in ("nothing", "slot", "confirm"):
        assert intents(word, question) == ["stop"]


@pytest.mark.parametrize("text", ["bitte keine SMS mehr", "schreibt mir nicht mehr", "stop texting me"])
def test_stop_can_be_said_in_a_sentence(text: str) -> None:
    assert intents(text) == ["stop"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Termin absagen", "cancel"),
        ("ne, doch nicht", "cancel"),
        ("doch nicht, bitte wieder löschen", "cancel"),
        ("wie war der Code nochmal?", "show"),
        ("can you send me the confirmation again?", "show"),
        ("kann morgen doch nicht kommen", "cancel"),
        ("please cancel my appointment", "cancel"),
        ("Termin verschieben", "reschedule"),
        ("could we move my appointment?", "reschedule"),
        ("wann ist mein Termin?", "show"),
        ("wann habt ihr offen", "hours"),
        ("wo seid ihr", "location"),
        ("was kostet das", "price"),
        ("Mitarbeiter sprechen", "human"),
        ("Hilfe", "help"),
        ("zurück", "back"),
        ("nochmal von vorne", "restart"),
        ("abbrechen", "abort"),
        ("lösch meine Daten", "erase"),
        ("welche Daten habt ihr von mir", "export"),
        ("komme 10 Minuten später", "late"),
        ("ist mein Auto fertig?", "status"),
        ("START", "start"),
        ("habt ihr morgen noch was frei?", "availability"),
    ],
)
def test_each_intent_is_found(text: str, intent: str) -> None:
    assert intents(text) == [intent]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        ("die zweite", 2),
        ("whats the earliest", 1),
        ("nehme den frühesten Termin", 1),
        ("nr. 3", 3),
        ("ich nehm die 1", 1),
        ("letzter", -1),
        ("3️⃣", 3),
        ("the third one please", 3),
        ("option 4", 4),
        ("ach, die 2", 2),
    ],
)
def test_a_choice_is_a_number(text: str, number: int) -> None:
    assert heard(text, "slot", "de").number == number


@pytest.mark.parametrize(
    "text", ["um 9:30", "um 10", "in 2 Wochen", "2 Autos", "am 2. Dezember", "5 Minuten später", "K-AB 12"]
)
def test_other_numbers_are_no_choice(text: str) -> None:
    assert heard(text, "slot", "de").number is None


def test_an_ordinal_after_a_list_is_no_day_of_the_month() -> None:
    understood = heard("I'll take the first", "slot", "en")
    assert (understood.number, understood.when) == (1, None)


def test_a_bare_hour_may_be_a_choice_or_a_time() -> None:
    understood = heard("10", "slot", "de")
    assert understood.number == 10
    assert understood.clock is not None
    assert understood.clock.hour == 10


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("weiß ich nicht", "vehicle"),
        ("egal", "slot"),
        ("hab keine E-Mail", "email"),
        ("nein", "phone"),
        ("überspringen", "name"),
        ("I don't have one", "email"),
        ("skip", "vehicle"),
    ],
)
def test_a_question_can_be_waved_aside(text: str, after: str) -> None:
    assert heard(text, after).skipped


def test_nothing_is_waved_aside_when_nothing_was_asked() -> None:
    assert not heard("egal", Expecting.NOTHING).skipped


@pytest.mark.parametrize("hours", ["Öffnungszzeiten", "Öffnungseziten", "Öffungszeiten"])
def test_a_slip_in_a_long_word_is_forgiven(hours: str) -> None:
    assert heard(f"Wie sind die {hours}?").intents == (Intent.HOURS,)
