"""From words to facts: what a customer's message means, in any of the catalogue languages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time

from bot.understanding.asides import Asides
from bot.understanding.cars import car_places, read_car, read_fleet
from bot.understanding.choices import read_skip
from bot.understanding.dates import read_offset
from bot.understanding.intents import read_intents
from bot.understanding.languages import asked_language
from bot.understanding.listening import Listening, listen
from bot.understanding.meaning import THAT_DAY, Expecting, Intent, Shift, Stay, Understanding, When
from bot.understanding.names import read_name
from bot.understanding.places import home_places, read_city
from bot.understanding.services import read_needs

__all__ = ["understand"]

_FIRST_HOUR, _LAST_HOUR = 6, 20


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
    `words` are workshops' own names for their services, by service code, as they write them.
    """
    listened = listen(text, now=now, language=language, expecting=expecting, words=words or {})
    heard, plates = listened.hearing, listened.plates
    needs, asides = read_needs(heard), Asides(heard)
    wanted_language = asked_language(heard.words)
    intents = read_intents(heard, needs, asides, wanted_language, listened.when)
    when = _of_the_appointment(listened.when) if Intent.CANCEL in intents else listened.when
    if asides.shift in THAT_DAY and when and _is_today(when, now):
        when = None  # "Später am Tag" is a day we speak of.
    if asides.stay is Stay.DROPS_OFF and when and not (when.windows or when.weekdays):
        when = None  # "Ich gebe ihn morgens ab" says when the car comes, not when it is worked on.
    offset = None
    if asides.shift in (Shift.EARLIER, Shift.LATER) or Intent.RESCHEDULE in intents:
        offset = read_offset(heard.text, now=now, language=heard.language)
    if offset and Intent.RESCHEDULE in intents:
        when = None  # "An hour later" is later than the appointment, not than now.
    home = home_places(heard)
    name = read_name(heard, _apart(listened) | home, proof=listened.code is not None, timed=when is not None)
    city = read_city(heard, timed=listened.when is not None)
    if name and city and city in name:
        city = None  # Frau Müller-Lüdenscheid may live anywhere.
    return Understanding(
        text=text,
        language=heard.language,
        intents=intents,
        services=needs.services,
        unwanted=needs.unwanted,
        symptoms=needs.symptoms,
        danger=needs.danger,
        when=when,
        number=listened.number,
        clock=_clock(when, listened.number, expecting),
        plz=None if name and home else listened.plz,
        city=None if name and home else city,
        plate_candidates=plates if len(plates) > 1 else (),
        vehicle=read_car(heard, now.year, plates[0] if len(plates) == 1 else None),
        mileage=listened.mileage,
        name=name,
        email=listened.email,
        phone=listened.phone,
        code=listened.code,
        wanted_language=wanted_language,
        skipped=read_skip(heard) and not (when and when.windows),
        also=asides.says("also"),
        to_booking=asides.says("to_booking"),
        shift=asides.shift,
        offset=offset,
        waiting_list=asides.says("waiting_list") and not asides.says("off_list"),
        off_list=asides.says("off_list"),
        ponders=asides.says("ponders"),
        stay=asides.stay,
        pronoun=asides.pronoun,
        returning=asides.says("returning") or asides.booked_by is not None,
        booked=asides.says("booked") or asides.booked_by is not None,
        booked_by=asides.booked_by,
        bygone=asides.says("gone"),
        year_named=asides.names_a_year,
        question=asides.question,
        same_question=heard.says("cue", "same_question"),
        same_time=heard.says("cue", "same_time"),
        cars=read_fleet(heard),
    )


def _apart(listened: Listening) -> frozenset[int]:
    """The places of the words that cannot be the customer's name, since they are the car's."""
    heard = listened.hearing
    spans = [span for name in ("plate", "mileage", "plz") for span in listened.spans.get(name, ())]
    inside = frozenset(
        place
        for place, word in enumerate(heard.words)
        if any(start < word.end and word.start < end for start, end in spans)
    )
    return inside | car_places(heard) | heard.places("cue", "plate")


def _of_the_appointment(when: When | None) -> When | None:
    """In a cancellation "I can't come on Friday" names the appointment, not a wish for any other day."""
    return replace(when, windows=when.without, without=()) if when and when.without and not when.windows else when


def _is_today(when: When, now: datetime) -> bool:
    return bool(when.windows) and all(window.start and window.start.date() == now.date() for window in when.windows)


def _clock(when: When | None, number: int | None, expecting: Expecting) -> time | None:
    """The one time of day that was named to the minute; a bare "10" may be one where we offered times."""
    clocks = [start for start, end in when.times if start == end] if when else []
    if len(clocks) == 1:
        return clocks[0]
    hour = when is None and expecting in (Expecting.SLOT, Expecting.WHEN) and number
    return time(hour) if hour and _FIRST_HOUR <= hour <= _LAST_HOUR else None
