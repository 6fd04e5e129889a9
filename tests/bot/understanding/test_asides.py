"""What customers say beside their wish."""

import pytest

from bot.understanding.lexicon import languages, lexicon
from bot.understanding.meaning import Channel, Intent, Pronoun, Shift, Stay
from tests.bot.understanding.heard import heard


@pytest.mark.parametrize(
    "text",
    [
        "Setzen Sie mich auf die Warteliste",
        "Können Sie mir Bescheid sagen, wenn jemand absagt?",
        "meldet euch bitte, sobald früher was frei wird",
        "put me on the waiting list please",
        "let me know if somebody cancels",
    ],
)
def test_the_waiting_list_is_asked_for(text: str) -> None:
    understood = heard(text)
    assert understood.waiting_list
    assert understood.intents == ()


def test_who_cancels_and_waits_does_both() -> None:
    understood = heard("Absagen bitte und setzen Sie mich auf die Warteliste")
    assert (understood.intents, understood.waiting_list) == ((Intent.CANCEL,), True)


@pytest.mark.parametrize(
    ("text", "stay"),
    [
        ("ich warte darauf", Stay.WAITS),
        ("Kann ich so lange vor Ort warten?", Stay.WAITS),
        ("Ich kann das Auto nicht dalassen", Stay.WAITS),
        ("ich gebe das Auto ab", Stay.DROPS_OFF),
        ("bring ihn morgens und hol ihn abends wieder ab", Stay.DROPS_OFF),
        ("ich warte noch auf eure Antwort", None),
        ("das kann warten", None),
        ("can I wait while you do it?", Stay.WAITS),
        ("I'll drop it off in the morning", Stay.DROPS_OFF),
        ("I can't leave the car there", Stay.WAITS),
    ],
)
def test_some_wait_and_others_leave_the_car(text: str, stay: Stay | None) -> None:
    assert heard(text).stay is stay


@pytest.mark.parametrize(
    "text",
    [
        "Kann ich zu meinem Termin noch einen Ölwechsel dazunehmen?",
        "beim Termin am Dienstag bitte auch Ölwechsel",
        "can you add an oil change to my appointment",
    ],
)
def test_a_service_may_join_an_appointment(text: str) -> None:
    understood = heard(text)
    assert (understood.services, understood.to_booking) == (("oil-change",), True)
    assert understood.intents == (Intent.BOOK,)


def test_a_service_may_come_on_top_of_others() -> None:
    understood = heard("auch noch einen Ölwechsel dazu")
    assert (understood.services, understood.also, understood.to_booking) == (("oil-change",), True, False)


@pytest.mark.parametrize(
    ("text", "unwanted", "services"),
    [
        ("keine Inspektion, nur Ölwechsel", ("inspection",), ("oil-change",)),
        ("doch kein Öl", ("oil-change",), ()),
        ("not the brakes, the exhaust", ("brake-check",), ("exhaust",)),
    ],
)
def test_a_service_may_be_taken_back(text: str, unwanted: tuple[str, ...], services: tuple[str, ...]) -> None:
    understood = heard(text, "confirm")
    assert (understood.unwanted, understood.services) == (unwanted, services)


def test_a_no_with_another_service_is_a_no() -> None:
    understood = heard("nein, nicht das, es geht um die Bremsen", "confirm")
    assert (understood.intents, understood.services) == ((Intent.DENY,), ("brake-check",))


@pytest.mark.parametrize(
    ("text", "pronoun"),
    [
        ("duz mich", Pronoun.DU),
        ("Sie können mich gern duzen", Pronoun.DU),
        ("du ist okay", Pronoun.DU),
        ("bitte nicht duzen", Pronoun.SIE),
        ("lieber per Sie", Pronoun.SIE),
        ("kannst du mir helfen?", None),
    ],
)
def test_the_customer_chooses_how_to_be_spoken_to(text: str, pronoun: Pronoun | None) -> None:
    assert heard(text).pronoun is pronoun


@pytest.mark.parametrize(
    ("text", "returning", "booked", "by"),
    [
        ("ich bin schon Kunde", True, False, None),
        ("hab per Telegram gebucht", True, True, Channel.TELEGRAM),
        ("ich habe über WhatsApp einen Termin gemacht", True, True, Channel.WHATSAPP),
        ("Ich habe am Montag einen Termin bei euch", False, True, None),
        ("Kann ich per WhatsApp einen Termin machen?", False, False, None),
        ("ich habe noch keinen Termin", False, False, None),
        ("I'm already a customer", True, False, None),
        ("I booked on telegram", True, True, Channel.TELEGRAM),
    ],
)
def test_who_was_here_before_says_so(text: str, returning: bool, booked: bool, by: Channel | None) -> None:
    understood = heard(text)
    assert (understood.returning, understood.booked, understood.booked_by) == (returning, booked, by)


@pytest.mark.parametrize(
    ("text", "after", "name", "plate"),
    [
        ("7KQ4-M2XN-P9RT, Müller", "nothing", "Müller", None),
        ("mein Buchungscode lautet 7KQ4-M2XN-P9RT, Petra Müller", "nothing", "Petra Müller", None),
        ("7kq4 m2xn p9rt müller", "code", "Müller", None),
        ("7KQ4-M2XN-P9RT K-AB 1234", "code", None, "K-AB 1234"),
        ("7KQ4-M2XN-P9RT last name Smith", "nothing", "Smith", None),
        ("7KQ4-M2XN-P9RT bitte absagen", "nothing", None, None),
    ],
)
def test_a_code_comes_with_its_proof(text: str, after: str, name: str | None, plate: str | None) -> None:
    understood = heard(text, after)
    assert (understood.code, understood.name, understood.vehicle.plate) == ("7KQ4-M2XN-P9RT", name, plate)


def test_yesterday_is_no_wish_and_since_yesterday_no_day() -> None:
    assert heard("gestern").bygone
    assert not heard("das quietscht seit gestern").bygone


@pytest.mark.parametrize("text", ["am 1.11.2027", "nächstes Jahr im Mai", "next year"])
def test_a_date_may_come_with_its_year(text: str) -> None:
    assert heard(text).year_named


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_asides_the_talk_leans_on(language: str) -> None:
    assert lexicon(language).asides >= {*Shift, *Stay, "also", "to_booking", "waiting_list", "returning", "booked"}
