"""The car: make, model, year and mileage."""

import re
from functools import cache

from bot.understanding.data import table
from bot.understanding.hearing import Hearing
from bot.understanding.meaning import Expecting, Vehicle
from bot.understanding.patterns import Sense
from bot.understanding.phrasebook import Hit, Phrasebook

_FIRST_CAR_YEAR = 1950
_MILEAGE = re.compile(
    r"(?<![\w.,])(?:(\d{1,3}(?:[. ',]\d{3})+|\d{1,6})\s?(?:km|kilometer[n]?|kilometres|kilometers)(?!\w|/h|\s?h\b)"
    r"|(\d{1,3})\s?(?:tkm|tausend|t\s?km|k\s?km|tsd\.?)(?!\w))",
    re.IGNORECASE,
)
_ODOMETER = re.compile(r"(?<![\w.,])(\d{1,3}(?:[. ',]\d{3})+|\d{4,6})(?![\w]|[.,]\d)")
_LEAST = 500
_LARGEST_FLEET = 20


def read_car(heard: Hearing, year_now: int, plate: str | None) -> Vehicle:
    """What was said of the car whose plate we know already."""
    makes, models = _named(heard)
    make, _, model = models[0].sense.key.partition("/") if models else ("", "", "")
    beside = frozenset(place for hit in makes[:1] + models[:1] for place in hit.places)
    return Vehicle(
        plate=plate,
        make=makes[0].sense.key if makes else make or None,
        model=model or None,
        year=_year(heard, beside, year_now),
    )


def read_mileage(heard: Hearing) -> tuple[int, tuple[int, int]] | None:
    """The kilometres on the clock and where they stand in the text."""
    match = _MILEAGE.search(heard.text)
    thousands = 1_000 if match and match[2] else 1
    if match is None and heard.says("cue", "mileage"):
        match = _ODOMETER.search(heard.text)
    if match is None:
        return None
    digits = next(group for group in match.groups() if group)
    kilometres = int(re.sub(r"\D", "", digits)) * thousands
    return (kilometres, match.span()) if kilometres >= _LEAST else None


def read_fleet(heard: Hearing) -> int | None:
    """How many cars they speak of, if more than one: "3 Fahrzeuge", "both cars"."""
    counted = {hit.first: int(hit.sense.key) for hit in heard.of("cardinal")} | dict.fromkeys(
        heard.places("cue", "both"), 2
    )
    for hit in heard.of("cue", "fleet"):
        before = heard.words[hit.first - 1].typed if hit.first else ""
        figure = int(before) if before.isascii() and before.isdecimal() and len(before) <= 2 else 0
        count = figure or counted.get(hit.first - 1, 0)
        if 1 < count <= _LARGEST_FLEET:
            return count
    return None


def car_places(heard: Hearing) -> frozenset[int]:
    """The places of the words that name the car."""
    makes, models = _named(heard)
    return frozenset(place for hit in makes + models for place in hit.places)


def _named(heard: Hearing) -> tuple[list[Hit], list[Hit]]:
    """Makes and models; a model that is also an everyday word counts beside its make or when we asked for the car."""
    plain, garage = _garage()
    asked = heard.expecting is Expecting.VEHICLE
    roads = heard.places("cue", "road")
    hits = [hit for hit in garage.find(heard.words, "") if hit.first - 1 not in roads]  # "auf der A3" is no Audi.
    makes = [hit for hit in hits if hit.sense.kind == "make"]
    sure_makes = [
        hit for hit in makes if asked or hit.sense.key not in plain or heard.words[hit.first].typed[0].isupper()
    ]
    spoken = {hit.sense.key for hit in makes}
    models = []
    for hit in hits:
        make, _, model = hit.sense.key.partition("/")
        beside = any(other.last == hit.first - 1 and other.sense.key == make for other in makes)
        if hit.sense.kind == "model" and (beside or model not in plain) and (make in spoken or not sure_makes):
            models.append(hit)
    makes = [hit for hit in makes if hit in sure_makes or any(model.first == hit.last + 1 for model in models)]
    return makes, models


def _year(heard: Hearing, beside: frozenset[int], year_now: int) -> int | None:
    cues = heard.places("cue", "year")
    for place, word in enumerate(heard.words):
        if len(word.typed) == 4 and word.typed.isascii() and word.typed.isdecimal():
            near = {place - 1, place - 2} & cues or {place - 2, place - 1, place + 1} & beside
            if near and _FIRST_CAR_YEAR <= int(word.typed) <= year_now + 1:
                return int(word.typed)
    return None


@cache
def _garage() -> tuple[frozenset[str], Phrasebook]:
    raw = table("cars")
    phrases = [(Sense("make", make), name) for make, names in raw["makes"].items() for name in (make, *names)]
    for make, models in raw["models"].items():
        phrases += [(Sense("model", f"{make}/{model}"), model.replace("-", " ").replace(".", " ")) for model in models]
    return frozenset(raw["plain"]["words"]), Phrasebook(phrases, groups={}, typos=False)
