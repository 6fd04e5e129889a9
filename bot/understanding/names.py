"""The customer's name."""

from collections.abc import Sequence

from bot.understanding.hearing import Hearing
from bot.understanding.meaning import Expecting
from bot.understanding.phrasebook import Hit
from bot.understanding.words import Word

_PARTICLES = frozenset(
    {"von", "vom", "van", "de", "der", "den", "zu", "zur", "al", "el", "la", "di", "da", "dos", "ten", "ter", "und"}
)
_ARTICLES = frozenset({"der", "die", "the"})
_TITLES = frozenset({"dr", "prof", "dipl", "ing", "med"})
_LONGEST = 6
_LONGEST_PROOF = 3


def read_name(heard: Hearing, apart: frozenset[int] = frozenset(), *, proof: bool = False) -> str | None:
    """The name after "ich heiße", or what was answered when we asked for it; "Müller, Petra" becomes "Petra Müller".

    `apart` are the places of words that say something else: the plate, the car. Beside a booking's code a name is its
    `proof`, also without any "I am".
    """
    asked = heard.expecting is Expecting.NAME
    for cue in sorted(heard.of("cue", "name"), key=lambda cue: (cue.first, -cue.last)):
        name = _run(heard, cue.last + 1, need_capital=not asked and cue.first > 0) or _run_before(heard, cue)
        if name:
            return _written(heard, name)
    if proof and (owner := _beside_code(heard, apart)):
        return owner
    if not asked:
        return _signature(heard, apart)
    if heard.says("skip"):
        return None
    courtesies = heard.places("intent", "greet") | heard.places("intent", "thanks")
    courtesies |= heard.places("cue", "calling") | heard.places("cue", "hesitation")
    if not heard.says("cue", "calling"):  # "Herr Ford" is no car.
        courtesies |= apart
    rest = _first_run([place for place in range(len(heard.words)) if place not in courtesies])
    while rest and heard.words[rest[-1]].folded in _PARTICLES:
        rest.pop()
    if not rest or len(rest) > _LONGEST:
        return None
    answers = heard.places("intent") - courtesies
    if any(heard.words[place].typed.islower() for place in answers.intersection(rest) if len(rest) > 1):
        return None
    if not all(_is_name(word) for word in (heard.words[place] for place in rest)) or (set(rest) <= answers):
        return None
    return None if _sounds_like_talk(heard, rest) else _written(heard, rest)


def _signature(heard: Hearing, apart: frozenset[int]) -> str | None:
    """A name set apart by commas from the plate of the same message: "…, Max Müller, K-AB 123"."""
    if heard.expecting is Expecting.WORKSHOP:
        return None
    spoken = apart | {place for hit in heard.hits for place in hit.places}
    for clause in {heard.words[place].clause for place in apart}:
        for beside in (clause - 1, clause + 1):
            places = [place for place, word in enumerate(heard.words) if word.clause == beside]
            names = [heard.words[place] for place in places]
            if len(places) in (2, 3) and not spoken.intersection(places) and all(map(_is_written_as_name, names)):
                return None if any(_is_talk(heard, place) for place in places) else _written(heard, places)
    return None


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


def _run(heard: Hearing, start: int, *, need_capital: bool) -> list[int]:
    """The places of the name that starts there, at most one clause long."""
    calling, places = heard.places("cue", "calling"), []
    if start + 1 < len(heard.words) and heard.words[start].folded in _ARTICLES:
        start += 1
    for place in range(start, min(start + _LONGEST, len(heard.words))):
        word = heard.words[place]
        if place in calling:
            continue
        if word.clause != heard.words[start].clause or not _is_name(word) or _is_talk(heard, place):
            break
        if need_capital and not word.typed[0].isupper() and word.folded not in _PARTICLES:
            break
        places.append(place)
    while places and heard.words[places[-1]].folded in _PARTICLES:
        places.pop()
    return places


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
    return not (word.typed[0].isupper() and place and heard.words[place - 1].folded not in markers)


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
