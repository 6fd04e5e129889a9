"""Times of day: a clock with what may stand around it, and parts of the day."""

from dataclasses import replace

from bot.understanding.dates.faces import MIDNIGHT, Clock, face
from bot.understanding.dates.kinds import Kind
from bot.understanding.dates.lexicon import Part
from bot.understanding.dates.sentence import Sentence


def clock(s: Sentence, i: int, *, bare: bool = False) -> tuple[Clock, int] | None:
    """A clock time at `i`, with what may stand around it; a lone number only if `bare`."""
    start = s.skip(i, Kind.AT, Kind.APPROXIMATELY)
    marked = any(s.has(place, Kind.AT) for place in range(i, start))
    found = face(s, start, marked or bare)
    if found is None:
        return None
    said, j = found
    if said.minute > MIDNIGHT:
        return None
    if s.has(j, Kind.APPROXIMATELY) and s[j].glued:  # "3ish"
        said, j = replace(said, bare=False), j + 1
    told = said if said.bare else replace(said, bare=False)
    after = s.skip(j, Kind.APPROXIMATELY) if not told.bare else j
    half, k = _half(s, s.skip(after, Kind.OCLOCK), letter=marked or not told.bare)
    if half is not None:
        return (replace(told, bare=False) if told.sure else told.in_half(half)), k
    if s.has(j, Kind.OCLOCK):
        return replace(told, bare=False), s.skip(j, Kind.OCLOCK)
    if s.has(j, Kind.COUNTED) or (told.bare and s.has(j, *_NO_CLOCKS) and not s.has(j, Kind.DAY)):
        return None
    if told.bare and not (bare or marked):
        return None
    return replace(told, bare=told.bare and not marked), after


_NO_CLOCKS = (Kind.UNIT, Kind.MONTH, Kind.ORDINAL_SUFFIX)


def part(s: Sentence, i: int) -> tuple[Part, int] | None:
    """A part of the day at `i`."""
    name = s[i].name(Kind.PART)
    return (s.lexicon.parts[name], i + 1) if name is not None else None


def _half(s: Sentence, i: int, *, letter: bool) -> tuple[str | None, int]:
    """ "pm", "in the evening", "nachmittags": which half of the day the clock before it meant."""
    half = s[i].name(Kind.HALF_DAY)
    if half is None and letter and s[i].glued:
        half = s[i].name(Kind.HALF_DAY_LETTER)
    if half is not None:
        return half, s.dot(i + 1)
    j = s.skip(i, Kind.ARTICLE, Kind.IN, Kind.ON, Kind.OF)
    if any(s[place].key == "," for place in range(i, j)):
        return None, i
    found = part(s, j)
    if found is None or s.has(j, Kind.DAY):
        return None, i
    return found[0].half, found[1]
