"""One pass over a message: what each reader found, and where, so that no two readers take the same words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.understanding.cars import read_mileage
from bot.understanding.choices import LISTS, read_number
from bot.understanding.codes import read_code
from bot.understanding.contacts import read_email, read_phone
from bot.understanding.dates import read_when
from bot.understanding.digits import joined
from bot.understanding.hearing import Hearing, hear
from bot.understanding.languages import marked_languages
from bot.understanding.meaning import Expecting, When
from bot.understanding.places import read_plz
from bot.understanding.plates import read_plates
from bot.understanding.words import clean

Span = tuple[int, int]
# Questions along with which we invite to tell the plate.
_PLATE_WELCOME = frozenset({Expecting.NAME, Expecting.SLOT, Expecting.WHEN})


@dataclass(frozen=True, slots=True)
class Listening:
    """A message with its details taken out. `spans` says where in the text each detail stood, by its name."""

    hearing: Hearing
    text: str
    spans: Mapping[str, tuple[Span, ...]]
    email: str | None
    phone: str | None
    code: str | None
    plates: tuple[str, ...]
    mileage: int | None
    plz: str | None
    number: int | None
    when: When | None


def listen(
    text: str, *, now: datetime, language: str | None, expecting: Expecting, words: Mapping[str, Sequence[str]]
) -> Listening:
    """Hear the message and take its details one after the other: what one reader took is blank for the next."""
    text = joined(clean(text))
    email = read_email(text, asked=expecting is Expecting.EMAIL)
    code = read_code(text, asked=expecting is Expecting.CODE)
    phone = read_phone(text, asked=expecting is Expecting.PHONE)
    spans = {
        name: (found[1],) for name, found in (("email", email), ("code", code), ("phone", phone)) if found is not None
    }
    heard = hear(_masked(text, spans), language=language, expecting=expecting, words=words)
    about_plates = expecting is Expecting.VEHICLE or heard.says("cue", "plate")
    plates, plate = read_plates(heard.text, asked=about_plates, welcome=expecting in _PLATE_WELCOME)
    mileage = read_mileage(heard)
    plz = read_plz(heard)
    if plate:
        spans["plate"] = (plate,)
    if mileage:
        spans["mileage"] = (mileage[1],)
    if plz:
        spans["plz"] = ((plz.start, plz.end),)
    heard = heard.outside([span for found in spans.values() for span in found])
    choice = read_number(heard)
    if choice:
        spans["number"] = ((choice[1].start, choice[1].end),)
    taken = {name: found for name, found in spans.items() if name != "number"}
    if choice and expecting in LISTS and choice[1].typed.isalpha():
        taken = spans
    when, said = _read_when(heard, _masked(text, taken), now)
    return Listening(
        hearing=heard,
        text=text,
        spans=spans | ({"when": tuple(said)} if when else {}),
        email=email[0] if email else None,
        phone=phone[0] if phone else None,
        code=code[0] if code else None,
        plates=plates,
        mileage=mileage[0] if mileage else None,
        plz=plz.typed if plz else None,
        number=choice[0] if choice else None,
        when=when,
    )


def _read_when(heard: Hearing, text: str, now: datetime) -> tuple[When | None, Sequence[Span]]:
    """The dates in the language of the message, or in another one that some of its words are of."""
    for language in dict.fromkeys((heard.language, *marked_languages(heard.words))):
        when, spans = read_when(text, now=now, language=language, expecting=heard.expecting)
        if when is not None:
            return when, spans
    return None, ()


def _masked(text: str, spans: Mapping[str, tuple[Span, ...]]) -> str:
    """The text with those stretches blanked out, so that the digits of a plate are not taken for a time."""
    for found in spans.values():
        for start, end in found:
            text = text[:start] + "§" * (end - start) + text[end:]
    return text
