"""Whether what a reader found is what the customer meant.

Lenient with libraries that know only moments: a moment of the right day is that day, one within the part of the day is
that part. The ends of weeks and other long stretches may be two days off, for Friday, Saturday and Sunday all end one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.understanding.readers import Found
from tests.bot.understanding.corpus import NOW

_DAY = timedelta(days=1)
_LONG = 5 * _DAY
_PARTS = {"morning": (0, 9.5, 13), "afternoon": (12, 15, 20), "evening": (16, 19, 24)}


@dataclass(frozen=True)
class Verdict:
    """`start`: the first moment is right; `exact`: all of it is."""

    start: bool
    exact: bool


def judge(meant: tuple[str, ...], found: list[Found]) -> Verdict:
    """Every window that was meant must be found, in this order."""
    verdicts = [_judge_one(said, here) for said, here in zip(meant, found, strict=False)]
    whole = len(verdicts) == len(meant)
    return Verdict(whole and all(v.start for v in verdicts), whole and all(v.exact for v in verdicts))


def _judge_one(meant: str, found: Found) -> Verdict:
    if "/" in meant:
        first, _, last = meant.partition("/")
        return _stretch(first, last, found)
    if "@" in meant:
        return _part(meant, found)
    if found.start is None:
        return Verdict(start=False, exact=False)
    if "T" not in meant:
        day = datetime.fromisoformat(meant)
        whole = found.end is not None and found.end - day <= _DAY
        return Verdict(found.start.date() == day.date(), found.start.date() == day.date() and whole)
    right = _same(meant, found.start)
    brief = found.end is not None and found.end - found.start <= timedelta(hours=1)
    return Verdict(right, right and brief)


def _part(meant: str, found: Found) -> Verdict:
    day, _, part = meant.partition("@")
    earliest, latest, end = _PARTS[part]
    if found.start is None or (day and found.start.date().isoformat() != day):
        return Verdict(start=False, exact=False)
    hour = found.start.hour + found.start.minute / 60
    if found.end == found.start:
        inside = earliest <= hour < end and found.start.time() != NOW.time()
        return Verdict(inside, inside)
    begins = earliest <= hour <= latest
    return Verdict(begins, begins and found.end is not None and found.end - found.start <= timedelta(hours=13))


def _stretch(first: str, last: str, found: Found) -> Verdict:
    opens = _boundary(first, found.start) if first else _is_open(found.start) or last.startswith("T")
    closes = _boundary(last, found.end) if last else _is_open(found.end, found.start)
    if first and last and not closes and found.start and found.end:
        closes = found.end - found.start >= _LONG - 2 * _DAY and abs(found.end - _moment(last)) <= 2 * _DAY
    return Verdict(opens if first else closes, opens and closes)


def _is_open(found: datetime | None, since: datetime | None = None) -> bool:
    return found is None or (found - since > timedelta(hours=2) if since else found <= _now())


def _boundary(meant: str, found: datetime | None) -> bool:
    if found is None:
        return False
    if "T" in meant:
        return _same(meant, found)
    return found.date() == _moment(meant).date() or (_moment(meant) < _now() and found.date() == _now().date())


def _same(meant: str, found: datetime) -> bool:
    if meant.startswith("T"):
        return found.strftime("T%H:%M") == meant
    return found.replace(second=0, microsecond=0) == _moment(meant)


def _moment(meant: str) -> datetime:
    return datetime.fromisoformat(meant)


def _now() -> datetime:
    return NOW.replace(tzinfo=None)
