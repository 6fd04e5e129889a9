"""From words to facts: what a customer's message means, in any of the catalogue languages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from typing import Any

from bot.understanding.cars import read_car, read_mileage
from bot.understanding.choices import read_number, read_skip
from bot.understanding.codes import read_code
from bot.understanding.contacts import read_email, read_phone
from bot.understanding.hearing import hear
from bot.understanding.intents import read_intents
from bot.understanding.languages import asked_language
from bot.understanding.meaning import Expecting, Understanding
from bot.understanding.names import read_name
from bot.understanding.places import read_city, read_plz
from bot.understanding.plates import read_plates
from bot.understanding.services import read_needs
from bot.understanding.shifts import read_also, read_shift

__all__ = ["understand"]

Span = tuple[int, int]


def understand(
    text: str,
    *,
    now: datetime,
    language: str | None,
    expecting: Expecting = Expecting.NOTHING,
    words: Mapping[str, Sequence[str]] | None = None,
) -> Understanding:
    """What `text` means at `now` (aware, in the workshop's zone) as the answer to what we were `expecting`.

    `language` is the customer's stored choice or the client's hint; the result carries the language of the message.
    `words` are a workshop's own names for its services, by service code, written like those of the catalogues.
    """
    heard = hear(text, language=language, expecting=expecting, words=words or {})
    asked_for = asked_language(heard.words)
    email = read_email(heard.text, asked=expecting is Expecting.EMAIL)
    code = read_code(heard.text, asked=expecting is Expecting.CODE)
    plates, plate_span = read_plates(heard.text, asked=expecting is Expecting.VEHICLE or heard.says("cue", "plate"))
    mileage = read_mileage(heard)
    plz = read_plz(heard)
    phone = read_phone(heard.text, asked=expecting is Expecting.PHONE)
    spans = [found[1] for found in (email, code, mileage, phone) if found]
    spans += [span for span in (plate_span, plz and (plz.start, plz.end)) if span]
    heard = heard.outside(spans)
    needs = read_needs(heard)
    when, _ = _read_when(_masked(heard.text, spans), now=now, language=heard.language, expecting=expecting)
    return Understanding(
        text=text,
        language=heard.language,
        intents=read_intents(heard, needs, asked_for),
        services=needs.services,
        symptoms=needs.symptoms,
        danger=needs.danger,
        when=when,
        number=read_number(heard),
        plz=plz.typed if plz else None,
        city=read_city(heard),
        plate_candidates=plates if len(plates) > 1 else (),
        vehicle=read_car(heard, now.year, plates[0] if len(plates) == 1 else None),
        mileage=mileage[0] if mileage else None,
        name=read_name(heard),
        email=email[0] if email else None,
        phone=phone[0] if phone else None,
        code=code[0] if code else None,
        wanted_language=asked_for,
        skipped=read_skip(heard),
        also=read_also(heard),
        shift=read_shift(heard),
    )


def _read_when(text: str, *, now: datetime, language: str, expecting: Expecting) -> tuple[Any, Sequence[Span]]:
    try:
        dates = import_module("bot.understanding.dates")
    except ModuleNotFoundError:
        return None, ()
    return dates.read_when(text, now=now, language=language, expecting=expecting)  # type: ignore[no-any-return]


def _masked(text: str, spans: Sequence[Span]) -> str:
    """The text with those stretches blanked out, so that the digits of a plate are not taken for a time."""
    for start, end in spans:
        text = text[:start] + "§" * (end - start) + text[end:]
    return text
