"""Pages: templates in the reader's language, under a policy that lets nothing in from elsewhere."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_skeleton, format_time
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, format_percent
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles

HERE = Path(__file__).parent
STATIC = HERE / "static"
TEMPLATES = (HERE / "templates", HERE / "staff" / "templates", HERE / "phones" / "templates")
LANGUAGES = ("de", "en")
LOCALES = {"de": "de_DE", "en": "en_GB"}
SOURCE = "en"
"""The language the templates are written in."""

COOKIE = "language"

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {  # Without a referrer browsers call the origin of a form "null", and we would take it for a foreign one.
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def static_files() -> StaticFiles:
    """Scripts, styles and what others wrote of them, from our own disk."""
    return StaticFiles(directory=STATIC)


def language_of(request: Request) -> str:
    """What the reader chose; else the first of their browser's languages that we speak."""
    chosen = request.cookies.get(COOKIE, "")
    wanted = (part.split(";")[0].strip()[:2].lower() for part in request.headers.get("accept-language", "").split(","))
    return next((language for language in (chosen, *wanted) if language in LANGUAGES), LANGUAGES[0])


def page(request: Request, template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """The template filled with facts, in the reader's language."""
    environment = environment_for(language_of(request))
    content = environment.get_template(template).render(request=request, **facts)
    return HTMLResponse(content, status, HEADERS)


@cache
def environment_for(language: str) -> Environment:
    """Templates that speak this language; their own words are English, the catalogue has the others."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    words = translations(language)
    environment.install_gettext_translations(words, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= _filters(language)
    environment.globals |= {"language": language, "other_language": "en" if language == "de" else "de"}
    return environment


@cache
def translations(language: str) -> NullTranslations:
    """The catalogue of a language, compiled in memory; none for the one that templates are written in."""
    if language == SOURCE:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def catalogue(language: str) -> Catalog:
    """The catalogue as it is written."""
    with (HERE / "locales" / language / "LC_MESSAGES" / "pages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def _filters(language: str) -> Mapping[str, Callable[..., Any]]:
    """Times, days and numbers as readers of this language write them."""
    locale = LOCALES[language]

    def clock(moment: datetime) -> str:
        return format_time(moment, "HH:mm", locale=locale)

    def day(moment: date) -> str:
        return format_skeleton("MMMEd", moment, locale=locale)

    def short_day(moment: date) -> str:
        return format_skeleton("Md", moment, locale=locale)

    def long_day(moment: date) -> str:
        return format_date(moment, "EEEE, d. MMMM" if language == "de" else "EEEE, d MMMM", locale=locale)

    def moment(moment: datetime) -> str:
        return f"{day(moment)}, {clock(moment)}"

    def since(moment: datetime, now: datetime) -> str:
        """The time of day, or the day where that is another one."""
        return clock(moment) if moment.date() == now.date() else short_day(moment)

    def window(start: datetime | None, end: datetime | None) -> str:
        """A stretch of time; one end may be open."""
        if start is None or end is None:
            return f"{moment(start) if start else '…'} – {moment(end) if end else '…'}"
        if start.time() == end.time() == time():
            last = end - timedelta(days=1)
            return day(start) if last <= start else f"{day(start)} – {day(last)}"
        return f"{moment(start)}–{clock(end)}" if start.date() == end.date() else f"{moment(start)} – {moment(end)}"

    def money(cents: int) -> str:
        return format_currency(Decimal(cents) / 100, "EUR", locale=locale)

    def decimal(number: float) -> str:
        return format_decimal(round(number, 1), locale=locale)

    def percent(share: float) -> str:
        return format_percent(share, locale=locale)

    times: dict[str, Callable[..., Any]] = {"clock": clock, "moment": moment, "since": since, "window": window}
    days: dict[str, Callable[..., Any]] = {"day": day, "short_day": short_day, "long_day": long_day}
    return {**times, **days, "money": money, "decimal": decimal, "percent": percent, "local": local}


def local(written: str | None, zone: tzinfo) -> datetime | None:
    """A stored moment on the workshop's clock; without an offset it stands there already."""
    moment = datetime.fromisoformat(written) if written else None
    return moment and (moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone))
