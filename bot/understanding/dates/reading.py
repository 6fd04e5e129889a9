"""Reading a message: from its words to the times that the customer means."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.understanding.dates.almanac import sane_year
from bot.understanding.dates.daynames import DayName
from bot.understanding.dates.diary import when_of
from bot.understanding.dates.faces import MIDNIGHT, Clock
from bot.understanding.dates.fallback import foreign_date
from bot.understanding.dates.hours import Hours
from bot.understanding.dates.lengths import put_off
from bot.understanding.dates.lexicon import lexicon_of
from bot.understanding.dates.listening import wishes_of
from bot.understanding.dates.said import DayRange, Phrase
from bot.understanding.dates.sentence import Sentence
from bot.understanding.dates.terms import terms_of
from bot.understanding.dates.tokens import Whole
from bot.understanding.dates.windows import windows_of
from bot.understanding.dates.wishes import Wishes
from bot.understanding.meaning import Expecting, Grain, When

Spans = tuple[tuple[int, int], ...]
_LONGEST = 5_000
_SHORT_ANSWER = 3
_ASKED_WHEN = (Expecting.WHEN, Expecting.SLOT)
_ASKED_ELSE = (Expecting.NAME, Expecting.EMAIL, Expecting.PHONE, Expecting.CODE, Expecting.VEHICLE)


def read_when(
    text: str, *, now: datetime, language: str, expecting: Expecting = Expecting.NOTHING
) -> tuple[When | None, Spans]:
    """When the customer would like to come, or None if the message names no time.

    `now` is aware; its zone is the customer's. The spans are the character ranges of `text` that spoke of time (also of
    the past), for other readers to leave alone. Text past 5,000 characters is not read, nor is anything at a `now`
    that our calendar does not reach (before 1990, after 2199).
    """
    if not sane_year(now.year):
        return None, ()
    lexicon = lexicon_of(language)
    if lexicon is None:
        return foreign_date(text, now=now, language=language, known=False)
    sentence = Sentence(terms_of(text[:_LONGEST], lexicon, language), lexicon, now)
    heard = wishes_of(sentence, asked=expecting in _ASKED_WHEN)
    if len(heard.spans) == 1 and len(sentence) <= _SHORT_ANSWER and _answers_else(text, expecting):
        return None, ()
    answer = _bare_answer(sentence) if expecting is Expecting.WHEN and not heard.spans else None
    if answer is not None:
        return when_of(answer, sentence), ((0, len(text)),)
    if not heard.spans:
        return foreign_date(text, now=now, language=language, known=True)
    return _when(heard, sentence), heard.spans


def _answers_else(text: str, expecting: Expecting) -> bool:
    """Whether a few words answer something else: "how may we call you?" can be Mr Sonntag or Mai, but not "9 Uhr"."""
    named = expecting is Expecting.NAME and any(letter.isdecimal() for letter in text)
    return expecting in _ASKED_ELSE and not named


def read_offset(text: str, *, now: datetime, language: str) -> timedelta | None:
    """How much later than what we speak of, negative if earlier; None if no length of time was said ("später")."""
    lexicon = lexicon_of(language)
    if lexicon is None:
        return None
    sentence = Sentence(terms_of(text[:_LONGEST], lexicon, language), lexicon, now)
    offsets = (put_off(sentence, place) for place in range(len(sentence)))
    return next((offset for offset in offsets if offset is not None), None)


def _bare_answer(s: Sentence) -> Phrase | None:
    """A lone number in answer to "when?": "10" is a clock time, "15." a day."""
    shape = s[0].shape
    if len(s) != 1 or not isinstance(shape, Whole):
        return None
    if shape.dotted and 1 <= shape.value <= 31:
        return Phrase(days=DayName(day=shape.value))
    minute = shape.value * 60 if shape.digits <= 2 else shape.value // 100 * 60 + shape.value % 100
    if shape.digits == 3 or minute >= MIDNIGHT or shape.value % 100 >= 60:
        return None
    moment = Clock(minute, sure=shape.value > 12)
    return Phrase(hours=Hours(moment, moment))


def _when(heard: Wishes, s: Sentence) -> When | None:
    wanted = [when for said in heard.wished if (when := when_of(said, s))]
    if not (wanted or heard.refused or heard.soonest or heard.anytime):
        return None
    loose = {_loose(said) for said in heard.wished}
    when = _together(wanted, s.now)
    when = replace(when, soonest=heard.soonest, loose=loose.pop() if len(loose) == 1 else None)
    for said in heard.refused:
        when = _without(when, said, s)
    return when


def _loose(said: Phrase) -> Grain | None:
    names = (said.days.first, said.days.last) if isinstance(said.days, DayRange) else (said.days,)
    known = [name for name in names if name is not None]
    if known and all(name.only_weekday for name in known):
        return Grain.WEEK
    return Grain.MONTH if known and all(name.only_day for name in known) else None


def _together(wanted: Sequence[When], now: datetime) -> When:
    """Alternatives as one wish: days and times apart where they fit all of them, else every window for itself."""
    if not wanted:
        return When()
    windows = tuple(dict.fromkeys(window for when in wanted for window in when.windows))
    times = tuple(dict.fromkeys(moment for when in wanted for moment in when.times))
    weekdays = frozenset(day for when in wanted for day in when.weekdays)
    same_times = all(when.times == wanted[0].times for when in wanted)
    same_days = all((when.windows, when.weekdays) == (wanted[0].windows, wanted[0].weekdays) for when in wanted)
    if same_times and (all(when.windows for when in wanted) or not any(when.windows for when in wanted)):
        return When(windows=windows, times=wanted[0].times, weekdays=weekdays)
    if same_days:
        return When(windows=wanted[0].windows, weekdays=weekdays, times=times)
    return When(windows=tuple(window for when in wanted for window in windows_of(when, now=now, days=60)))


def _without(when: When, said: Phrase, s: Sentence) -> When:
    """The wish with one more thing ruled out."""
    refused = when_of(said, s)
    if refused is None:
        return when
    if refused.windows:
        out = windows_of(refused, now=s.now) if refused.times else refused.windows
        return replace(when, without=when.without + out)
    if refused.weekdays:
        return replace(when, without_weekdays=when.without_weekdays | refused.weekdays)
    if refused.times and not when.times:
        return replace(when, times=_other_times(refused.times[0]))
    return when


def _other_times(refused: tuple[time, time]) -> tuple[tuple[time, time], ...]:
    """All times of the day but these."""
    low, high = refused
    if low == high:
        return ()
    before = ((time(), low),) if low > time() else ()
    after = ((high, time.max),) if high < time.max else ()
    return before + after
