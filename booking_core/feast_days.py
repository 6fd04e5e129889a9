"""Public holidays of a Bundesland, by their German names."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
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
    tabled = {feast.day: feast.name for feast in _table().get(year, ()) if feast.is_kept_in(state, catholic=catholic)}
    return tabled or library_says(state, catholic, year)


def library_says(state: str, catholic: bool, year: int) -> dict[date, str]:
    """The same, of any year there is. Raises NotImplementedError."""
    from holidays import country_holidays

    categories = ("public", "catholic") if catholic else ("public",)
    return dict(country_holidays("DE", subdiv=state, years=year, categories=categories, language="de"))


@dataclass(frozen=True, slots=True)
class _Feast:
    """A line of the table: states that keep the day everywhere, and those that keep it in Catholic towns."""

    day: date
    name: str
    states: str
    catholic: str

    def is_kept_in(self, state: str, *, catholic: bool) -> bool:
        return state in self.states.split() or (catholic and state in self.catholic.split())


@cache
def _table() -> Mapping[int, list[_Feast]]:
    """By year."""
    table = defaultdict(list)
    with files("booking_core").joinpath("feast_days.csv").open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            feast = _Feast(date.fromisoformat(line["day"]), line["name"], line["states"], line["catholic"])
            table[feast.day.year].append(feast)
    return dict(table)
