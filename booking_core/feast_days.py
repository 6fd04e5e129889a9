"""Public holidays of a Bundesland, by their German names."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

TABLED = range(2025, 2051)
"""Years whose holidays lie in `feast_days.csv`, written by the library: to load that takes half a second and 18 MB."""


def feast_day(day: date, state: str, *, catholic: bool) -> str | None:
    """The name of the holiday, if it is one. `catholic` adds the days kept only in Catholic towns of the state."""
    return feast_days(state, catholic, day.year).get(day)


@lru_cache(maxsize=512)
def feast_days(state: str, catholic: bool, year: int) -> Mapping[date, str]:
    """The holidays of one year. Raises NotImplementedError for a state that is none."""
    if (state, year) in _table():
        return {day: name for day, name, kept in _table()[state, year] if catholic or kept}
    return library_says(state, catholic, year)


def library_says(state: str, catholic: bool, year: int) -> dict[date, str]:
    """The same, of any year there is. Raises NotImplementedError."""
    from holidays import country_holidays

    categories = ("public", "catholic") if catholic else ("public",)
    return dict(country_holidays("DE", subdiv=state, years=year, categories=categories, language="de"))


@cache
def _table() -> Mapping[tuple[str, int], list[tuple[date, str, bool]]]:
    """By state and year the day, its name, and whether the whole state keeps it."""
    table = defaultdict(list)
    for state, line in _lines():
        day = date.fromisoformat(line["day"])
        table[state, day.year].append((day, line["name"], state in line["states"].split()))
    return dict(table)


def _lines() -> Iterator[tuple[str, dict[str, str]]]:
    with files("booking_core").joinpath("feast_days.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            for state in (*line["states"].split(), *line["catholic"].split()):
                yield state, line
