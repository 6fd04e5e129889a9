"""Messages read on a Wednesday morning, and their windows told in short."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.understanding.dates import windows_of
from bot.understanding.dates.reading import read_when
from bot.understanding.meaning import Expecting, Grain, When, Window

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=BERLIN)


def read(text: str, language: str = "de", now: datetime = NOW, expecting: Expecting = Expecting.NOTHING) -> When | None:
    return read_when(text, now=now, language=language, expecting=expecting)[0]


def told(when: When | None, now: datetime = NOW) -> str:
    """ "27 Nov", "30 Nov - 6 Dec" (both included), "27 Nov 10:00", "27 Nov 8:00-12:00", "30 Nov -"; at most two."""
    if when is None:
        return "nothing"
    windows = windows_of(when, now=now, days=60)
    return ", ".join(_short(window, now) for window in windows[:2]) + (" ..." if len(windows) > 2 else "")


def _short(window: Window, now: datetime) -> str:
    start, end = window.start, window.end
    assert start is not None
    if window.grain is Grain.MINUTE:
        return f"{_day(start)} {_clock(start)}"
    first = "now" if start == now else _day(start) if start.time() == time() else f"{_day(start)} {_clock(start)}"
    if end is None:
        return f"{first} -"
    if end.time() != time():
        day = "" if end.date() == start.date() else f" {_day(end)} "
        return f"{_day(start)} {_clock(start)}-{day}{_clock(end)}"
    last = _day(end - timedelta(hours=1))
    if window.grain is Grain.PART_OF_DAY:
        return f"{_day(start)} {_clock(start)}-24:00"
    return first if first == last else f"{first} - {last}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b}"


def _clock(moment: datetime) -> str:
    return f"{moment.hour}:{moment:%M}"
