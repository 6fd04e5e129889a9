"""Public holidays of a Bundesland, by their German names."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache


def feast_day(day: date, state: str, *, catholic: bool) -> str | None:
    """The name of the holiday, if it is one. `catholic` adds the days kept only in Catholic towns of the state."""
    return feast_days(state, catholic, day.year).get(day)


@lru_cache(maxsize=512)
def feast_days(state: str, catholic: bool, year: int) -> Mapping[date, str]:
    """The holidays of one year. Raises NotImplementedError for a state that is none."""
    # Importing the library takes half a second, which a command that never looks at a calendar should not pay.
    from holidays import country_holidays

    categories = ("public", "catholic") if catholic else ("public",)
    return dict(country_holidays("DE", subdiv=state, years=year, categories=categories, language="de"))
