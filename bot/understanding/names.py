"""The customer's name."""

from collections.abc import Sequence
from itertools import takewhile

from bot.understanding.hearing import Hearing
from bot.understanding.meaning import Expecting, Intent
from bot.understanding.namewords import (
    JOINERS,
    LONGEST,
    ends_clause,
    explained,
    families,
    first_run,
    is_all_small,
    is_name,
    is_talk,
    is_written_as_name,
    run,
    stands_apart,
    trimmed,
    written,
)
from bot.understanding.phrasebook import Hit
from bot.understanding.signatures import LONGEST_PROOF, beside_code, signature, signed, volunteered

_OWN = frozenset({"my", "mein", "ich", "i"})  # "The name is spelled wrong" gives none.
_BLANK = "§"  # What stands where an e-mail address or a phone number was.
_LONGEST_NAME = 4
_ALONG_WITH = frozenset({Expecting.SLOT, Expecting.WHEN})


def read_name(
    heard: Hearing, apart: frozenset[int] = frozenset(), *, proof: bool = False, timed: bool = False
) -> str | None:
    """The name after "ich heiße", or what was answered when we asked for it; "Müller, Petra" becomes "Petra Müller".

    `apart` are the places of words that say something else: the plate, the car. Beside a booking's code a name is its
    `proof`, also without any "I am". Where a time is asked for, a name comes without one (`timed`).
    """
    asked = heard.expecting is Expecting.NAME
    for cue in sorted(heard.of("cue", "name"), key=lambda cue: (cue.first, -cue.last)):
        any_case = asked or cue.first == 0 or (is_all_small(heard) and heard.words[cue.first].folded in _OWN)
        name = run(heard, cue.last + 1, apart, need_capital=not any_case) or _run_before(heard, cue)
        if name:
            return written(heard, name)
    if proof and (owner := beside_code(heard, apart)):
        return owner
    if introduced := _introduced(heard, apart) or signed(heard, apart):
        return written(heard, introduced)
    if asked:
        return _answered(heard, apart)
    freely = volunteered(heard, apart) if heard.expecting in _ALONG_WITH and not timed else None
    return freely or signature(heard, apart)


def in_full(known: str, told: str) -> str | None:
    """The `known` name with what it lacked, if that is all that was `told`: "Lena Vogt" or "Vogt, Lena" of Lena."""
    last, comma, first = told.partition(",")
    words = (f"{first} {last}" if comma else told).split()
    more = [word for word in words if word not in known.split()]
    written = all(word[0].isupper() and word.replace("-", "").isalpha() for word in words)
    grown = len(words) == len(known.split()) + len(more) <= _LONGEST_NAME
    return " ".join(words) if more and written and grown else None


def _answered(heard: Hearing, apart: frozenset[int]) -> str | None:
    """The name as the answer to our question."""
    waved_aside = {heard.words[place].clause for place in heard.places("skip")}
    courtesies = frozenset(place for place, word in enumerate(heard.words) if word.clause in waved_aside)
    courtesies |= heard.places("intent", "greet") | heard.places("intent", "thanks")
    courtesies |= heard.places("cue", "calling") | heard.places("cue", "hesitation") | _agreement(heard)
    called = {place + 1 for place in heard.places("cue", "calling")}  # "Herr Ford" is no car.
    courtesies |= apart - called
    rest = first_run([place for place in range(len(heard.words)) if place not in courtesies])
    answers = heard.places("intent") - courtesies - families(heard)
    tries = [rest, _until_talk(heard, rest)] if apart or _BLANK in heard.text else [rest]
    return next(
        (written(heard, places) for places in map(trimmed(heard), tries) if _fits(heard, places, answers)), None
    )


def _agreement(heard: Hearing) -> frozenset[int]:
    """The places of the yes that an answer begins with: "Ja ok, Lena Roth"."""
    agreed: set[int] = set()
    for hit in heard.of("intent", Intent.AFFIRM):
        if hit.first <= len(agreed):
            agreed.update(hit.places)
    return frozenset(agreed)


def _until_talk(heard: Hearing, rest: Sequence[int]) -> list[int]:
    """What comes before the first word of everyday speech: "Petra Schulz, ein VW Golf", "Grace Hill and the car is"."""
    talk = _talk_words(heard)
    return list(takewhile(lambda place: place not in talk and heard.words[place].folded not in JOINERS, rest))


def _fits(heard: Hearing, places: Sequence[int], answers: frozenset[int]) -> bool:
    """Whether an answer to our question may be a name: nothing that answers something else."""
    words = [heard.words[place] for place in places]
    others = answers | heard.places("ordinal") | heard.places("cue", "article")  # "Die erste" picks a time.
    if not places or len(places) > LONGEST or others.issuperset(places) or not all(map(is_name, words)):
        return False
    if any(heard.words[place].typed.islower() for place in answers.intersection(places) if len(places) > 1):
        return False
    return not _sounds_like_talk(heard, places)


def _introduced(heard: Hearing, apart: frozenset[int]) -> list[int]:
    """The places of the name in "I'm Priya" and "Schneider hier": all that its clause holds beside the cue."""
    known = explained(heard, apart)
    for cue in heard.of("cue", "introducing"):
        name = run(heard, cue.last + 1, apart, need_capital=True)
        if len(name) >= len(cue.places) and stands_apart(heard, name) and not known.intersection(name):
            return name
    for cue in heard.of("cue", "speaking"):
        name = [place for place in range(cue.first) if heard.words[place].clause == heard.words[cue.first].clause]
        name = [place for place in name if place not in heard.places("intent", "greet")]
        name = [place for place in name if place not in heard.places("cue", "calling")]
        fits = 0 < len(name) <= LONGEST_PROOF and ends_clause(heard, cue.last) and not known.intersection(name)
        if fits and all(is_written_as_name(heard.words[place]) and not is_talk(heard, place) for place in name):
            return name
    return []


def _run_before(heard: Hearing, cue: Hit) -> list[int]:
    """The places of the name in "Max Mustermann ist mein Name": what a message begins with that ends in the cue."""
    if cue.last != len(heard.words) - 1 or len(cue.places) == 1:  # "Bis wann habt ihr auf" is no name.
        return []
    places = list(range(cue.first))
    while places and is_talk(heard, places[-1]):
        places.pop()
    fit = len(places) <= LONGEST and all(is_name(heard.words[here]) and not is_talk(heard, here) for here in places)
    return places if fit else []


def _talk_words(heard: Hearing) -> frozenset[int]:
    return frozenset(place for place in range(len(heard.words)) if is_talk(heard, place))


def _sounds_like_talk(heard: Hearing, places: Sequence[int]) -> bool:
    return any(is_talk(heard, place) for place in places) or heard.says("service") or heard.says("symptom")
