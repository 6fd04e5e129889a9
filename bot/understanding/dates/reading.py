"""Reading a message: from its words to the times that the customer means."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.understanding.dates.almanac import Stretch, one_day
from bot.understanding.dates.clocks import MIDNIGHT, Clock
from bot.understanding.dates.daynames import DayName, resolved
from bot.understanding.dates.fallback import foreign_date
from bot.understanding.dates.hours import Hours, time_at
from bot.understanding.dates.lexicon import lexicon_of
from bot.understanding.dates.listening import wishes_of
from bot.understanding.dates.said import DayRange, Endpoint, Phrase
from bot.understanding.dates.sentence import Sentence
from bot.understanding.dates.terms import terms_of
from bot.understanding.dates.tokens import Whole
from bot.understanding.dates.windows import DAY, windows_of
from bot.understanding.dates.wishes import Wishes
from bot.understanding.meaning import Expecting, Grain, When, Window

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
    the past), for other readers to leave alone. Text past 5,000 characters is not read.
    """
    lexicon = lexicon_of(language)
    if lexicon is None:
        return foreign_date(text, now=now, language=language, known=False)
    sentence = Sentence(terms_of(text[:_LONGEST], lexicon, language), lexicon, now)
    heard = wishes_of(sentence, asked=expecting in _ASKED_WHEN)
    if expecting in _ASKED_ELSE and len(heard.spans) == 1 and len(sentence) <= _SHORT_ANSWER:
        return None, ()  # the answer to "how may we call you?" can be Mr Sonntag or Mai
    answer = _bare_answer(sentence) if expecting is Expecting.WHEN and not heard.spans else None
    if answer is not None:
        return _of(answer, sentence), ((0, len(text)),)
    if not heard.spans:
        return foreign_date(text, now=now, language=language, known=True)
    return _when(heard, sentence), heard.spans


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
    wanted = [when for said in heard.wished if (when := _of(said, s))]
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


def _of(said: Phrase, s: Sentence) -> When | None:
    if said.ends is not None:
        start, end = said.ends
        return When(windows=(Window(start, end, Grain.MINUTE if start == end else Grain.PART_OF_DAY),))
    if said.edges is not None:
        window = _exact(said.edges[0], said.edges[1], s)
        return When(windows=(window,)) if window else None
    windows: tuple[Window, ...] = ()
    today = False
    if said.days is not None:
        window = _window(said.days, s)
        if window is None:
            return None
        today = window.start is not None and window.start.date() == s.today and window.grain is Grain.DAY
        windows = (window,)
    times: tuple[tuple[time, time], ...] = ()
    if said.hours is not None:
        low, high = said.hours.minutes(past=s.now.hour * 60 + s.now.minute if today else -1)
        times = ((time_at(low), time_at(high)),)
    return When(windows=windows, times=times, weekdays=said.every)


def _window(days: DayName | DayRange, s: Sentence) -> Window | None:
    if isinstance(days, DayName):
        stretch = _resolved(days, s)
        return _local(stretch.start, stretch.end, stretch.grain, s) if stretch else None
    first, last = _ends(days, s)
    if (first is None and days.first) or (last is None and days.last):
        return None
    start = (first.end if days.after else first.start) if first else None
    end = (last.start if days.before else last.end) if last else None
    if start and end and end <= start:
        return None
    grain = Grain.DAY if first is None or last is None else Grain.WEEK
    return _local(start, end, grain, s)


def _resolved(name: DayName, s: Sentence, today: date | None = None) -> Stretch | None:
    if name.period is None and name.weeks is not None and name.weekday is None:
        return one_day(s.today + timedelta(weeks=name.weeks))
    return resolved(name, today or s.today, s.lexicon.next_weekday)


def _ends(days: DayRange, s: Sentence) -> tuple[Stretch | None, Stretch | None]:
    """Both ends of a range; each lends the other its month and year, and the last comes after the first."""
    first, last = days.first, days.last
    if first and last:
        if first.month is None and last.month is not None and first.day and not first.period:
            first = replace(first, month=last.month)
        if last.month is None and first.month is not None and last.day and first.day and last.day >= first.day:
            last = replace(last, month=first.month, year=first.year)
        if first.year is None and last.year is not None and first.month:
            first = replace(
                first, year=last.year - ((first.month, first.day or 0) > (last.month or 12, last.day or 31))
            )
    start = _resolved(first, s) if first else None
    end = _resolved(last, s) if last else None
    if last and start and end and (end.end <= start.start or (last.only_weekday or last.only_day)):
        end = _resolved(last, s, start.start)
    return start, end


def _exact(first: Endpoint | None, last: Endpoint | None, s: Sentence) -> Window | None:
    """From one moment to another, each a clock on a day."""
    days = DayRange(first.day if first else None, last.day if last else None)
    start, end = _ends(days, s)
    opens = _moment(start, first, s) if first else None
    closes = _moment(end, last, s) if last else None
    if (first and opens is None) or (last and closes is None) or (opens and closes and closes <= opens):
        return None
    return Window(opens, closes, Grain.PART_OF_DAY)


def _moment(stretch: Stretch | None, end: Endpoint, s: Sentence) -> datetime | None:
    if stretch is None or end.clock is None:
        return None
    minute = Hours(end.clock, end.clock).minutes()[0]
    moment = datetime.combine(stretch.start, time_at(minute), s.now.tzinfo)
    return moment if minute < 24 * 60 else datetime.combine(stretch.start + DAY, time(), s.now.tzinfo)


def _local(start: date | None, end: date | None, grain: Grain, s: Sentence) -> Window:
    zone = s.now.tzinfo
    return Window(
        datetime.combine(start, time(), zone) if start else None,
        datetime.combine(end, time(), zone) if end else None,
        grain,
    )


def _without(when: When, said: Phrase, s: Sentence) -> When:
    """The wish with one more thing ruled out."""
    refused = _of(said, s)
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
