"""Where the customer is: postal code and town."""

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from booking_core.postcodes import is_known
from bot.understanding.data import table, towns
from bot.understanding.hearing import Hearing
from bot.understanding.meaning import Expecting
from bot.understanding.patterns import Sense
from bot.understanding.phrasebook import Hit, Phrasebook
from bot.understanding.words import Word, fold

_LONGEST_ANSWER = 3
_SHORTEST_MISTYPED = 4
_MISTYPED_KEPT = 1_024
_PLACES_TOLD = frozenset({Expecting.NOTHING, Expecting.SERVICE, Expecting.PLACE})
_NUMBER_MARKS = "+/.,-"


def read_plz(heard: Hearing) -> Word | None:
    """The word that is a German postal code; five digits before "km" or on a tacho are none."""
    spoken_of = heard.places("cue", "plz")
    driven = heard.places("cue", "mileage")
    counted = heard.places("cue", "digit_follows") | driven
    asked = heard.expecting is Expecting.PLACE
    for place, word in enumerate(heard.words):
        if len(word.typed) == 5 and word.typed.isascii() and word.typed.isdecimal() and _stands_free(heard.text, word):
            certain = asked or place - 1 in spoken_of
            if (certain or is_known(word.typed)) and place - 1 not in driven and place + 1 not in counted:
                return word
    return None


def _stands_free(text: str, word: Word) -> bool:
    before, after = text[: word.start][-2:], text[word.end :][:2]
    return not (before[-1:] in _NUMBER_MARKS and before[-1:] and not before.upper().endswith("D-")) and not (
        after[:1] in _NUMBER_MARKS and after[1:].isdigit()
    )


def read_city(heard: Hearing, *, timed: bool) -> str | None:
    """The town named, in its usual spelling; when we asked for a place, any short answer that means nothing else.

    An answer that names a time (`timed`) is no town of that name: nobody lives in Freitag.
    """
    everyday, before, _ = _gazetteer()
    asked = heard.expecting is Expecting.PLACE
    for town in _towns(heard):
        previous = heard.words[town.first - 1] if town.first else None
        led = previous is not None and (
            previous.folded in before or (len(previous.typed) == 5 and previous.typed.isdecimal())
        )
        if asked or led or town.sense.key not in everyday:
            return town.sense.key
    if meant := (asked and _of_a_town(heard)) or _mistyped_town(heard):
        return meant
    silent = not (timed or heard.says("ordinal") or heard.states_anything())
    return _plain_answer(heard) if asked and silent else None


def home_places(heard: Hearing) -> frozenset[int]:
    """The places of the address told along with a name: "Eva, Köln", "Eva Roth aus Bonn". No workshop is wanted there.

    A town before the name may be the family's: "Fulda, Peter".
    """
    if heard.expecting is not Expecting.NAME:
        return frozenset()
    clauses, home = heard.clauses, set[int]()
    origins = {hit.last: hit.places for hit in heard.of("cue", "origin")}
    codes = {place for place, word in enumerate(heard.words) if len(word.typed) == 5 and word.typed.isdecimal()}
    for town in _towns(heard):
        clause = heard.words[town.first].clause
        if town.first > 1 and town.first - 1 in origins:
            home |= {*origins[town.first - 1], *town.places}
        elif clause and clauses[clause] - codes == set(town.places):
            home |= clauses[clause]
    return frozenset(home)


def _of_a_town(heard: Hearing) -> str | None:
    """The town in "im Bonner Raum" and "nähe Kölner Dom"."""
    known = {f"{fold(name)}er": name for name in towns()}
    return next((known[word.folded] for word in heard.words if word.folded in known), None)


def _mistyped_town(heard: Hearing) -> str | None:
    """The town in "in kölnn": one letter off, where a place is spoken of and the word is no other."""
    if heard.expecting not in _PLACES_TOLD:
        return None
    _, before, _ = _gazetteer()
    asked, spoken = heard.expecting is Expecting.PLACE, {place for hit in heard.hits for place in hit.places}
    for place, word in enumerate(heard.words):
        led = asked or (place and heard.words[place - 1].folded in before)
        plain = place in spoken or word.folded in heard.lexicon.markers or len(word.folded) < _SHORTEST_MISTYPED
        if led and not plain and (town := _nearly(word.folded)):
            return town
    return None


@lru_cache(_MISTYPED_KEPT)
def _nearly(word: str) -> str | None:
    """The town that is spelt so but for one letter; people get the first one right."""
    near = process.extractOne(word, _spellings().keys(), scorer=OSA.distance, score_cutoff=1)
    return _spellings()[near[0]] if near and near[0][0] == word[0] else None


@cache
def _spellings() -> Mapping[str, str]:
    """Towns by how they are written, in one word."""
    names = {name: name for name in towns()}
    names |= {other: name for name, others in table("cities")["also"].items() for other in others}
    return {fold(name): town for name, town in names.items() if name.isalpha() and len(name) >= _SHORTEST_MISTYPED}


def _plain_answer(heard: Hearing) -> str | None:
    _, before, _ = _gazetteer()
    around = heard.places("cue", "living")
    rest = [word.typed for place, word in enumerate(heard.words) if place not in around and word.folded not in before]
    named = 0 < len(rest) <= _LONGEST_ANSWER and all(word.isalpha() and len(word) > 2 for word in rest)
    return " ".join(word if word[0].isupper() else word.capitalize() for word in rest) if named else None


def _towns(heard: Hearing) -> Iterator[Hit]:
    _, _, towns = _gazetteer()
    return iter(towns.find(heard.words, ""))


@cache
def _gazetteer() -> tuple[frozenset[str], frozenset[str], Phrasebook]:
    raw = table("cities")
    phrases = [(Sense("city", name), name.replace("-", " ")) for name in towns()]
    phrases += [(Sense("city", name), other) for name, others in raw["also"].items() for other in others]
    return frozenset(raw["everyday"]), frozenset(map(fold, raw["before"])), Phrasebook(phrases, groups={}, typos=False)
