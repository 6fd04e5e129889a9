"""Dates in other languages, read by dateparser where our own words find nothing."""

import re
from datetime import UTC, datetime, time
from functools import cache
from typing import Any

from bot.understanding.dates.almanac import DAY, sane_year
from bot.understanding.meaning import Grain, When, Window

Spans = tuple[tuple[int, int], ...]

_DAY_MONTH_YEAR = re.compile(r"\b\d{1,2}\W{1,3}(?:d[ei]\W)?[^\W\d_]{3,12}\W{1,3}(?:d[ei]\W)?20\d\d\b")
# What customers of German workshops are most likely to write; each further language makes a miss slower.
_SPOKEN = ["tr", "pl", "it", "fr", "es", "ro", "hr", "ru", "uk", "nl", "pt", "en", "de"]
_LETTERS = re.compile(r"[^\W\d_]")
_LONGEST = 200


def foreign_date(text: str, *, now: datetime, language: str, known: bool) -> tuple[When | None, Spans]:
    """A date written out with its year; in a language we have no words for (not `known`), any day."""
    if known:
        found = _DAY_MONTH_YEAR.search(text)
        said = found.group() if found else None
        moment = _dateparser().parse(said, languages=_SPOKEN, settings=_settings(now, strict=True)) if said else None
        return _day(moment, now, found.span()) if moment and found else (None, ())
    try:
        hits = _dateparser().search.search_dates(text[:_LONGEST], languages=[language], settings=_settings(now))
    except ValueError:  # dateparser does not know the language either
        return None, ()
    for said, moment in hits or ():
        if len(said) > 3 and _LETTERS.search(said):
            place = text.index(said)
            return _day(moment, now, (place, place + len(said)))
    return None, ()


def _day(moment: datetime, now: datetime, span: tuple[int, int]) -> tuple[When | None, Spans]:
    if not sane_year(moment.year):
        return None, ()
    start = datetime.combine(moment.date(), time(), now.tzinfo)
    if start + DAY <= now:
        return None, (span,)
    return When(windows=(Window(start, start + DAY, Grain.DAY),)), (span,)


def _settings(now: datetime, *, strict: bool = False) -> dict[str, Any]:
    naive = now.astimezone(now.tzinfo or UTC).replace(tzinfo=None)
    return {"PREFER_DATES_FROM": "future", "RELATIVE_BASE": naive, "STRICT_PARSING": strict}


@cache
def _dateparser() -> Any:
    # Imported late: it takes a quarter of a second, and hardly any message needs it.
    import dateparser.search

    return dateparser
