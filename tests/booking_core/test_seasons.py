"""Seasons come back every year, some of them over New Year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_core.hours import BadHours
from booking_core.seasons import Season, read_season

days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
ROUND_THE_YEAR = [f"{date(2028, 1, 1) + timedelta(days=number):%m-%d}" for number in range(366)]
ends = st.sampled_from(ROUND_THE_YEAR)


def test_winter_goes_over_new_year() -> None:
    winter = read_season([["10-01", "04-15"]])
    assert [winter.holds(date(2027, month, day)) for month, day in ((9, 30), (10, 1), (12, 31))] == [False, True, True]
    assert [winter.holds(date(2028, month, day)) for month, day in ((1, 1), (4, 15), (4, 16))] == [True, True, False]


def test_a_season_may_have_several_parts() -> None:
    changing_tyres = read_season([["03-15", "05-15"], ["10-01", "12-10"]])
    assert changing_tyres.holds(date(2027, 4, 1))
    assert not changing_tyres.holds(date(2027, 7, 1))
    assert changing_tyres.holds(date(2027, 11, 1))
    assert str(changing_tyres) == "03-15/05-15, 10-01/12-10"


@given(start=ends, end=ends, day=days)
def test_a_season_holds_the_days_met_on_the_way_from_its_start_to_its_end(start: str, end: str, day: date) -> None:
    onwards = ROUND_THE_YEAR[ROUND_THE_YEAR.index(start) :] + ROUND_THE_YEAR
    way = onwards[: onwards.index(end) + 1]
    assert Season(((start, end),)).holds(day) == (f"{day:%m-%d}" in way)


@pytest.mark.parametrize("written", ["10-01", [["10-01"]], [["10-01", "02-30"]], [["1-1", "02-28"]], [["10-01", 4]]])
def test_a_badly_written_season_is_refused(written: object) -> None:
    with pytest.raises(BadHours):
        read_season(written)


def test_a_season_may_end_on_the_last_of_february() -> None:
    assert not read_season([["10-01", "02-29"]]).holds(date(2027, 3, 1))
