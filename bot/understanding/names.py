"""The customer's name."""

from collections.abc import Sequence

from bot.understanding.hearing import Hearing
from bot.understanding.meaning import Expecting
from bot.understanding.phrasebook import Hit
from bot.understanding.words import Word

_PARTICLES = frozenset(
    {"von", "vom", "van", "de", "der", "den", "zu", "zur", "al", "el", "la", "di", "da", "dos", "ten", "ter", "und"}
)
_TITLES = frozenset({"dr", "prof", "dipl", "ing", "med"})
_LONGEST = 6


def read_name(heard: Hearing) -> str | None:
    """The name after "ich heiße", or the whole answer when we asked for it; "Müller, Petra" becomes "Petra Müller"."""
    asked = heard.expecting is Expecting.NAME
    for cue in sorted(heard.of("cue", "name"), key=lambda cue: -len(cue.places)):
        name = _run(heard, cue.last + 1, need_capital=not asked and cue.first > 0) or _run_before(heard, cue)
        if name:
            return _written(heard, name)
    if not asked or heard.says("skip"):
        return None
    courtesies = heard.places("intent", "greet") | heard.places("intent", "thanks") | heard.places("cue", "calling")
    rest = [place for place in range(len(heard.words)) if place not in courtesies]
    if not rest or rest[-1] - rest[0] + 1 != len(rest) or len(rest) > _LONGEST:
        return None
    answers = heard.places("intent") - courtesies
    if not all(_is_name(word) for word in (heard.words[place] for place in rest)) or (set(rest) <= answers):
        return None
    return None if _sounds_like_talk(heard, rest) else _written(heard, rest)


def _run(heard: Hearing, start: int, *, need_capital: bool) -> list[int]:
    """The places of the name that starts there, at most one clause long."""
    calling, places = heard.places("cue", "calling"), []
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
    if cue.last != len(heard.words) - 1:
        return []
    places = list(range(cue.first))
    while places and _is_talk(heard, places[-1]):
        places.pop()
    fit = len(places) <= _LONGEST and all(_is_name(heard.words[here]) and not _is_talk(heard, here) for here in places)
    return places if fit else []


def _is_name(word: Word) -> bool:
    return word.typed.replace("'", "").replace("’", "").isalpha() and len(word.typed) <= 30


def _is_talk(heard: Hearing, place: int) -> bool:
    word = heard.words[place].folded
    return word in heard.lexicon.markers and word not in _PARTICLES


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
