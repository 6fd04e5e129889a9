"""How a later wish refines or replaces an earlier one in a negotiation."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.understanding.meaning import Grain, When, Window

_DAY = timedelta(days=1)
_LONGEST_SEARCH = 400


def narrowed(old: When, new: When) -> When:
    """The wish after `new` was said on top of `old`.

    A new day replaces the old day and keeps the time of day; a new time of day keeps the day. A lone weekday or day of
    the month is looked for in the week or month that was wished for. "Egal wann" keeps only the days.
    """
    if new == When():
        return replace(old, times=(), soonest=False)
    windows, moved = _windows(old, new)
    exact = any(window.grain is Grain.MINUTE for window in new.windows)
    welcome = new.weekdays | (_weekdays(windows) if new.loose is Grain.WEEK else frozenset())
    return When(
        windows=windows,
        weekdays=new.weekdays or (frozenset() if new.windows else old.weekdays),
        times=() if exact else _times(old.times, new.times),
        without=tuple(window for window in old.without if not _touches(window, new.windows and windows)) + new.without,
        without_weekdays=(old.without_weekdays - welcome) | new.without_weekdays,
        soonest=new.soonest or (old.soonest and not new.windows),
        loose=(None if moved else new.loose) if new.windows else old.loose,
    )


def _windows(old: When, new: When) -> tuple[tuple[Window, ...], bool]:
    """The windows now wished for, and whether the old wish has set their week or month."""
    if not new.windows:
        return _days_left(old.windows, new), False
    if not old.windows:
        return new.windows, False
    windows, moved = new.windows, False
    if new.loose is not None and (old.loose is None or _is_earlier(new, old)):
        shifted = tuple(_moved(window, old.windows[0], new.loose) for window in windows)
        windows, moved = shifted, shifted != windows
    open_sided = any(window.start is None or window.end is None for window in windows)
    common = _common(old.windows, windows) if open_sided else ()
    if open_sided and not common and new.loose is not None:  # "ab Montag" and then "bis Freitag"
        windows = tuple(_moved(window, replace(old.windows[0], end=None), new.loose) for window in new.windows)
        common = _common(old.windows, windows)
    return (common or windows), moved


def _days_left(windows: tuple[Window, ...], new: When) -> tuple[Window, ...]:
    """The days wished for before a time of day or "weekdays" was said; whole weeks where they hold no such day."""
    days = _whole_days(windows) if new.times else windows
    if not new.weekdays or any(_holds(window, new.weekdays) for window in days):
        return days
    return tuple(dict.fromkeys(_whole_week(window) for window in days))


def _holds(window: Window, weekdays: frozenset[int]) -> bool:
    if window.start is None or window.end is None:
        return True
    days = max(1, (window.end - window.start).days)
    return any((window.start + day * _DAY).isoweekday() in weekdays for day in range(min(days, 7)))


def _whole_week(window: Window) -> Window:
    if window.start is None:
        return window
    monday = window.start.replace(hour=0, minute=0) - window.start.weekday() * _DAY
    return Window(monday, monday + 7 * _DAY, Grain.WEEK)


def _is_earlier(new: When, old: When) -> bool:
    """Whether a weekday said after another one would lie before it: "Tuesday", and "rather Friday" of the same week."""
    start, before = new.windows[0].start, old.windows[0].start
    return new.loose is old.loose is Grain.WEEK and start is not None and before is not None and start < before


def _moved(window: Window, into: Window, loose: Grain) -> Window:
    """The window in the week or month of another one, unless that day is over already."""
    named = window.start or (window.end - _DAY if window.end else None)
    if named is None or into.start is None:
        return window
    first = into.start - into.start.weekday() * _DAY if loose is Grain.WEEK and _is_short(into) else into.start
    day = max(named, first.replace(hour=0, minute=0))
    for _ in range(_LONGEST_SEARCH):
        if day.weekday() == named.weekday() if loose is Grain.WEEK else day.day == named.day:
            break
        day += _DAY
    if into.end is not None and day >= into.end and not _is_short(into):
        return window
    shift = timedelta(days=(day.date() - named.date()).days)
    return replace(
        window,
        start=window.start + shift if window.start else None,
        end=window.end + shift if window.end else None,
    )


def _is_short(window: Window) -> bool:
    return window.start is not None and window.end is not None and window.end - window.start <= 7 * _DAY


def _common(old: tuple[Window, ...], new: tuple[Window, ...]) -> tuple[Window, ...]:
    """What lies in windows of both."""
    pairs = ((_later(one.start, two.start), _earlier(one.end, two.end), one.grain) for one in old for two in new)
    return tuple(Window(start, end, grain) for start, end, grain in pairs if not (start and end and start >= end))


def _later(one: datetime | None, two: datetime | None) -> datetime | None:
    return max(one, two) if one and two else one or two


def _earlier(one: datetime | None, two: datetime | None) -> datetime | None:
    return min(one, two) if one and two else one or two


def _whole_days(windows: tuple[Window, ...]) -> tuple[Window, ...]:
    """Exact moments widened to their days, so that another time of day can be wished for."""
    return tuple(dict.fromkeys(_whole_day(window) for window in windows))


def _whole_day(window: Window) -> Window:
    if window.grain not in (Grain.MINUTE, Grain.PART_OF_DAY) or window.start is None:
        return window
    start = window.start.replace(hour=0, minute=0, second=0, microsecond=0)
    return Window(start, start + _DAY, Grain.DAY)


def _times(old: tuple[tuple[time, time], ...], new: tuple[tuple[time, time], ...]) -> tuple[tuple[time, time], ...]:
    """The new times of day within the old ones, or alone where they contradict them."""
    if not new or not old:
        return new or old
    common = tuple(
        (max(low, earliest), min(high, latest))
        for low, high in new
        for earliest, latest in old
        if max(low, earliest) < min(high, latest) or (low == high and earliest <= low < latest)
    )
    return common or new


def _touches(window: Window, wished: tuple[Window, ...]) -> bool:
    return any(
        (window.start is None or one.end is None or window.start < one.end)
        and (window.end is None or one.start is None or one.start < window.end)
        for one in wished
    )


def _weekdays(windows: tuple[Window, ...]) -> frozenset[int]:
    return frozenset(window.start.isoweekday() for window in windows if window.start)
