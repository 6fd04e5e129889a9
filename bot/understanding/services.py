"""What the car needs: services, and the problems that lead to them."""

from dataclasses import dataclass

from bot.understanding.hearing import Hearing
from bot.understanding.meaning import Intent
from bot.understanding.phrasebook import Hit

_REACH = 3
_STATEMENTS = frozenset({"symptom", "intent", "skip"})


@dataclass(frozen=True, slots=True)
class Needs:
    """Service codes and symptom keys in the order they were said, and whether driving on is unsafe.

    A service both wanted and not counts as wanted.
    """

    services: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    danger: bool = False


def read_needs(heard: Hearing) -> Needs:
    """What was asked for; what was expressly not wanted ("keine Inspektion, nur Öl") is kept apart."""
    services: dict[str, None] = {}
    unwanted: dict[str, None] = {}
    symptoms = _problems(heard)
    known = heard.lexicon.symptoms
    for hit in heard.hits:
        if hit.sense.kind == "symptom" and hit.sense.key in symptoms:
            services[known[hit.sense.key].service] = None
        elif hit.sense.kind == "service":
            (unwanted if _declined(heard, hit) else services)[hit.sense.key] = None
    declined = tuple(code for code in unwanted if code not in services)
    return Needs(tuple(services), declined, symptoms, any(known[key].danger for key in symptoms))


def _problems(heard: Hearing) -> tuple[str, ...]:
    """The symptoms in the order they were said; vague ones only if nothing plainer was."""
    known = heard.lexicon.symptoms
    said = tuple(dict.fromkeys(hit.sense.key for hit in heard.of("symptom")))
    plain = tuple(key for key in said if not known[key].vague)
    named = {hit.sense.key for hit in heard.of("service")} | {known[key].service for key in said}
    return plain or tuple(key for key in said if known[key].part_of.isdisjoint(named - {known[key].service}))


def _declined(heard: Hearing, service: Hit) -> bool:
    return _negated_before(heard, service.first) or any(
        unwanted.first > service.last and _same_clause(heard, service.last, unwanted.first)
        for unwanted in heard.of("cue", "unwanted")
    )


def _negated_before(heard: Hearing, place: int) -> bool:
    part_of_phrases = {
        here
        for hit in heard.hits
        if hit.sense.kind in _STATEMENTS and len(hit.places) > 1 and hit.sense.key != Intent.DENY
        for here in hit.places
    }
    negations, contrasts = heard.places("cue", "negation") - part_of_phrases, heard.places("cue", "contrast")
    for here in range(place - 1, max(place - 1 - _REACH, 0) - 1, -1):
        if here in contrasts or not _same_clause(heard, here, place):
            return False
        if here in negations:
            return True
    return False


def _same_clause(heard: Hearing, left: int, right: int) -> bool:
    return heard.words[left].clause == heard.words[right].clause
