"""Which words may be part of a customer's name, and how a name is written."""

from collections.abc import Callable, Sequence

from bot.understanding.hearing import Hearing
from bot.understanding.meaning import Expecting, Intent
from bot.understanding.words import Word

JOINERS = frozenset({"und", "and", "ve"})
LONGEST = 6
_PARTICLES = frozenset(
    {"von", "vom", "van", "de", "der", "den", "zu", "zur", "al", "el", "la", "di", "da", "dos", "ten", "ter", "und"}
)
_ARTICLES = frozenset({"der", "die", "the"})
_TITLES = frozenset({"dr", "prof", "dipl", "ing", "med"})


def is_name(word: Word) -> bool:
    return word.typed.replace("'", "").replace("’", "").isalpha() and len(word.typed) <= 30


def is_written_as_name(word: Word) -> bool:
    return is_name(word) and len(word.typed) > 1 and (word.typed[0].isupper() or word.folded in _PARTICLES)


def is_talk(heard: Hearing, place: int) -> bool:
    """Whether the word is one of everyday speech; with a capital after a name it is a family's ("Claudia Weiß")."""
    word, markers = heard.words[place], heard.lexicon.markers
    if word.folded not in markers or word.folded in _PARTICLES:
        return False
    after_name = place > 0 and heard.words[place - 1].folded not in markers
    return not (word.typed[0].isupper() and after_name and _ends_name(heard, place))


def _ends_name(heard: Hearing, place: int) -> bool:
    """Whether nothing or an "and" follows: in "Kim Lee Mein Kennzeichen" and "Kim Lee Das ist" a sentence began."""
    return ends_clause(heard, place) or heard.words[place + 1].folded in JOINERS


def ends_clause(heard: Hearing, place: int) -> bool:
    return place + 1 == len(heard.words) or heard.words[place + 1].clause != heard.words[place].clause


def explained(heard: Hearing, apart: frozenset[int]) -> frozenset[int]:
    """The places of all words that mean something else."""
    spoken = (hit.places for hit in heard.hits if hit.sense.kind not in ("cue", "aside"))
    return apart.union(*spoken) - families(heard)


def families(heard: Hearing) -> frozenset[int]:
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
    return is_written_as_name(before) and not is_talk(heard, place - 1) and not word.typed.isupper()


def is_all_small(heard: Hearing) -> bool:
    """Whether the customer writes without capitals, names too."""
    return heard.text.islower()


def stands_apart(heard: Hearing, name: Sequence[int], apart: frozenset[int] = frozenset()) -> bool:
    """Whether nothing follows the name in its clause but everyday speech ("… and I need") or what is `apart`."""
    behind = name[-1] + 1
    return (
        behind in apart
        or ends_clause(heard, name[-1])
        or heard.words[behind].folded in JOINERS
        or is_talk(heard, behind)
    )


def first_run(places: Sequence[int]) -> list[int]:
    """The first of these places and those that follow without a gap."""
    return [place for number, place in enumerate(places) if place == places[0] + number]


def run(heard: Hearing, start: int, apart: frozenset[int], *, need_capital: bool) -> list[int]:
    """The places of the name that starts there, at most one clause long; a title's or an initial's dot ends none."""
    calling, hesitation, places = heard.places("cue", "calling"), heard.places("cue", "hesitation"), []
    if start + 1 < len(heard.words) and heard.words[start].folded in _ARTICLES:
        start += 1
    for place in range(start, min(start + LONGEST, len(heard.words))):
        word, before = heard.words[place], heard.words[max(place - 1, start)]
        if place in calling:
            continue
        if place in apart or place in hesitation or not is_name(word) or is_talk(heard, place):
            break
        if word.clause != before.clause and not (len(before.typed) == 1 or before.folded in _TITLES):
            break
        if need_capital and not word.typed[0].isupper() and word.folded not in _PARTICLES:
            break
        places.append(place)
    return trimmed(heard)(places)


def trimmed(heard: Hearing) -> Callable[[Sequence[int]], list[int]]:
    """Cuts the "von" off that a name cannot end in."""

    def trim(places: Sequence[int]) -> list[int]:
        end = len(places)
        while end and heard.words[places[end - 1]].folded in _PARTICLES:
            end -= 1
        return list(places[:end])

    return trim


def written(heard: Hearing, places: Sequence[int]) -> str:
    words = [heard.words[place] for place in places]
    commas = [here for here in range(1, len(words)) if "," in heard.text[words[here - 1].end : words[here].start]]
    if len(commas) == 1:
        words = words[commas[0] :] + words[: commas[0]]
    if len(words) > 2 and words[0].folded == words[-1].folded:
        words = words[1:]  # "Jenkins, Paul Jenkins".
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
