"""Holidays differ from Land to Land, and in some of them from town to town."""

from datetime import date

import pytest

from booking_core.feast_days import feast_day, feast_days


def test_holidays_have_their_german_names() -> None:
    assert feast_day(date(2026, 12, 25), "NW", catholic=False) == "Erster Weihnachtstag"
    assert feast_day(date(2026, 11, 24), "NW", catholic=False) is None


@pytest.mark.parametrize(
    ("state", "day", "name"),
    [
        ("NW", date(2027, 5, 27), "Fronleichnam"),
        ("SN", date(2027, 11, 17), "Buß- und Bettag"),
        ("BE", date(2027, 3, 8), "Frauentag"),
        ("TH", date(2027, 9, 20), "Weltkindertag"),
        ("Augsburg", date(2027, 8, 8), "Augsburger Hohes Friedensfest"),
    ],
)
def test_each_land_has_its_own(state: str, day: date, name: str) -> None:
    assert feast_day(day, state, catholic=False) == name


def test_only_nine_are_kept_everywhere() -> None:
    states = ("BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH")
    common = set.intersection(*(set(feast_days(state, False, 2027)) for state in states))
    assert len(common) == 9


@pytest.mark.parametrize(("state", "day"), [("BY", date(2027, 8, 15)), ("TH", date(2027, 5, 27))])
def test_catholic_towns_keep_a_day_more(state: str, day: date) -> None:
    assert feast_day(day, state, catholic=False) is None
    assert feast_day(day, state, catholic=True) in {"Mariä Himmelfahrt", "Fronleichnam"}


def test_an_unknown_land_is_an_error() -> None:
    with pytest.raises(NotImplementedError):
        feast_day(date(2027, 1, 1), "XX", catholic=False)
