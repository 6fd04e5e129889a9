"""Times the customer wishes for or refuses, and what neighbouring wishes lend each other."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from bot.understanding.dates.daynames import DayName
from bot.understanding.dates.hours import Hours
from bot.understanding.dates.said import DayRange, Phrase


class Mood(Enum):
    """How the customer feels about a time. AWAY is a wish or a refusal, depending on what else is said."""

    WISHED = auto()
    REFUSED = auto()
    AWAY = auto()
    DROPPED = auto()


@dataclass(frozen=True)
class Wish:
    """One alternative, wished for or refused."""

    said: Phrase
    mood: Mood = Mood.WISHED

    def joined(self, other: Phrase) -> "Wish | None":
        """This wish with what a further phrase adds, or None if that is another alternative."""
        mine = self.said
        if mine.is_exact or other.is_exact:
            return None
        if mine.every and other.every and (mine.days or mine.hours):
            return None
        if (mine.every and _names_days(other.days)) or (other.every and _names_days(mine.days)):
            return None
        days, hours = _days(mine.days, other.days), _hours(mine.hours, other.hours)
        if (days is None and (mine.days or other.days)) or (hours is None and (mine.hours or other.hours)):
            return None
        return replace(self, said=Phrase(days=days, hours=hours, every=mine.every | other.every))


def _days(one: DayName | DayRange | None, two: DayName | DayRange | None) -> DayName | DayRange | None:
    if one is None or two is None:
        return one or two
    if isinstance(one, DayRange):
        return _ranges(one, two) if isinstance(two, DayRange) else one.joined(two)
    return two.joined(one) if isinstance(two, DayRange) else one.joined(two)


def _names_days(days: DayName | DayRange | None) -> bool:
    """Whether days are named, not only the period in which recurring weekdays may lie."""
    return isinstance(days, DayRange) or (days is not None and days.is_day)


def _ranges(one: DayRange, two: DayRange) -> DayRange | None:
    """ "ab Montag" and "bis Freitag" make one range."""
    if one.last is None and two.first is None:
        return DayRange(one.first, two.last, one.after, two.before)
    if one.first is None and two.last is None:
        return DayRange(two.first, one.last, two.after, one.before)
    return None


def _hours(one: Hours | None, two: Hours | None) -> Hours | None:
    if one is None or two is None:
        return one or two
    return one.joined(two)


@dataclass(frozen=True)
class Wishes:
    """All that a message says about time, in order, and the places in its text that say it."""

    wished: tuple[Phrase, ...] = ()
    refused: tuple[Phrase, ...] = ()
    soonest: bool = False
    anytime: bool = False
    spans: tuple[tuple[int, int], ...] = ()


def each_a_day(one: Phrase, two: Phrase) -> bool:
    """Whether both name a day, so that "oder" between them makes two."""
    return (
        isinstance(one.days, DayName)
        and isinstance(two.days, DayName)
        and one.days.is_day
        and two.days.is_day
        and two.days.weekday is not None
    )


def shared_with_neighbours(wished: tuple[Phrase, ...], place: int) -> Phrase:
    """A wish with what its neighbours lend it: "Di oder Mi nächste Woche vormittags"."""
    said = wished[place]
    before = wished[place - 1] if place else None
    after = wished[place + 1] if place + 1 < len(wished) else None
    if isinstance(said.days, DayName) and said.days.only_weekday:
        period = _week_of(before) or _week_of(after)
        said = replace(said, days=said.days.joined(period) or said.days) if period else said
    if said.hours is None and said.days and after and after.days and after.hours:
        return replace(said, hours=after.hours)
    if said.days is None and said.hours:
        lender = after if after and after.days and after.hours else before
        return replace(said, days=lender.days) if lender and lender.days else said
    return said


def _week_of(said: Phrase | None) -> DayName | None:
    """The week or month in which a neighbour's weekday lies."""
    days = said.days if said is not None else None
    return DayName(period=days.period) if isinstance(days, DayName) and days.period and days.weekday else None


def in_context(said: Phrase, wished: tuple[Phrase, ...]) -> Phrase:
    """A refused weekday lies in the week that was wished for: "nächste Woche, nur nicht Freitag"."""
    if isinstance(said.days, DayName) and said.days.only_weekday:
        for wish in wished:
            if isinstance(wish.days, DayName) and wish.days.period and not wish.days.is_day:
                return replace(said, days=said.days.joined(DayName(period=wish.days.period)) or said.days)
    return said
