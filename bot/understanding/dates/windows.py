"""A wish for a time as absolute windows, from now on."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice

from bot.understanding.dates.almanac import sane_year
from bot.understanding.meaning import Grain, When, Window

DAY = timedelta(days=1)
_DAYS = 400
_LISTED = 28
_SHORTEST_VISIT = timedelta(hours=1)

Piece = tuple[datetime, datetime | None, Grain]


def windows_of(when: When, *, now: datetime, days: int = _DAYS) -> tuple[Window, ...]:
    """All windows of the wish from `now` on, in the zone of `now`, each in the order it was said.

    Where times of day or weekdays hold there is one window a day, for the next `days` days. An end stays open (None)
    if nothing limits it. Empty if all that was named is over or ruled out, and at the ends of the calendar (before
    1990, after 2199).
    """
    if not sane_year(now.year):
        return ()
    return tuple(_windows(when, now, days))


def _windows(when: When, now: datetime, days: int) -> Iterator[Window]:
    zone = now.tzinfo or UTC
    start, horizon = now.astimezone(UTC), now.astimezone(UTC) + days * DAY
    ruled_out = [_in_utc(window) for window in when.without]
    yield from _merged(
        Window(first.astimezone(zone), last.astimezone(zone) if last else None, grain)
        for base in when.windows or (Window(None, None, Grain.DAY),)
        for piece in _pieces(base, when, start, horizon, zone)
        for first, last, grain in _minus(piece, ruled_out, start)
    )


def _pieces(base: Window, when: When, start: datetime, horizon: datetime, zone: tzinfo) -> Iterator[Piece]:
    first, last = _in_utc(base)
    if first is not None and first == last:
        if first >= start:
            yield first, last, base.grain
        return
    first = max(first, start) if first else start
    if last is not None and last <= first:
        return
    if not (when.times or when.weekdays or when.without_weekdays):
        yield first, last, base.grain
        return
    day, end = first.astimezone(zone).date(), min(last or horizon, first + (horizon - start))
    while midnight(day, zone) < end:
        if (not when.weekdays or day.isoweekday() in when.weekdays) and day.isoweekday() not in when.without_weekdays:
            yield from _day_pieces(day, when.times, base.grain, first, end, zone, last is None)
        day += DAY


def _day_pieces(
    day: date,
    times: tuple[tuple[time, time], ...],
    grain: Grain,
    first: datetime,
    end: datetime,
    zone: tzinfo,
    recurring: bool,
) -> Iterator[Piece]:
    if not times:
        yield max(first, midnight(day, zone)), min(end, midnight(day + DAY, zone)), grain
    for low, high in times:
        opens, closes = at(day, low, zone), at(day, high, zone)
        begun = recurring and opens < first  # too little of it is left to be what was meant
        if low == high and first <= opens < end:
            yield opens, opens, Grain.MINUTE
        elif low != high and max(first, opens) + (_SHORTEST_VISIT if begun else timedelta()) < min(end, closes):
            yield max(first, opens), min(end, closes), Grain.PART_OF_DAY


def _minus(piece: Piece, ruled_out: list[tuple[datetime | None, datetime | None]], start: datetime) -> Iterator[Piece]:
    """What is left of the piece without the ruled out windows."""
    first, last, grain = piece
    if first == last:
        if not any((low is None or low <= first) and (high is None or first < high) for low, high in ruled_out):
            yield piece
        return
    cursor: datetime = first
    for low, high in sorted(ruled_out, key=lambda window: window[0] or start):
        low = low or start
        if (high is not None and high <= cursor) or (last is not None and low >= last):
            continue
        if low > cursor:
            yield cursor, low, grain
        if high is None:
            return
        cursor = max(cursor, high)
    if last is None or cursor < last:
        yield cursor, last, grain


def _merged(windows: Iterable[Window]) -> Iterator[Window]:
    """Whole days that touch make one window."""
    held: Window | None = None
    for window in windows:
        if (
            held
            and held.end == window.start
            and held.grain == window.grain != Grain.MINUTE
            and window.grain != Grain.PART_OF_DAY
        ):
            held = Window(held.start, window.end, held.grain)
            continue
        if held:
            yield held
        held = window
    if held:
        yield held


def as_json(when: When | None, *, now: datetime) -> list[dict[str, str | None]] | None:
    """The first 28 windows for machines: ISO times in the zone of `now`, `end` exclusive, None where open."""
    if when is None:
        return None
    windows = islice(_windows(when, now, _DAYS), _LISTED)
    listed = [{"start": _iso(window.start), "end": _iso(window.end), "grain": str(window.grain)} for window in windows]
    return listed or None


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _in_utc(window: Window) -> tuple[datetime | None, datetime | None]:
    return (
        window.start.astimezone(UTC) if window.start else None,
        window.end.astimezone(UTC) if window.end else None,
    )


def midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def at(day: date, moment: time, zone: tzinfo) -> datetime:
    """That time of that day, in UTC; a time the clocks skip becomes the one an hour later."""
    if moment == time.max:
        return midnight(day + DAY, zone)
    return datetime.combine(day, moment, zone).astimezone(UTC)
