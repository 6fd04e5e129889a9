"""The diary: which days and hours of the calendar a phrase about time means."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.understanding.dates.almanac import Stretch, one_day
from bot.understanding.dates.daynames import DayName, resolved
from bot.understanding.dates.hours import Hours, time_at
from bot.understanding.dates.said import DayRange, Endpoint, Phrase
from bot.understanding.dates.sentence import Sentence
from bot.understanding.dates.windows import DAY
from bot.understanding.meaning import Grain, When, Window


def when_of(said: Phrase, s: Sentence) -> When | None:
    """The wish that a phrase makes on the day of the message; None if there is no such day."""
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
