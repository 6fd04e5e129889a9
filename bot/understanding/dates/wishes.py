"""From the phrases of a message to what the customer wishes: alternatives, exclusions, corrections."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bot.understanding.dates.daynames import DayName
from bot.understanding.dates.hours import Hours
from bot.understanding.dates.lexicon import Kind
from bot.understanding.dates.phrases import DayRange, Phrase, phrase
from bot.understanding.dates.sentence import Sentence

_STOPS = frozenset(".!?;:\n")


@dataclass(frozen=True)
class Wish:
    """One alternative: some days, some hours of them, or an exact moment. `ruled_out` turns it round."""

    said: Phrase
    ruled_out: bool = False
    dropped: bool = False

    def joined(self, other: Phrase) -> "Wish | None":
        """This wish with what a further phrase adds, or None if that is another alternative."""
        mine = self.said
        if mine.ends or other.ends or mine.edges or other.edges:
            return self._beside_moment(other)
        days, hours = _days(mine.days, other.days), _hours(mine.hours, other.hours)
        if (days is None and (mine.days or other.days)) or (hours is None and (mine.hours or other.hours)):
            return None
        if mine.every and other.every:
            return None
        return replace(self, said=Phrase(days=days, hours=hours, every=mine.every | other.every))

    def _beside_moment(self, other: Phrase) -> "Wish | None":
        return None


def _days(one: DayName | DayRange | None, two: DayName | DayRange | None) -> DayName | DayRange | None:
    if one is None or two is None:
        return one or two
    if isinstance(one, DayRange):
        return _ranges(one, two) if isinstance(two, DayRange) else one.joined(two)
    return two.joined(one) if isinstance(two, DayRange) else one.joined(two)


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
    """All a message says about time. `heard` says that there was anything at all."""

    wishes: tuple[Wish, ...] = ()
    soonest: bool = False
    anytime: bool = False
    spans: tuple[tuple[int, int], ...] = ()


@dataclass
class _Listener:
    """Goes through the message once and gathers its wishes."""

    s: Sentence
    wishes: list[Wish] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    soonest: bool = False
    anytime: bool = False
    group: int = 0
    negated: bool = False
    instead: bool = False
    rather: bool = False
    linked: bool = False
    last_end: int = -1

    def listen(self) -> Wishes:
        i = 0
        while i < len(self.s):
            i = self._step(i)
        return Wishes(
            tuple(wish for wish in self.wishes if not wish.dropped), self.soonest, self.anytime, tuple(self.spans)
        )

    def _step(self, i: int) -> int:
        s = self.s
        if s.has(i, Kind.GREETING):
            return self._clear(i)
        if s.has(i, Kind.TITLE) and s[s.dot(i + 1)].letters:
            return s.dot(i + 1) + 1
        if s.has(i, Kind.SOONEST):
            self.soonest = True
            return self._heard(i, i + 1)
        if s.has(i, Kind.ANYTIME) and not s.has(i + 1, Kind.IN, Kind.OF):
            self.anytime = True
            return self._heard(i, i + 1)
        found = phrase(s, i, beside_day=self._beside_day(i))
        if found is not None:
            self._take(found[0], i, found[1])
            return self._heard(i, found[1])
        return self._word(i)

    def _heard(self, i: int, j: int) -> int:
        self.spans.append((self.s[i].start, self.s[j - 1].end))
        return j

    def _clear(self, i: int) -> int:
        self.spans.append((self.s[i].start, self.s[i].end))
        return i + 1

    def _beside_day(self, i: int) -> bool:
        """Whether a day or part of the day was named just before."""
        if not self.wishes or self.last_end < 0:
            return False
        near = self.s.skip(self.last_end, Kind.ARTICLE) == i or self.last_end == i
        said = self.wishes[-1].said
        return near and (said.days is not None or (said.hours is not None and said.hours.start is None))

    def _word(self, i: int) -> int:
        s = self.s
        if s[i].key in _STOPS:
            self.negated = self.linked = False
            self.group = len(self.wishes)
        elif s.has(i, Kind.EXCEPT):
            self.negated, self.linked = True, False
            self.group = len(self.wishes)
        elif s.has(i, Kind.INSTEAD):
            self.instead = True
        elif s.has(i, Kind.RATHER):
            self.rather, self.negated = True, False
            self.group = len(self.wishes)
        elif s.has(i, Kind.NOT, Kind.ABSENT):
            self._refuse(i)
        elif s.has(i, Kind.AWAY):
            self._away()
        elif s.has(i, Kind.BUT):
            self.negated = False
            self.group = len(self.wishes)
        elif s.has(i, Kind.OR, Kind.AND, Kind.TO):
            self.linked = True
        elif s[i].letters and not s.has(i, Kind.ARTICLE, Kind.APPROXIMATELY, Kind.ON, Kind.OF, Kind.AT):
            self.linked = False
        return i + 1

    def _refuse(self, i: int) -> None:
        """ "nicht" rules out the day it stands before, or else the days named before it in its clause."""
        s = self.s
        j = s.skip(i + 1, Kind.ARTICLE, Kind.ON, Kind.APPROXIMATELY, Kind.EVERY)
        following = phrase(s, j, beside_day=False) if s[j].key not in _STOPS and s[j - 1].key != "," else None
        if following is None and self.group < len(self.wishes):
            self._rule_out()
        else:
            self.negated = True

    def _rule_out(self) -> None:
        for place in range(self.group, len(self.wishes)):
            self.wishes[place] = replace(self.wishes[place], ruled_out=True)
        self.group = len(self.wishes)
        self.negated = False

    def _away(self) -> None:
        """ "bin ich weg" rules out what was named before it, if there is another wish beside."""
        for place in range(self.group, len(self.wishes)):
            self.wishes[place] = replace(self.wishes[place], ruled_out=True)

    def _take(self, said: Phrase, i: int, j: int) -> None:
        self.last_end = j
        if said.past:
            return
        last = self.wishes[-1] if self.wishes else None
        same_clause = last is not None and not (self.negated and not last.ruled_out) and last.ruled_out == self.negated
        if self.instead:
            self.wishes.append(Wish(said, dropped=True))
            self.instead = False
            return
        if last is not None and not last.dropped and same_clause:
            both = last.joined(said)
            if both is not None and not (self.linked and _both_days(last.said, said)):
                self.wishes[-1] = both
                self.rather = False
                return
            if self.rather and not self.linked:
                self.wishes[-1] = replace(last, dropped=True)
                said = _kept(last.said, said)
        self.rather = False
        self.wishes.append(Wish(said, ruled_out=self.negated))
        self.linked = False


def _both_days(one: Phrase, two: Phrase) -> bool:
    return (
        isinstance(one.days, DayName)
        and isinstance(two.days, DayName)
        and one.days.is_day
        and two.days.is_day
        and two.days.weekday is not None
    )


def _kept(old: Phrase, new: Phrase) -> Phrase:
    """A corrected phrase keeps what the correction does not speak of."""
    return replace(new, days=new.days or old.days, hours=new.hours or old.hours)


def wishes_of(s: Sentence) -> Wishes:
    """All the message says about time."""
    heard = _Listener(s).listen()
    return replace(heard, wishes=tuple(_shared(heard.wishes)))


def _shared(wishes: tuple[Wish, ...]) -> Iterator[Wish]:
    """Alternatives lend each other what was said only once: "Di oder Mi nächste Woche vormittags"."""
    for place, wish in enumerate(wishes):
        said = wish.said
        before = wishes[place - 1].said if place else None
        after = next((other.said for other in wishes[place + 1 :] if other.ruled_out == wish.ruled_out), None)
        if isinstance(said.days, DayName) and said.days.only_weekday:
            period = _period_of(before) or _period_of(after)
            said = replace(said, days=said.days.joined(period) or said.days) if period else said
        if (
            said.hours is None
            and said.days
            and after
            and after.hours
            and after.hours.part
            and not after.hours.start
            and after.days
        ):
            said = replace(said, hours=after.hours)
        if said.days is None and said.hours:
            lender = after if after and after.days and after.hours else before
            if lender and lender.days and not wish.ruled_out and wishes[place - 1].ruled_out == wish.ruled_out:
                said = replace(said, days=lender.days)
        yield replace(wish, said=said)


def _period_of(said: Phrase | None) -> DayName | None:
    """The week or longer period in which the days of a neighbouring alternative lie."""
    if (
        said is None
        or not isinstance(said.days, DayName)
        or said.days.period is None
        or (said.days.is_day and not said.days.weekday)
    ):
        return None
    return DayName(period=said.days.period) if said.days.weekday else None
