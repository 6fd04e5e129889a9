"""What the car needs, in customers' words."""

import pytest

from bot.understanding import understand
from tests.bot.understanding.corpus import NOW
from tests.bot.understanding.heard import heard, services


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Winterreifenwechsel", "tyre-change"),
        ("Reifenwechselservice", "tyre-change"),
        ("Räder-Wechsel", "tyre-change"),
        ("die Reifen müssten mal getauscht werden", "tyre-change"),
        ("Öl Wechsel", "oil-change"),
        ("OELWECHSEL", "oil-change"),
        ("olwechsel", "oil-change"),
        ("HU/AU", "hu-au"),
        ("TÜV", "hu-au"),
        ("tuev faellig", "hu-au"),
        ("Zahnriemen", "inspection"),
        ("Bremsflüssigkeit wechseln", "brake-check"),
        ("Klimaanlagenwartung", "ac-service"),
        ("my windshield got hit by a rock", "windscreen"),
        ("track rod done, now I need tracking", "wheel-alignment"),
    ],
)
def test_one_service_has_many_names(text: str, code: str) -> None:
    assert code in services(text)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("inspecktion", "inspection"),
        ("Hauptuntersuhcung", "hu-au"),
        ("Baterie", "battery"),
        ("windschuzscheibe", "windscreen"),
        ("Achsvermesung", "wheel-alignment"),
        ("allignment", "wheel-alignment"),
        ("Ufallreparatur", "accident-damage"),
        ("Motordiagnsoe", "diagnosis"),
        ("Klimsaervice", "ac-service"),
    ],
)
def test_typos_are_forgiven(typed: str, code: str) -> None:
    assert services(typed) == [code]


def test_what_begins_like_a_word_of_the_trade_may_be_a_mistyped_longer_one() -> None:
    assert services("a TÜV inspecttion") == services("a TÜV inspection") == ["hu-au"]


@pytest.mark.parametrize(
    "text",
    [
        "Wir fahren nach Bremen",
        "Wir reisen morgen ab",
        "Tisch für 4 bitte",
        "I had breakfast",
        "Ist das die Firma Reiter?",
        "Frau Spurny hier",
    ],
)
def test_everyday_words_are_no_typos(text: str) -> None:
    assert services(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("keine Inspektion, nur Öl", ["oil-change"]),
        ("Inspektion ohne TÜV", ["inspection"]),
        ("nicht die Reifen sondern die Bremsen", ["brake-check"]),
        ("Öl brauch ich nicht, aber TÜV", ["hu-au"]),
        ("nicht nur Öl, auch Bremsen", ["oil-change", "brake-check"]),
        ("an oil change but no inspection", ["oil-change"]),
        ("keine Inspektion", []),
    ],
)
def test_what_is_not_wanted_is_left_out(text: str, wanted: list[str]) -> None:
    assert services(text) == wanted


def test_several_services_keep_their_order() -> None:
    assert services("TÜV, Öl und neue Reifen") == ["hu-au", "oil-change", "tyre-change"]


@pytest.mark.parametrize(
    ("text", "symptom", "service", "danger"),
    [
        ("beim Bremsen quietscht es", "brakes-squeal", "brake-check", False),
        ("Klima pustet nur warm", "ac-warm", "ac-service", False),
        ("Bremspedal ganz weich", "brakes-weak", "brake-check", True),
        ("rote Kühlmittelleuchte", "overheating", "diagnosis", True),
        ("riecht irgendwie verbrannt", "burning-smell", "diagnosis", True),
        ("the oil light is red", "oil-light", "diagnosis", True),
        ("my car pulls to the right", "pulls", "wheel-alignment", False),
        ("won't start", "wont-start", "battery", False),
    ],
)
def test_a_symptom_leads_to_a_service(text: str, symptom: str, service: str, danger: bool) -> None:
    understood = heard(text)
    assert (understood.symptoms, understood.services, understood.danger) == ((symptom,), (service,), danger)


def test_who_can_come_for_oil_speaks_of_no_oil_can() -> None:
    understood = heard("can i get an inspection and an oil change on saturday?")
    assert (understood.services, understood.danger) == (("inspection", "oil-change"), False)
    assert heard("the red oil can came on").danger


def test_a_plain_symptom_silences_a_vague_one() -> None:
    assert heard("komisches Geräusch, die Bremsen quietschen").symptoms == ("brakes-squeal",)


def test_a_workshop_adds_its_own_words_and_services() -> None:
    words = {"oil-change": ("Schmierdienst",), "campervan": ("wohnmobil*", "camper")}
    understood = understand("Schmierdienst fürs Wohnmobil bitte", now=NOW, language="de", words=words)
    assert understood.services == ("oil-change", "campervan")
