"""Facts that are the same in every language: towns, cars, plates."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from bot.understanding.words import split


@cache
def table(name: str) -> dict[str, Any]:
    """The content of one of the data files."""
    return tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def towns() -> Mapping[str, str]:
    """Towns with a postcode in their middle."""
    return {name: plz for name, _, plz in (line.rpartition(" ") for line in table("cities")["names"])}


@cache
def proper_names() -> frozenset[str]:
    """The words of all towns, makes and models: never mistyped words of the trade, however alike (Bremen, Passat)."""
    cars = table("cars")
    names = [*towns(), *cars["makes"], *(model for models in cars["models"].values() for model in models)]
    return frozenset(word.folded for name in names for word in split(name))


@cache
def car_names() -> frozenset[str]:
    """Makes and models of one word that mean nothing else: whoever asks "is the Polo ready?" asks for a car."""
    cars = table("cars")
    makes = [name for make, others in cars["makes"].items() for name in (make, *others)]
    names = [*makes, *(model for models in cars["models"].values() for model in models)]
    words = (split(name) for name in names if name not in cars["plain"]["words"])
    return frozenset(
        word.folded for word, *rest in words if not rest and word.folded.isalpha() and len(word.folded) > 1
    )
