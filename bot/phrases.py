"""What we say, in the customer's language: catalogues of phrases, and how facts are written in them.

A phrase names facts as `str.format` does. A format after the colon says how: `{start}` is a day and a time,
`{until:clock}` a time, `{day:day}` a day, `{price:money}` cents as euros, `{shops:hours}` opening hours.
"""

import string
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO
from itertools import groupby
from operator import itemgetter
from typing import Any

from babel.dates import format_date, format_datetime, format_time, get_day_names
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from bot.facts import Booking, Hours, Job, Shop, Wait
from bot.step import Option, Say
from bot.text import plain
from bot.understanding.meaning import Vehicle

LANGUAGES = ("de", "en")
FAMILIAR = "de-du"
"""German as friends speak it; kept where a customer's language is."""

PLAIN_CHANNELS = frozenset({"sms"})


def spoken(language: str | None) -> str:
    """The language in which we write to a customer whose language that is: German unless we know better."""
    return language if language in (*LANGUAGES, FAMILIAR) else LANGUAGES[0]


def word(say: Say, language: str, channel: str) -> str:
    """The phrase in this language; for SMS in its shorter form, if it has one, and in plain letters."""
    phrases = catalogue(language)
    short = phrases.gettext(f"{say.key}.short") if channel in PLAIN_CHANNELS else None
    phrase = short if short and not short.endswith(".short") else phrases.gettext(say.key)
    text = _Writer(language).vformat(phrase, (), say.facts)
    return plain(text) if channel in PLAIN_CHANNELS else text


def label(option: Option, language: str, channel: str) -> str:
    return word(option.label, language, channel)


def load(language: str, *, now: datetime) -> None:
    """Read the catalogue, and how people of this language write dates and prices."""
    writer = _Writer(language)
    for fact, spec in ((now, ""), (now, "clock"), (now.date(), ""), (100, "money")):
        writer.format_field(fact, spec)


@cache
def catalogue(language: str) -> GNUTranslations:
    """Compiled in memory, so that the readable catalogues are the only files there are."""
    base, _, layer = language.partition("-")
    phrases = _compiled(source(base))
    if layer:
        phrases, formal = _compiled(source(base, layer)), phrases
        phrases.add_fallback(formal)
    return phrases


def _compiled(written: Catalog) -> GNUTranslations:
    compiled = BytesIO()
    write_mo(compiled, written)
    compiled.seek(0)
    return GNUTranslations(compiled)


def source(language: str, layer: str = "messages") -> Catalog:
    """A catalogue as it is written; a layer holds only what is said differently."""
    path = files("bot") / "locales" / language / "LC_MESSAGES" / f"{layer}.po"
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


class _Writer(string.Formatter):
    """Writes facts as people of one language do."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.locale = language.partition("-")[0]

    def format_field(self, value: Any, spec: str) -> str:
        match value:
            case datetime():
                return self._moment(value, spec)
            case date():
                return format_date(value, self._pattern("day"), locale=self.locale)
            case int() if spec == "money":
                return format_currency(Decimal(value) / 100, "EUR", locale=self.locale)
            case float():
                return format_decimal(round(value), locale=self.locale)
            case Vehicle():
                return self._car(value)
            case tuple() if spec == "week":
                return self._week(value)
            case Job() | Booking():
                return self._one(value, spec)
            case tuple():
                return self._several(value, spec)
            case _:
                return str(value)

    def _moment(self, moment: datetime, spec: str) -> str:
        if spec == "clock":
            return format_time(moment, self._pattern("clock"), tzinfo=moment.tzinfo, locale=self.locale)
        return format_datetime(moment, self._pattern("moment"), tzinfo=moment.tzinfo, locale=self.locale)

    def _pattern(self, name: str) -> str:
        return catalogue(self.language).gettext(f"format.{name}")

    def _phrase(self, key: str, **facts: object) -> str:
        return self.vformat(catalogue(self.language).gettext(key), (), facts)

    def _one(self, fact: Job | Booking, spec: str) -> str:
        if isinstance(fact, Job):
            name = fact.name if self.locale == "de" else fact.name_en
            if spec == "about":
                key = f"about.{fact.code}"
                return self._own(key) or fact.about or name
            return self._phrase(f"format.{spec}", name=name, job=fact) if spec else name
        return self._phrase("format.booking", **_facts(fact))

    def _own(self, key: str) -> str:
        """What a catalogue has under a key that it need not have; else nothing."""
        told = catalogue(self.language).gettext(key)
        return told if told != key else ""

    def _several(self, facts: Sequence[Any], spec: str) -> str:
        if not facts:
            return ""
        match facts[0]:
            case Shop() if spec == "hours":
                return "\n".join(self._phrase("format.hours", shop=shop) for shop in facts)
            case Shop() if spec == "addresses":
                return "\n".join(self._phrase("format.address", shop=shop) for shop in facts)
            case Shop():
                names = [shop.name for shop in facts]
                return format_list(names, style="or", locale=self.locale)
            case Wait():
                return "\n".join(self._phrase("format.wait", jobs=wait.jobs, shop=wait.shop) for wait in facts)
            case Booking():
                return "\n".join(self._one(booking, spec) for booking in facts)
            case Job() if spec == "bring":
                return self._to_bring(facts)
            case Job() if spec == "bring_along":
                return self._to_bring(facts).strip() or self._phrase("format.bring_nothing")
            case Job() if spec in ("price", "about"):
                return "\n".join(self._one(job, spec) for job in facts)
            case _:
                return format_list([self._one(job, spec) for job in facts], locale=self.locale)

    def _to_bring(self, jobs: Sequence[Job]) -> str:
        """What customers are to bring for it besides the car, as a sentence to put behind another; or nothing."""
        things = list(filter(None, (self._own(f"bring.{job.code}") for job in jobs)))
        return self._phrase("format.bring", things=format_list(things, locale=self.locale)) if things else ""

    def _week(self, hours: Hours) -> str:
        """ "Mo–Fr 07:30–17:30, Sa 08:00–12:00": days in a row with the same hours are one entry."""
        runs = [(times, [day for day, _ in days]) for times, days in groupby(enumerate(hours), key=itemgetter(1))]
        return ", ".join(f"{self._days(days[0], days[-1])} {_intervals(times)}" for times, days in runs if times)

    def _days(self, first: int, last: int) -> str:
        """Weekdays, Monday is 0."""
        names = get_day_names("abbreviated", context="stand-alone", locale=self.locale)
        return names[first] if first == last else f"{names[first]}–{names[last]}"

    def _car(self, car: Vehicle) -> str:
        model = " ".join(part for part in (car.make, car.model) if part)
        return ", ".join(part for part in (model, car.plate) if part)


def _intervals(times: Sequence[tuple[str, str]]) -> str:
    return " + ".join(f"{opens}–{closes}" for opens, closes in times)


def _facts(booking: Booking) -> Mapping[str, object]:
    return {"start": booking.start, "jobs": booking.jobs, "shop": booking.shop, "code": booking.code}
