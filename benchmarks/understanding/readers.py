"""Date readers side by side: ours and, where they are installed, the libraries'."""

import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module

from benchmarks.understanding.duckling import Duckling
from bot.understanding import understand
from bot.understanding.dates import windows_of
from bot.understanding.meaning import Expecting
from tests.bot.understanding.corpus import NOW, Case

logging.getLogger("ctparse").setLevel(logging.CRITICAL)
_LOCAL_NOW = NOW.replace(tzinfo=None)


@dataclass(frozen=True)
class Found:
    """What a reader found, in local time; an open side is None, and what is only a moment has both ends alike."""

    start: datetime | None
    end: datetime | None


Reader = Callable[[Case], list[Found]]


def readers() -> Iterator[tuple[str, Reader]]:
    """Every reader that can be imported here, ours first; on stderr which ones cannot, and why."""
    yield "werkstatt-bot", _ours
    for name, build in (
        ("dateparser.parse", _dateparser),
        ("dateparser search_dates", _dateparser_search),
        ("ctparse", _ctparse),
        ("parsedatetime", _parsedatetime),
        ("duckling + merge", _duckling),
    ):
        try:
            yield name, build()
        except ImportError as error:
            print(f"{name} is left out: {error}", file=sys.stderr)


def _ours(case: Case) -> list[Found]:
    known = None if case.expecting is Expecting.NOTHING else case.lang
    when = understand(case.text, now=NOW, language=known, expecting=case.expecting).when
    if when is None:
        return []
    windows = windows_of(when, now=NOW)
    return [Found(_local(window.start), _local(window.end)) for window in windows] or [Found(None, None)]


def _local(moment: datetime | None) -> datetime | None:
    return moment.astimezone(NOW.tzinfo).replace(tzinfo=None) if moment else None


def _dateparser() -> Reader:
    dateparser = import_module("dateparser")
    settings = {"RELATIVE_BASE": _LOCAL_NOW, "PREFER_DATES_FROM": "future"}

    def read(case: Case) -> list[Found]:
        moment = dateparser.parse(case.text, languages=[_code(case)], settings=settings)
        return [_moment(moment)] if moment else []

    return read


def _dateparser_search() -> Reader:
    search = import_module("dateparser.search")
    settings = {"RELATIVE_BASE": _LOCAL_NOW, "PREFER_DATES_FROM": "future"}

    def read(case: Case) -> list[Found]:
        found = search.search_dates(case.text, languages=[_code(case)], settings=settings)
        return [_moment(moment) for _, moment in found or ()]

    return read


def _ctparse() -> Reader:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ctparse = import_module("ctparse")

    def read(case: Case) -> list[Found]:
        parsed = ctparse.ctparse(case.text, ts=_LOCAL_NOW, timeout=1)
        resolution = getattr(parsed, "resolution", None)
        if resolution is None:
            return []
        with suppress(ValueError, AttributeError, TypeError):
            first = getattr(resolution, "t_from", resolution)
            last = getattr(resolution, "t_to", resolution)
            return [Found(first.start.dt if first else None, last.end.dt if last else None)]
        return []

    return read


def _parsedatetime() -> Reader:
    parsedatetime = import_module("parsedatetime")
    calendars = {
        language: parsedatetime.Calendar(parsedatetime.Constants(locale, usePyICU=False))
        for language, locale in (("de", "de_DE"), ("en", "en_US"))
    }

    def read(case: Case) -> list[Found]:
        moment, context = calendars[_code(case)].parseDT(case.text, sourceTime=_LOCAL_NOW)
        return [_moment(moment)] if context else []

    return read


@cache
def _duckling() -> Reader:
    duckling = Duckling(NOW)

    def read(case: Case) -> list[Found]:
        return [Found(start, end) for start, end in duckling.stretches(case.text, _code(case))]

    return read


def _code(case: Case) -> str:
    return "en" if case.lang == "en" else "de"


def _moment(moment: datetime) -> Found:
    local = moment.replace(tzinfo=None)
    return Found(local, local)
