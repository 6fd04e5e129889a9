"""German licence plates, and what only looks like one."""

import pytest

from tests.bot.understanding.heard import heard


@pytest.mark.parametrize(
    ("text", "plate"),
    [
        ("K-AB 1234", "K-AB 1234"),
        ("K AB 1234", "K-AB 1234"),
        ("k-ab 1234", "K-AB 1234"),
        ("K-AB-1234", "K-AB 1234"),
        ("HSK-X 7", "HSK-X 7"),
        ("MÜ-A 1", "MÜ-A 1"),
        ("TÖL-AB 12", "TÖL-AB 12"),
        ("FUE-AB 12", "FÜ-AB 12"),
        ("B-MW 320E", "B-MW 320E"),
        ("DD-E 70 H", "DD-E 70H"),
        ("BN-XY 12 04/10", "BN-XY 12 04-10"),
        ("Mein Kennzeichen ist su xy 77", "SU-XY 77"),
        ("Kennzeichen MXY123", "M-XY 123"),
        ("Kennzeichen B-123456", "B-123456"),
        ("Kennzeichen Y-654321", "Y-654321"),
        ("Kennzeichen NRW 5 4000", "NRW-54000"),
        ("rotes Kennzeichen K-06123", "K-06123"),
    ],
)
def test_every_form_is_read(text: str, plate: str) -> None:
    assert heard(text).vehicle.plate == plate


def test_small_letters_without_separators_count_when_we_asked() -> None:
    assert heard("mxy123", "vehicle").vehicle.plate == "M-XY 123"
    assert heard("mxy123").vehicle.plate is None


@pytest.mark.parametrize(
    ("text", "readings"),
    [("BAB1234", ("B-AB 1234", "BA-B 1234")), ("KAB 12", ("K-AB 12", "KA-B 12"))],
)
def test_an_ambiguous_plate_is_asked(text: str, readings: tuple[str, ...]) -> None:
    understood = heard(text, "vehicle")
    assert understood.plate_candidates == readings
    assert understood.vehicle.plate is None


@pytest.mark.parametrize(
    "text",
    [
        "Di um 10 Uhr",
        "Mi ab 14",
        "DI UM 10",
        "BMW X 3",
        "VW T 5 von 2010",
        "GLC220 Inspektion",
        "H7 Birne und WD40",
        "RS6",
        "HU AU 26",
        "Reifen 205/55 R16",
        "50667 Köln",
        "0171 2345678",
        "am 24.12. um 9",
        "KW 48",
        "bis zum B 55 Kreuz",
        "EUR 200",
    ],
)
def test_prose_is_no_plate(text: str) -> None:
    understood = heard(text)
    assert (understood.vehicle.plate, understood.plate_candidates) == (None, ())


@pytest.mark.parametrize("text", ["XX-AB 12", "K-ABC 12", "K-AB 0123", "K-AB 12345"])
def test_what_no_office_issues_is_no_plate(text: str) -> None:
    assert heard(text, "vehicle").vehicle.plate is None


def test_the_letters_of_a_plate_are_no_words_of_another_language() -> None:
    told = heard("Emily Carter, registration BN HA 4623", "name", "en")
    assert told.name == "Emily Carter"
