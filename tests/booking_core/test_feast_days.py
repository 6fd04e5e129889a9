"""Holidays differ from Land to Land, and in some of them from town to town."""

import csv
import io
import os
from collections import defaultdict
from datetime import date

import pytest

from booking_core.feast_days import TABLED, feast_day, feast_days, library_says
from tests.wheel import ROOT

TABLE = ROOT / "booking_core" / "feast_days.csv"
STATES = ["Augsburg", "BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"]


def table() -> str:
    kept = defaultdict[tuple[date, str], dict[bool, list[str]]](lambda: {False: [], True: []})
    for year in TABLED:
        for state in STATES:
            everywhere = library_says(state, False, year)
            for day in library_says(state, True, year).items():
                kept[day][day[0] not in everywhere].append(state)
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(("day", "name", "states", "catholic"))
    rows.writerows((day, name, " ".join(who[False]), " ".join(who[True])) for (day, name), who in sorted(kept.items()))
    return written.getvalue()


def test_the_table_is_what_the_library_says() -> None:
    """`REWRITE_FEAST_DAYS=1` writes it anew, when a Land has made a law and the library knows of it."""
    if os.environ.get("REWRITE_FEAST_DAYS"):
        TABLE.write_text(table(), "utf-8")
    assert TABLE.read_text("utf-8") == table()


@pytest.mark.parametrize("year", [TABLED.start, TABLED.stop - 1, TABLED.stop])
@pytest.mark.parametrize("catholic", [False, True])
def test_every_land_has_its_days_within_the_table_and_beyond(year: int, catholic: bool) -> None:
    for state in STATES:
        assert feast_days(state, catholic, year) == library_says(state, catholic, year)


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
