"""Which of the offered things was picked, and whether the question was waved aside."""

from collections.abc import Set

from bot.understanding.hearing import Hearing
from bot.understanding.meaning import Expecting, Intent
from bot.understanding.words import Word

_HIGHEST = 20
_SHORT = 3
# After a list "die dritte" is its third entry and no day of the month.
LISTS = frozenset({Expecting.SLOT, Expecting.WORKSHOP, Expecting.SERVICE, Expecting.PLACE, Expecting.WHICH_APPOINTMENT})


def read_number(heard: Hearing) -> tuple[int, Word] | None:
    """The number picked, counted from 1, or -1 for the last, and its word: "2", "nr. 3", "die zweite".

    Where nothing was asked only a short message is one: "be there in 10" is not.
    """
    if heard.expecting is Expecting.NOTHING and len(heard.words) > _SHORT:
        return None
    intents = heard.places("intent")
    asked = {place for hit in heard.of("intent", Intent.AVAILABILITY) for place in hit.places}
    numbers = {
        place: number
        for place, number in _numbers(heard).items()
        if place not in intents or _asked_for(heard, place, asked)
    }
    named, counted = heard.places("cue", "number"), heard.places("cue", "digit_follows")
    refused = {here for hit in heard.of("intent", Intent.DENY) if not hit.plain for here in hit.places}
    polite = named | heard.places("cue", "choosing") | heard.places("cue", "article") | (intents - refused)
    alone = {
        clause
        for clause, places in heard.clauses.items()
        if len(places & numbers.keys()) == 1 and places <= polite | numbers.keys()
    }
    for place, number in numbers.items():
        picked = heard.words[place].clause in alone or place - 1 in named or _pointed_at(heard, place, polite - asked)
        if picked and place + 1 not in counted:
            return number, heard.words[place]
    return None


def _asked_for(heard: Hearing, place: int, asked: Set[int]) -> bool:
    """ "The earliest appointment" after a list of them: it asks for what is free, and points at one."""
    return heard.expecting is Expecting.SLOT and place in asked and place in heard.places("ordinal")


def _pointed_at(heard: Hearing, place: int, polite: frozenset[int]) -> bool:
    """ "The second (one)" after a list: an ordinal with its article and nothing behind that it would count."""
    if (
        heard.expecting not in LISTS
        or place not in heard.places("ordinal")
        or place - 1 not in heard.places("cue", "article")
    ):
        return False
    behind = place + 1
    ends = behind == len(heard.words) or heard.words[behind].clause != heard.words[place].clause
    return ends or behind in polite


def _numbers(heard: Hearing) -> dict[int, int]:
    """The numbers by their places; beside an ordinal the others only decorate ("the second one")."""
    ordinals = {hit.first: int(hit.sense.key) for hit in heard.of("ordinal")}
    if ordinals:
        return ordinals
    numbers = {hit.first: int(hit.sense.key) for hit in heard.of("cardinal")}
    for place, word in enumerate(heard.words):
        if (
            word.typed.isascii()
            and word.typed.isdecimal()
            and len(word.typed) <= 2
            and 1 <= int(word.typed) <= _HIGHEST
        ):
            numbers[place] = int(word.typed)
    return numbers


def read_skip(heard: Hearing) -> bool:
    """Whether the customer does not want to give what was asked for."""
    return heard.expecting is not Expecting.NOTHING and heard.says("skip")
