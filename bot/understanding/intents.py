"""What the customer wants of us, in the light of what we asked."""

from collections.abc import Container, Iterable

from bot.understanding.asides import Asides
from bot.understanding.hearing import Hearing
from bot.understanding.meaning import Expecting, Intent, When
from bot.understanding.phrasebook import MEANS_NOTHING, Hit, Neighbours
from bot.understanding.services import Needs

_SHORT = 3
_ANSWERS = frozenset({Intent.AFFIRM, Intent.DENY})
_COURTESIES = _ANSWERS | {Intent.GREET, Intent.THANKS, Intent.GOODBYE, Intent.LANGUAGE, Intent.START}
_BOOKING = frozenset({Intent.BOOK, Intent.AVAILABILITY})
# Beside a need "hilfe" and "von vorne" speak of the car.
_ABOUT_THE_TALK = frozenset({Intent.HELP, Intent.RESTART, Intent.BACK})
# Beside a question for the people of the workshop these are only its words ("could you do …?").
_COMMON_WORDS = _BOOKING | {Intent.HELP}
# What is to join a booking neither moves nor asks for it; another workshop is wanted, not asked for; to be told of a
# free time is neither a question nor a call.
_SETTLED = {
    "to_booking": frozenset({Intent.RESCHEDULE, Intent.SHOW}),
    "waiting_list": frozenset({Intent.HUMAN, Intent.AVAILABILITY}),
    "drops_off": frozenset({Intent.ABORT}),
    "other_workshop": frozenset({Intent.LOCATION}),
    "off_list": frozenset({Intent.CANCEL, Intent.ABORT, Intent.DENY, Intent.STOP, Intent.ERASE}),
}
# To such a question "I would have to look it up" is no wish for an appointment.
_DETAILS = frozenset(
    {Expecting.VEHICLE, Expecting.NAME, Expecting.EMAIL, Expecting.PHONE, Expecting.CODE, Expecting.CONFIRM_CANCEL}
)
_OFFERS = frozenset({Expecting.SLOT, Expecting.WHEN, Expecting.CONFIRM, Expecting.WORKSHOP})
# Questions that go with a wish to book.
_ASIDES = frozenset({Intent.PRICE, Intent.AVAILABILITY, Intent.LOCATION, Intent.HOURS, Intent.HELP})
# Whoever speaks of a booking they have mentions "Termin" and free times without asking for a new one.
_OUTRANKED = {
    Intent.RESCHEDULE: _BOOKING | {Intent.CANCEL, Intent.DENY, Intent.SHOW},
    Intent.CANCEL: _BOOKING | {Intent.DENY, Intent.SHOW, Intent.ABORT},
    Intent.SHOW: _BOOKING,
    Intent.BACK: frozenset({Intent.DENY}),
    Intent.STATUS: _BOOKING | {Intent.EXPORT, Intent.CANCEL},
    Intent.LATE: _BOOKING | {Intent.DENY, Intent.CANCEL},
    Intent.HOURS: _BOOKING | {Intent.STATUS},
    Intent.ERASE: _BOOKING | {Intent.CANCEL, Intent.EXPORT, Intent.STOP},
    Intent.EXPORT: _BOOKING,
    Intent.ABORT: _BOOKING | {Intent.DENY, Intent.STOP},
    Intent.STOP: _BOOKING | {Intent.DENY, Intent.CANCEL},
}


def read_intents(
    heard: Hearing, needs: Needs, asides: Asides, asked_language: str | None, when: When | None = None
) -> tuple[Intent, ...]:
    """The intents in the order they were said; a need by itself is a wish to book when we had asked nothing."""
    hits = _without_outranked([hit for hit in _meant(heard) if hit.sense.key != MEANS_NOTHING])
    said = _one_answer(list(dict.fromkeys(_after(heard.expecting, Intent(hit.sense.key), asides) for hit in hits)))
    for aside, settled in _SETTLED.items():
        if heard.says("aside", aside):
            said = [intent for intent in said if intent not in settled]
    if needs.services:
        said = [intent for intent in said if intent not in _ABOUT_THE_TALK]
    if asides.question and not set(said) - _COURTESIES - _COMMON_WORDS:
        said = [intent for intent in said if intent not in _COMMON_WORDS] + [Intent.HELP]
    if asked_language:
        said = [intent for intent in said if intent not in (Intent.AVAILABILITY, Intent.HUMAN, Intent.LANGUAGE)]
        said.append(Intent.LANGUAGE)
    if _wants_to_book(heard, needs, said):
        said.append(Intent.BOOK)
    if not said and when is not None:
        said = _by_the_time(heard, when)
    agreed = heard.expecting is Expecting.CONFIRM and Intent.AFFIRM in said
    if heard.expecting in _DETAILS or agreed or (heard.expecting in _OFFERS and Intent.AVAILABILITY in said):
        said = [intent for intent in said if intent is not Intent.BOOK]
    if heard.expecting is Expecting.NOTHING and set(said) - _COURTESIES:
        said = [intent for intent in said if intent not in _ANSWERS]
    return tuple(said)


def _by_the_time(heard: Hearing, when: When) -> list[Intent]:
    """What a time says where no other word does: another time than those offered is asked for, or one is refused."""
    if heard.expecting in (*_OFFERS, Expecting.NOTHING) and any(word.asked for word in heard.words):
        return [Intent.AVAILABILITY]
    refused = not when.windows and (when.without or when.without_weekdays)
    return [Intent.DENY] if refused and heard.expecting in _OFFERS - {Expecting.WHEN} else []


def _after(question: Expecting, intent: Intent, asides: Asides) -> Intent:
    """To call off a cancellation is to keep it; "half an hour later" asks for more while times are on offer."""
    if question is Expecting.CONFIRM_CANCEL and intent is Intent.ABORT:
        return Intent.DENY
    return Intent.AVAILABILITY if question in _OFFERS and intent is Intent.LATE and asides.shift else intent


def _meant(heard: Hearing) -> list[Hit]:
    """The intents but for a yes or no that is only part of another phrase ("da kann ich nicht") or of a question.

    "An oil change the day after tomorrow" changes no day.
    """
    around = Neighbours(hit for hit in heard.hits if hit.sense.kind in ("intent", "skip", "symptom"))
    asked = {heard.words[hit.first].clause for hit in heard.of("intent") if hit.sense.key not in _ANSWERS}
    return [
        hit
        for hit in heard.of("intent")
        if not (_asked_along(heard, hit, asked) or any(_spoils(other, hit) for other in around.of(hit)))
        and not _is_only_a_cry(heard, hit)
        and not (hit.sense.key == Intent.RESCHEDULE and _is_work(heard, hit))
        and not (hit.sense.key == Intent.HUMAN and _introduces(heard, hit))
    ]


def _is_work(heard: Hearing, change: Hit) -> bool:
    """Whether the word for the change belongs to a service; to move the oil change names the service as a whole."""
    services = (frozenset(hit.places) for hit in heard.of("service"))
    return any(places.intersection(change.places) and not places.issubset(change.places) for places in services)


def _introduces(heard: Hearing, call: Hit) -> bool:
    """ "Call me Mohammed" to the question for the name asks for no call."""
    return heard.expecting is Expecting.NAME and heard.places("cue", "name").issuperset(call.places)


def _is_only_a_cry(heard: Hearing, hit: Hit) -> bool:
    """ "Stop, I mistyped", "yes, cancel": to opt out the word stands alone, as the carriers read it."""
    if hit.sense.key != Intent.STOP or not hit.plain:
        return False
    return len(heard.words) > _SHORT or any(other.sense.key in _ANSWERS for other in heard.of("intent"))


def _spoils(other: Hit, answer: Hit) -> bool:
    if answer.sense.key not in _ANSWERS or other.places == answer.places:
        return False
    if other.sense.key in _ANSWERS:
        return other.sense.key == Intent.DENY != answer.sense.key
    return len(other.places) >= len(answer.places)


def _asked_along(heard: Hearing, answer: Hit, asked: Container[int]) -> bool:
    """ "How much would that be?" is a question through and through; "yes, how much?" begins with an answer."""
    first = heard.words[answer.first]
    return answer.sense.key in _ANSWERS and not answer.plain and first.asked and first.clause in asked


def _without_outranked(hits: list[Hit]) -> list[Hit]:
    """Without what another intent explains; a plain "no" needs no explanation."""
    outranked: set[Intent] = set()
    for hit in hits:
        if hit.sense.key not in outranked:
            outranked |= _OUTRANKED.get(Intent(hit.sense.key), frozenset())
    left = [hit for hit in hits if hit.sense.key not in outranked or (hit.sense.key == Intent.DENY and hit.plain)]
    around = Neighbours(left)
    return [hit for hit in left if not any(_takes(other, hit) for other in around.of(hit))]


def _takes(longer: Hit, shorter: Hit) -> bool:
    """A word serves one intent: in "when do I have to be there?" the "when" of the appointment is none of the hours."""
    return len(longer.places) > len(shorter.places) and longer.sense.key != shorter.sense.key


def _one_answer(said: list[Intent]) -> list[Intent]:
    """Yes and no in one message: the first word counts, the rest is talk ("nein, das passt nicht so gut")."""
    answers = [intent for intent in said if intent in (Intent.AFFIRM, Intent.DENY)]
    return [intent for intent in said if intent not in answers[1:]]


def _wants_to_book(heard: Hearing, needs: Needs, said: Iterable[Intent]) -> bool:
    if Intent.BOOK in said or heard.expecting is not Expecting.NOTHING:
        return False
    requests = set(said) - _COURTESIES
    if not requests:
        return bool(needs.services) or (heard.says("cue", "booking") and not heard.says("aside", "booked"))
    return requests <= _ASIDES and bool(needs.services) and heard.says("cue", "want")
