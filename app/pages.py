"""Pages: templates in the reader's language, under a policy that lets nothing in from elsewhere."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles

HERE = Path(__file__).parent
STATIC = HERE / "static"
TEMPLATES = (HERE / "templates", HERE / "staff" / "templates", HERE / "phones" / "templates")
LANGUAGES = ("de", "en")
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


def _filters(language: str) -> Mapping[str, Callable[..., str]]:
    def clock(moment: datetime) -> str:
        return f"{moment:%H:%M}"

    def day(moment: date) -> str:
        return format_date(moment, "EEE d. MMM" if language == "de" else "EEE d MMM", locale=language)

    def moment(moment: datetime) -> str:
        return f"{day(moment)}, {clock(moment)}"

    def long_day(moment: date) -> str:
        return format_date(moment, "EEEE, d. MMMM" if language == "de" else "EEEE, d MMMM", locale=language)

    def money(cents: int) -> str:
        return format_currency(Decimal(cents) / 100, "EUR", locale=language)

    return {"clock": clock, "day": day, "moment": moment, "long_day": long_day, "money": money}
