"""Names that stand beside something else: under a letter, beside the plate, beside a booking's code."""

from itertools import takewhile

from bot.understanding.data import proper_names
from bot.understanding.hearing import Hearing
from bot.understanding.meaning import Expecting
from bot.understanding.namewords import (
    explained,
    families,
    first_run,
    is_all_small,
    is_name,
    is_talk,
    is_written_as_name,
    run,
    stands_apart,
    written,
)

LONGEST_PROOF = 3
_LONGEST_SIGNED = 4


def signed(heard: Hearing, apart: frozenset[int]) -> list[int]:
    """The places of the name under a letter: "Gruß, Petra Schulz"."""
    known = explained(heard, apart) | heard.places("cue", "living")
    for cue in heard.of("cue", "signing"):
        name = run(heard, cue.last + 1, apart, need_capital=not is_all_small(heard))
        if 0 < len(name) <= _LONGEST_SIGNED and stands_apart(heard, name, apart) and not known.intersection(name):
            return name
    return []


def signature(heard: Hearing, apart: frozenset[int]) -> str | None:
    """A name set apart by commas from the plate of the same message: "…, Max Müller, K-AB 123"."""
    if heard.expecting is Expecting.WORKSHOP:
        return None
    spoken = apart | frozenset(place for hit in heard.hits for place in hit.places) - families(heard)
    clauses = heard.clauses
    for clause in {heard.words[place].clause for place in apart}:
        leading = list(takewhile(lambda place: place not in apart, sorted(clauses[clause]))) if clause else []
        for places in (leading, sorted(clauses.get(clause - 1, ())), sorted(clauses.get(clause + 1, ()))):
            names = [heard.words[place] for place in places]
            if len(places) in (2, 3) and not spoken.intersection(places) and all(map(is_written_as_name, names)):
                return None if any(is_talk(heard, place) for place in places) else written(heard, places)
    return _after_the_last_comma(heard, spoken)


def _after_the_last_comma(heard: Hearing, spoken: frozenset[int]) -> str | None:
    """Two or three unknown words with capitals that end the message: "53111, Freitag um 9, Kim Kurz"."""
    if not heard.words or heard.expecting is Expecting.PLACE:
        return None
    places = [place for place, word in enumerate(heard.words) if word.clause == heard.words[-1].clause]
    if len(places) not in (2, 3) or not places[0] or spoken.intersection(places):
        return None
    before = heard.text[heard.words[places[0] - 1].end : heard.words[places[0]].start]
    names = [heard.words[place] for place in places]
    fits = all(is_written_as_name(word) and word.folded not in proper_names() for word in names)
    fits = fits and not any(is_talk(heard, place) for place in places)
    return written(heard, places) if before.strip() == "," and fits else None


def beside_code(heard: Hearing, apart: frozenset[int]) -> str | None:
    """A name as the only other thing that was said: "7KQ4-M2XN-P9RT, Müller"."""
    spoken = apart | {place for hit in heard.hits for place in hit.places if hit.sense.kind != "aside"}
    rest = [place for place in range(len(heard.words)) if place not in spoken and not is_talk(heard, place)]
    if not 0 < len(rest) <= LONGEST_PROOF or rest != first_run(rest):
        return None
    fits = is_name if heard.expecting is Expecting.CODE else is_written_as_name
    return written(heard, rest) if all(fits(heard.words[place]) for place in rest) else None


def volunteered(heard: Hearing, apart: frozenset[int]) -> str | None:
    """A name that is all there is to a message, perhaps with the car: we invite to tell it along with the time."""
    places = [place for place in range(len(heard.words)) if place not in apart]
    unknown = len(places) in (2, 3) and not explained(heard, apart).intersection(places)
    fits = unknown and all(is_written_as_name(heard.words[place]) and not is_talk(heard, place) for place in places)
    return written(heard, places) if fits else None
