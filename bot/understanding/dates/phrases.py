"""Phrases that name a time: a day, a clock, a part of the day, a range or a bound of these."""

from dataclasses import replace

from bot.understanding.dates.almanac import DAY, one_day
from bot.understanding.dates.clocks import clock, part
from bot.understanding.dates.daynames import COMING, DayName
from bot.understanding.dates.days import day
from bot.understanding.dates.hours import Hours, around
from bot.understanding.dates.kinds import Kind
from bot.understanding.dates.lengths import past, soon
from bot.understanding.dates.ranges import bounded, range_of_time
from bot.understanding.dates.said import Phrase, Said
from bot.understanding.dates.sentence import Sentence
from bot.understanding.dates.tokens import Whole

STOPS = frozenset(".!?;:")
_BEGIN_NOTHING = {Kind.ARTICLE, Kind.ON, Kind.FILLER, Kind.COUNTED, Kind.FITS}


def phrase(s: Sentence, i: int, *, beside_day: bool) -> Said | None:
    """The longest phrase about time at `i`. `beside_day` says that a day was named just before."""
    if s[i].shape is None and s[i].meanings.keys() <= _BEGIN_NOTHING:
        return None
    best: Said | None = None
    for found in (
        past(s, i),
        range_of_time(s, i, beside_day),
        bounded(s, i),
        soon(s, i),
        _every(s, i),
        _day_part(s, i),
        _day(s, i),
        _hours(s, i, beside_day),
    ):
        if found is not None and (best is None or found[1] > best[1]):
            best = found
    return best


def names_week_after(s: Sentence, i: int) -> bool:
    """ "die Woche drauf", "the week after?": the one after the days named last."""
    at_end = s[i + 2].key == "" or s[i + 2].key in STOPS
    return s.has(i, Kind.WEEK_AFTER) or (
        s[i].name(Kind.UNIT) == "week" and s[i + 1].name(Kind.BOUND) == "after" and at_end
    )


def _day(s: Sentence, i: int) -> Said | None:
    found = day(s, i)
    return (Phrase(days=found[0]), found[1]) if found else None


def _every(s: Sentence, i: int) -> Said | None:
    """ "montags", "jeden Dienstag", "werktags"."""
    if s.has(i, Kind.EVERY_WEEKDAY):
        return Phrase(every=_weekdays(s, i)), i + 1
    if s.has(i, Kind.EVERY) and s.has(i + 1, Kind.WEEKDAY):
        return Phrase(every=frozenset({s[i + 1].number(Kind.WEEKDAY) or 0})), i + 2
    return None


def _weekdays(s: Sentence, i: int) -> frozenset[int]:
    one, several = s[i].number(Kind.EVERY_WEEKDAY), s[i].name(Kind.EVERY_WEEKDAY)
    if several is None:
        return frozenset({one or 0})
    first, last = several.split("-")
    return frozenset(range(int(first), int(last) + 1))


def _hours(s: Sentence, i: int, beside_day: bool) -> Said | None:
    if s.has(i, Kind.SHORTLY_PAST, Kind.SHORTLY_TO):
        found = clock(s, i + 1, bare=True)
        if found:
            past = s.has(i, Kind.SHORTLY_PAST)
            return Phrase(hours=around(found[0], 0 if past else 30, 30 if past else 0)), found[1]
    said = clock(s, i, bare=beside_day or _before_day(s, i))
    if said is not None and not (said[0].bare and _is_dotted(s, i)):
        moment = replace(said[0], bare=False)
        return Phrase(hours=Hours(moment, moment)), said[1]
    half = s[i].name(Kind.HALF_DAY) if beside_day else None
    if half is not None:
        return Phrase(hours=Hours(part=s.lexicon.parts["morning" if half == "am" else "afternoon"])), s.dot(i + 1)
    spoken = part(s, i)
    return (Phrase(hours=Hours(part=spoken[0])), spoken[1]) if spoken else None


def _day_part(s: Sentence, i: int) -> Said | None:
    """ "tonight", "this morning", "next evening"."""
    named = s[i].name(Kind.DAY_PART)
    if named is not None:
        shift, _, name = named.partition(" ")
        return _part_of(s, int(shift), name), i + 1
    ref, name_after = s.ref(i), s[i + 1].name(Kind.PART)
    if ref not in (0, 1, COMING) or name_after is None:
        return None
    return _part_of(s, min(ref, 1), name_after), i + 2


def _part_of(s: Sentence, shift: int, name: str) -> Phrase:
    day_name = DayName(period=one_day(s.today + shift * DAY))
    return Phrase(days=day_name, hours=Hours(part=s.lexicon.parts[name]))


def _is_dotted(s: Sentence, i: int) -> bool:
    shape = s[i].shape
    return isinstance(shape, Whole) and shape.dotted and s[i + 1].key != ""


def _before_day(s: Sentence, i: int) -> bool:
    """Whether a lone number stands right before a day or after a part of the day: "9 tomorrow", "evening 4"."""
    j = s.skip(i + 1, Kind.IN, Kind.ON)
    after_part = s.has(i - 1, Kind.PART) and not s.has(i - 1, Kind.DAY)
    return after_part or s.has(j, Kind.DAY, Kind.DAY_PART) or (s.has(j, Kind.REF) and s.has(j + 1, Kind.PART))
