"""From words to facts: what a customer's message means, in any of the catalogue languages."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time

from bot.understanding.cars import car_places, read_car, read_mileage
from bot.understanding.choices import read_number, read_skip
from bot.understanding.codes import read_code
from bot.understanding.contacts import read_email, read_phone
from bot.understanding.dates import read_when
from bot.understanding.hearing import Hearing, hear
from bot.understanding.intents import read_intents
from bot.understanding.languages import asked_language, marked_languages
from bot.understanding.meaning import Expecting, Understanding, When
from bot.understanding.names import read_name
from bot.understanding.places import read_city, read_plz
from bot.understanding.plates import read_plates
from bot.understanding.services import read_needs
from bot.understanding.shifts import read_also, read_shift
from bot.understanding.words import clean

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
    text_clean = clean(text)
    email = read_email(text_clean, asked=expecting is Expecting.EMAIL)
    code = read_code(text_clean, asked=expecting is Expecting.CODE)
    phone = read_phone(text_clean, asked=expecting is Expecting.PHONE)
    rest = _masked(text_clean, [found[1] for found in (email, code, phone) if found])
    heard = hear(rest, language=language, expecting=expecting, words=words or {})
    asked_for = asked_language(heard.words)
    plates, plate_span = read_plates(rest, asked=expecting is Expecting.VEHICLE or heard.says("cue", "plate"))
    mileage = read_mileage(heard)
    plz = read_plz(heard)
    spans = [span for span in (plate_span, mileage and mileage[1], plz and (plz.start, plz.end)) if span]
    heard = heard.outside(spans)
    needs = read_needs(heard)
    when = _read_when(heard, _masked(rest, spans), now)
    return Understanding(
        text=text,
        language=heard.language,
        intents=read_intents(heard, needs, asked_for),
        services=needs.services,
        symptoms=needs.symptoms,
        danger=needs.danger,
        when=when,
        number=read_number(heard),
        clock=_clock(when),
        plz=plz.typed if plz else None,
        city=read_city(heard),
        plate_candidates=plates if len(plates) > 1 else (),
        vehicle=read_car(heard, now.year, plates[0] if len(plates) == 1 else None),
        mileage=mileage[0] if mileage else None,
        name=read_name(heard, _apart(heard, spans)),
        email=email[0] if email else None,
        phone=phone[0] if phone else None,
        code=code[0] if code else None,
        wanted_language=asked_for,
        skipped=read_skip(heard),
        also=read_also(heard),
        shift=read_shift(heard),
    )


def _apart(heard: Hearing, spans: Sequence[Span]) -> frozenset[int]:
    """The places of the words that cannot be the customer's name, since they are the car's."""
    inside = frozenset(
        place
        for place, word in enumerate(heard.words)
        if any(start < word.end and word.start < end for start, end in spans)
    )
    return inside | car_places(heard) | heard.places("cue", "plate")


def _read_when(heard: Hearing, text: str, now: datetime) -> When | None:
    """The dates in the language of the message, or in another one that some of its words are of."""
    for language in dict.fromkeys((heard.language, *marked_languages(heard.words))):
        when, _ = read_when(text, now=now, language=language, expecting=heard.expecting)
        if when is not None:
            return when
    return None


def _clock(when: When | None) -> time | None:
    """The one time of day that was named to the minute."""
    clocks = [start for start, end in when.times if start == end] if when else []
    return clocks[0] if len(clocks) == 1 else None


def _masked(text: str, spans: Sequence[Span]) -> str:
    """The text with those stretches blanked out, so that the digits of a plate are not taken for a time."""
    for start, end in spans:
        text = text[:start] + "§" * (end - start) + text[end:]
    return text
