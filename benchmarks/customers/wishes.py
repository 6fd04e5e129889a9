"""When customers would like to come: what they say, and which times they would call right."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from benchmarks.customers.wording import Wording
from booking_core.values import CELL, Period

BERLIN = ZoneInfo("Europe/Berlin")
FAR = timedelta(days=60)


@dataclass(frozen=True)
class Wish:
    """`days` empty means any day; `since` and `until` are local and half-open, and an exact time if they are equal."""

    words: str
    days: frozenset[date] = frozenset()
    since: time = time.min
    until: time = time.max

    def suits(self, start: datetime) -> bool:
        """Whether a start, local to the workshop, is what was wished for."""
        in_time = start.time() == self.since if self.since == self.until else self.since <= start.time() < self.until
        return in_time and (not self.days or start.date() in self.days)

    def windows(self, now: datetime) -> Iterator[Period]:
        """The starts that would do, for the calendar."""
        days = self.days or {now.date() + timedelta(days=number) for number in range(FAR.days)}
        for day in sorted(days):
            start = datetime.combine(day, self.since, BERLIN)
            end = start + CELL if self.since == self.until else datetime.combine(day, self.until, BERLIN)
            yield Period(start, end)


def a_wish(wording: Wording, now: datetime, *, soonest: bool = True, without: frozenset[date] = frozenset()) -> Wish:
    """Any sensible wish; `without` are days it must not be about."""
    kinds: list[Callable[[Wording, date], tuple[str, frozenset[date]]]]
    kinds = [_weekday, _weekday, _next_week, _next_week, _tomorrow, _overmorrow, _date, _either, _week]
    while True:
        if soonest and wording.dice.random() < 0.12:
            return Wish(wording.say("days.soonest"))
        kind = wording.dice.choice(kinds)
        words, days = kind(wording, now.date())
        if not days & without:
            return _at_a_time(words, days, wording, exactly=kind not in (_week, _either))


def another_wish(wording: Wording, now: datetime, before: frozenset[date]) -> Wish:
    """A change of mind: a weekday is one of the week that was spoken of, if that has any left."""
    first = min(before, default=now.date())
    monday = first - timedelta(days=first.weekday())
    week = [monday + timedelta(days=number) for number in range(5)]
    left = [day for day in week if day > now.date() and day not in before]
    if left and wording.dice.random() < 0.6:
        day = wording.dice.choice(left)
        words = wording.say("days.same_week", weekday=wording.list("weekdays")[day.weekday()])
        return Wish(words, frozenset({day}))
    kinds = [kind for kind in (_next_week, _overmorrow, _date) if not kind(wording, now.date())[1] & before]
    words, days = wording.dice.choice(kinds or [_date])(wording, now.date())
    return _at_a_time(words, days, wording, exactly=True)


def on(day: date, wording: Wording, now: datetime, words: str = "") -> Wish:
    """A wish for this very day, said by its weekday where that names it, by its date elsewhere."""
    ahead = (day - now.date()).days
    named = _named_weekday(wording, day.weekday()) if 0 < ahead < 7 else _named_date(wording, day)
    return Wish(f"{named} {words}".strip(), frozenset({day}))


def _at_a_time(words: str, days: frozenset[date], wording: Wording, *, exactly: bool) -> Wish:
    dice = wording.dice
    part = dice.choice(["morning", "afternoon", "after", "before", "", "", ""] + ["at"] * 2 * exactly)
    if not part:
        return Wish(words, days)
    hour, since, until = _HOURS[part](dice)
    return Wish(f"{words} {wording.say(f'parts.{part}', hour=hour)}", days, since, until)


def _from(hour: int) -> tuple[int, time, time]:
    return hour, time(hour), time.max


def _until(hour: int) -> tuple[int, time, time]:
    return hour, time.min, time(hour)


def _exactly(hour: int) -> tuple[int, time, time]:
    return hour, time(hour), time(hour)


_HOURS: dict[str, Callable[[Random], tuple[int, time, time]]] = {
    "morning": lambda dice: _until(12),
    "afternoon": lambda dice: _from(12),
    "after": lambda dice: _from(dice.randint(9, 15)),
    "before": lambda dice: _until(dice.randint(9, 13)),
    "at": lambda dice: _exactly(dice.randint(8, 16)),
}


def _weekday(wording: Wording, today: date) -> tuple[str, frozenset[date]]:
    day = _opened(today + timedelta(days=wording.dice.randint(1, 6)), today)
    return _named_weekday(wording, day.weekday()), frozenset({day})


def _named_weekday(wording: Wording, weekday: int) -> str:
    return wording.say("days.weekday", weekday=wording.list("weekdays")[weekday])


def _opened(day: date, today: date) -> date:
    """Nobody wishes for a Sunday by accident: the Saturday before, or the Monday after if that would be today."""
    if day.isoweekday() < 7:
        return day
    return day - timedelta(days=1) if day - timedelta(days=1) > today else day + timedelta(days=1)


def _next_week(wording: Wording, today: date) -> tuple[str, frozenset[date]]:
    day = _monday_after(today) + timedelta(days=wording.dice.randint(0, 4))
    return wording.say("days.next_week", weekday=wording.list("weekdays")[day.weekday()]), frozenset({day})


def _tomorrow(wording: Wording, today: date) -> tuple[str, frozenset[date]]:
    return wording.say("days.tomorrow"), frozenset({today + timedelta(days=1)})


def _overmorrow(wording: Wording, today: date) -> tuple[str, frozenset[date]]:
    return wording.say("days.overmorrow"), frozenset({today + timedelta(days=2)})


def _date(wording: Wording, today: date) -> tuple[str, frozenset[date]]:
    day = _opened(today + timedelta(days=wording.dice.randint(3, 25)), today)
    return _named_date(wording, day), frozenset({day})


def _named_date(wording: Wording, day: date) -> str:
    name = wording.list("months")[day.month - 1]
    return wording.say("days.date", day=day.day, month=day.month, month_name=name)


def _either(wording: Wording, today: date) -> tuple[str, frozenset[date]]:
    ahead = [day for day in (today + timedelta(days=number) for number in range(1, 7)) if day.isoweekday() < 6]
    one, other = sorted(wording.dice.sample(ahead, 2))
    names = wording.list("weekdays")
    words = wording.say("days.either", weekday=names[one.weekday()], other=names[other.weekday()])
    return words, frozenset({one, other})


def _week(wording: Wording, today: date) -> tuple[str, frozenset[date]]:
    monday = _monday_after(today)
    return wording.say("days.week"), frozenset(monday + timedelta(days=number) for number in range(7))


def _monday_after(today: date) -> date:
    return today + timedelta(days=7 - today.weekday())
