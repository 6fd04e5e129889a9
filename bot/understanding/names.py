"""The customer's name."""

from collections.abc import Callable, Sequence
from itertools import takewhile

from bot.understanding.data import proper_names
from bot.understanding.hearing import Hearing
from bot.understanding.meaning import Expecting, Intent
from bot.understanding.phrasebook import Hit
from bot.understanding.words import Word

_PARTICLES = frozenset(
    {"von", "vom", "van", "de", "der", "den", "zu", "zur", "al", "el", "la", "di", "da", "dos", "ten", "ter", "und"}
)
_ARTICLES = frozenset({"der", "die", "the"})
_TITLES = frozenset({"dr", "prof", "dipl", "ing", "med"})
_OWN = frozenset({"my", "mein", "ich", "i"})  # "The name is spelled wrong" gives none.
_JOINERS = frozenset({"und", "and", "ve"})
_BLANK = "§"  # What stands where an e-mail address or a phone number was.
_ALONG_WITH = frozenset({Expecting.SLOT, Expecting.WHEN})
_LONGEST = 6
_LONGEST_SIGNED = 4
_LONGEST_PROOF = 3


def read_name(
    heard: Hearing, apart: frozenset[int] = frozenset(), *, proof: bool = False, timed: bool = False
) -> str | None:
    """The name after "ich heiße", or what was answered when we asked for it; "Müller, Petra" becomes "Petra Müller".

    `apart` are the places of words that say something else: the plate, the car. Beside a booking's code a name is its
    `proof`, also without any "I am". Where a time is asked for, a name comes without one (`timed`).
    """
    asked = heard.expecting is Expecting.NAME
    for cue in sorted(heard.of("cue", "name"), key=lambda cue: (cue.first, -cue.last)):
        any_case = asked or cue.first == 0 or (_is_all_small(heard) and heard.words[cue.first].folded in _OWN)
        name = _run(heard, cue.last + 1, apart, need_capital=not any_case) or _run_before(heard, cue)
        if name:
            return _written(heard, name)
    if proof and (owner := _beside_code(heard, apart)):
        return owner
    if introduced := _introduced(heard, apart) or _signed(heard, apart):
        return _written(heard, introduced)
    if asked:
        return _answered(heard, apart)
    volunteered = _volunteered(heard, apart) if heard.expecting in _ALONG_WITH and not timed else None
    return volunteered or _signature(heard, apart)


def _answered(heard: Hearing, apart: frozenset[int]) -> str | None:
    """The name as the answer to our question."""
    waved_aside = {heard.words[place].clause for place in heard.places("skip")}
    courtesies = frozenset(place for place, word in enumerate(heard.words) if word.clause in waved_aside)
    courtesies |= heard.places("intent", "greet") | heard.places("intent", "thanks")
    courtesies |= heard.places("cue", "calling") | heard.places("cue", "hesitation") | _agreement(heard)
    called = {place + 1 for place in heard.places("cue", "calling")}  # "Herr Ford" is no car.
    courtesies |= apart - called
    rest = _first_run([place for place in range(len(heard.words)) if place not in courtesies])
    answers = heard.places("intent") - courtesies - _families(heard)
    tries = [rest, _until_talk(heard, rest)] if apart or _BLANK in heard.text else [rest]
    return next(
        (_written(heard, places) for places in map(_trimmed(heard), tries) if _fits(heard, places, answers)), None
    )


def _agreement(heard: Hearing) -> frozenset[int]:
    """The places of the yes that an answer begins with: "Ja ok, Lena Roth"."""
    agreed: set[int] = set()
    for hit in heard.of("intent", Intent.AFFIRM):
        if hit.first <= len(agreed):
            agreed.update(hit.places)
    return frozenset(agreed)


def _volunteered(heard: Hearing, apart: frozenset[int]) -> str | None:
    """A name that is all there is to a message, perhaps with the car: we invite to tell it along with the time."""
    places = [place for place in range(len(heard.words)) if place not in apart]
    unknown = len(places) in (2, 3) and not _explained(heard, apart).intersection(places)
    fits = unknown and all(_is_written_as_name(heard.words[place]) and not _is_talk(heard, place) for place in places)
    return _written(heard, places) if fits else None


def _until_talk(heard: Hearing, rest: Sequence[int]) -> list[int]:
    """What comes before the first word of everyday speech: "Petra Schulz, ein VW Golf", "Grace Hill and the car is"."""
    talk = _talk_words(heard)
    return list(takewhile(lambda place: place not in talk and heard.words[place].folded not in _JOINERS, rest))


def _trimmed(heard: Hearing) -> Callable[[Sequence[int]], list[int]]:
    """Cuts the "von" off that a name cannot end in."""

    def trim(places: Sequence[int]) -> list[int]:
        end = len(places)
        while end and heard.words[places[end - 1]].folded in _PARTICLES:
            end -= 1
        return list(places[:end])

    return trim


def _fits(heard: Hearing, places: Sequence[int], answers: frozenset[int]) -> bool:
    """Whether an answer to our question may be a name: nothing that answers something else."""
    words = [heard.words[place] for place in places]
    others = answers | heard.places("ordinal") | heard.places("cue", "article")  # "Die erste" picks a time.
    if not places or len(places) > _LONGEST or others.issuperset(places) or not all(map(_is_name, words)):
        return False
    if any(heard.words[place].typed.islower() for place in answers.intersection(places) if len(places) > 1):
        return False
    return not _sounds_like_talk(heard, places)


def _introduced(heard: Hearing, apart: frozenset[int]) -> list[int]:
    """The places of the name in "I'm Priya" and "Schneider hier": all that its clause holds beside the cue."""
    known = _explained(heard, apart)
    for cue in heard.of("cue", "introducing"):
        name = _run(heard, cue.last + 1, apart, need_capital=True)
        if len(name) >= len(cue.places) and _stands_apart(heard, name) and not known.intersection(name):
            return name
    for cue in heard.of("cue", "speaking"):
        name = [place for place in range(cue.first) if heard.words[place].clause == heard.words[cue.first].clause]
        name = [place for place in name if place not in heard.places("intent", "greet")]
        name = [place for place in name if place not in heard.places("cue", "calling")]
        fits = 0 < len(name) <= _LONGEST_PROOF and _ends_clause(heard, cue.last) and not known.intersection(name)
        if fits and all(_is_written_as_name(heard.words[place]) and not _is_talk(heard, place) for place in name):
            return name
    return []


def _signed(heard: Hearing, apart: frozenset[int]) -> list[int]:
    """The places of the name under a letter: "Gruß, Petra Schulz"."""
    known = _explained(heard, apart) | heard.places("cue", "living")
    for cue in heard.of("cue", "signing"):
        name = _run(heard, cue.last + 1, apart, need_capital=not _is_all_small(heard))
        if 0 < len(name) <= _LONGEST_SIGNED and _stands_apart(heard, name) and not known.intersection(name):
            return name
    return []


def _explained(heard: Hearing, apart: frozenset[int]) -> frozenset[int]:
    """The places of all words that mean something else."""
    spoken = (hit.places for hit in heard.hits if hit.sense.kind not in ("cue", "aside"))
    return apart.union(*spoken) - _families(heard)


def _families(heard: Hearing) -> frozenset[int]:
    """The places of "Frei" in "Anna Frei": no question whether anything is free.

    Where we asked for the name it may stand alone.
    """
    asked = heard.expecting is Expecting.NAME
    return frozenset(
        hit.first
        for hit in heard.of("intent", Intent.AVAILABILITY)
        if hit.plain and not heard.words[hit.first].asked and (asked or _follows_a_name(heard, hit.first))
    )


def _follows_a_name(heard: Hearing, place: int) -> bool:
    word, before = heard.words[place], heard.words[place - 1] if place else None
    if before is None or before.clause != word.clause or not word.typed[0].isupper():
        return False
    return _is_written_as_name(before) and not _is_talk(heard, place - 1) and not word.typed.isupper()


def _is_all_small(heard: Hearing) -> bool:
    """Whether the customer writes without capitals, names too."""
    return heard.text.islower()


def _stands_apart(heard: Hearing, name: Sequence[int]) -> bool:
    """Whether nothing follows the name in its clause but everyday speech ("… and I need")."""
    behind = name[-1] + 1
    return _ends_clause(heard, name[-1]) or heard.words[behind].folded in _JOINERS or _is_talk(heard, behind)


def _ends_clause(heard: Hearing, place: int) -> bool:
    return place + 1 == len(heard.words) or heard.words[place + 1].clause != heard.words[place].clause


def _signature(heard: Hearing, apart: frozenset[int]) -> str | None:
    """A name set apart by commas from the plate of the same message: "…, Max Müller, K-AB 123"."""
    if heard.expecting is Expecting.WORKSHOP:
        return None
    spoken = apart | frozenset(place for hit in heard.hits for place in hit.places) - _families(heard)
    for clause in {heard.words[place].clause for place in apart}:
        for beside in (clause - 1, clause + 1):
            places = [place for place, word in enumerate(heard.words) if word.clause == beside]
            names = [heard.words[place] for place in places]
            if len(places) in (2, 3) and not spoken.intersection(places) and all(map(_is_written_as_name, names)):
                return None if any(_is_talk(heard, place) for place in places) else _written(heard, places)
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
    fits = all(_is_written_as_name(word) and word.folded not in proper_names() for word in names)
    fits = fits and not any(_is_talk(heard, place) for place in places)
    return _written(heard, places) if before.strip() == "," and fits else None


def _beside_code(heard: Hearing, apart: frozenset[int]) -> str | None:
    """A name as the only other thing that was said: "7KQ4-M2XN-P9RT, Müller"."""
    spoken = apart | {place for hit in heard.hits for place in hit.places if hit.sense.kind != "aside"}
    rest = [place for place in range(len(heard.words)) if place not in spoken and not _is_talk(heard, place)]
    if not 0 < len(rest) <= _LONGEST_PROOF or rest != _first_run(rest):
        return None
    fits = _is_name if heard.expecting is Expecting.CODE else _is_written_as_name
    return _written(heard, rest) if all(fits(heard.words[place]) for place in rest) else None


def _is_written_as_name(word: Word) -> bool:
    return _is_name(word) and len(word.typed) > 1 and (word.typed[0].isupper() or word.folded in _PARTICLES)


def _first_run(places: Sequence[int]) -> list[int]:
    """The first of these places and those that follow without a gap."""
    return [place for number, place in enumerate(places) if place == places[0] + number]


def _run(heard: Hearing, start: int, apart: frozenset[int], *, need_capital: bool) -> list[int]:
    """The places of the name that starts there, at most one clause long; a title's or an initial's dot ends none."""
    calling, hesitation, places = heard.places("cue", "calling"), heard.places("cue", "hesitation"), []
    if start + 1 < len(heard.words) and heard.words[start].folded in _ARTICLES:
        start += 1
    for place in range(start, min(start + _LONGEST, len(heard.words))):
        word, before = heard.words[place], heard.words[max(place - 1, start)]
        if place in calling:
            continue
        if place in apart or place in hesitation or not _is_name(word) or _is_talk(heard, place):
            break
        if word.clause != before.clause and not (len(before.typed) == 1 or before.folded in _TITLES):
            break
        if need_capital and not word.typed[0].isupper() and word.folded not in _PARTICLES:
            break
        places.append(place)
    return _trimmed(heard)(places)


def _run_before(heard: Hearing, cue: Hit) -> list[int]:
    """The places of the name in "Max Mustermann ist mein Name": what a message begins with that ends in the cue."""
    if cue.last != len(heard.words) - 1 or len(cue.places) == 1:  # "Bis wann habt ihr auf" is no name.
        return []
    places = list(range(cue.first))
    while places and _is_talk(heard, places[-1]):
        places.pop()
    fit = len(places) <= _LONGEST and all(_is_name(heard.words[here]) and not _is_talk(heard, here) for here in places)
    return places if fit else []


def _is_name(word: Word) -> bool:
    return word.typed.replace("'", "").replace("’", "").isalpha() and len(word.typed) <= 30


def _is_talk(heard: Hearing, place: int) -> bool:
    """Whether the word is one of everyday speech; with a capital after a name it is a family's ("Claudia Weiß")."""
    word, markers = heard.words[place], heard.lexicon.markers
    if word.folded not in markers or word.folded in _PARTICLES:
        return False
    after_name = place > 0 and heard.words[place - 1].folded not in markers
    return not (word.typed[0].isupper() and after_name and _ends_name(heard, place))


def _ends_name(heard: Hearing, place: int) -> bool:
    """Whether nothing or an "and" follows: in "Kim Lee Mein Kennzeichen" and "Kim Lee Das ist" a sentence began."""
    return _ends_clause(heard, place) or heard.words[place + 1].folded in _JOINERS


def _talk_words(heard: Hearing) -> frozenset[int]:
    return frozenset(place for place in range(len(heard.words)) if _is_talk(heard, place))


def _sounds_like_talk(heard: Hearing, places: Sequence[int]) -> bool:
    return any(_is_talk(heard, place) for place in places) or heard.says("service") or heard.says("symptom")


def _written(heard: Hearing, places: Sequence[int]) -> str:
    words = [heard.words[place] for place in places]
    commas = [here for here in range(1, len(words)) if "," in heard.text[words[here - 1].end : words[here].start]]
    if len(commas) == 1:
        words = words[commas[0] :] + words[: commas[0]]
    parts = [_capital(word.typed) for word in words]
    return " ".join(_hyphenated(heard.text, words, parts))


def _capital(typed: str) -> str:
    if typed.lower() in _PARTICLES and typed.islower():
        return typed
    return typed.capitalize() if typed.islower() or (typed.isupper() and len(typed) > 2) else typed


def _hyphenated(text: str, words: Sequence[Word], parts: Sequence[str]) -> list[str]:
    """Double names keep the hyphen that joined their words; titles keep their dot."""
    joined: list[str] = []
    for here, part in enumerate(parts):
        dotted = part + "." if words[here].folded in _TITLES else part
        if here and text[words[here - 1].end : words[here].start].strip() in ("-", "–"):
            joined[-1] += "-" + dotted
        else:
            joined.append(dotted)
    return joined
