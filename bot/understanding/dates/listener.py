"""Who goes through a message and gathers its wishes: which is refused, corrected, or names an absence."""

from dataclasses import dataclass, field, replace
from datetime import date

from bot.understanding.dates.almanac import WEEK, week_of
from bot.understanding.dates.daynames import DayName, resolved
from bot.understanding.dates.kinds import Kind
from bot.understanding.dates.phrases import STOPS, names_week_after, phrase
from bot.understanding.dates.said import Phrase
from bot.understanding.dates.sentence import Sentence
from bot.understanding.dates.wishes import Mood, Wish, each_a_day

# How many words may stand between "kann nicht" and the day it refuses.
_PATIENCE = 3


@dataclass
class Listener:
    """Goes through the message once and gathers its wishes."""

    s: Sentence
    wishes: list[Wish] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    soonest: bool = False
    anytime: bool = False
    mood: Mood = Mood.WISHED
    patience: int = 0
    instead: bool = False
    rather: bool = False
    linked: bool = False
    apart: bool = False
    comma: bool = False
    after_comma: bool = False
    group: int = 0
    undo: tuple[int, Wish] | None = None
    last_end: int = -1
    clause: int = 0
    words: dict[int, int] = field(default_factory=dict)
    away: set[int] = field(default_factory=set)

    def listen(self) -> None:
        i = 0
        while i < len(self.s):
            i = self._step(i)

    def _step(self, i: int) -> int:
        s = self.s
        if s.has(i, Kind.GREETING):
            return i + 1
        if s.has(i, Kind.TITLE) and (s[s.dot(i + 1)].letters or s[s.dot(i + 1)].shape):
            return s.dot(i + 1) + 1
        if s.has(i, Kind.SOONEST):
            self.soonest = True
            return self._heard(i, i + 1)
        if s.has(i, Kind.ANYTIME) and not s.has(i + 1, Kind.IN, Kind.OF):
            self.anytime = True
            return self._heard(i, i + 1)
        if names_week_after(s, i):
            self._take(Phrase(days=DayName(period=week_of(self._last_day() + WEEK))))
            return self._heard(i, i + 1)
        found = phrase(s, i, beside_day=self._beside_day(i))
        if found is None:
            self._word(i)
            return i + 1
        if not found[0].past:
            self._take(found[0])
        self.last_end = found[1]
        return self._heard(i, found[1])

    def _heard(self, i: int, j: int) -> int:
        self.spans.append((self.s[i].start, self.s[j - 1].end))
        return j

    def _last_day(self) -> date:
        """The first of the days named last, or today."""
        days = self.wishes[-1].said.days if self.wishes else None
        found = resolved(days, self.s.today, self.s.lexicon.next_weekday) if isinstance(days, DayName) else None
        return found.start if found else self.s.today

    def _beside_day(self, i: int) -> bool:
        """Whether a day or part of the day was named just before."""
        if not self.wishes or self.last_end < 0:
            return False
        said = self.wishes[-1].said
        near = self.last_end == i or self.s.skip(self.last_end, Kind.ARTICLE) == i
        return near and (said.days is not None or (said.hours is not None and said.hours.start is None))

    def _word(self, i: int) -> None:
        """A word that names no time itself but tells how the times around it are meant."""
        s = self.s
        if s[i].key in STOPS or s.has(i, Kind.BUT):
            self._new_clause()
        elif s[i].key == ",":
            self.apart = self.comma = True
            self.instead = False
            self.clause += 1
            self.patience = 0 if self.mood is not Mood.WISHED and self.patience else self.patience
            if self.patience == 0 and not self._listing():
                self.mood = Mood.WISHED
        elif s.has(i, Kind.EXCEPT):
            self._new_clause()
            self.mood, self.patience = Mood.REFUSED, _PATIENCE
        elif s.has(i, Kind.INSTEAD):
            self.instead = True
        elif s.has(i, Kind.RATHER):
            self._new_clause()
            self.rather = True
        elif s.has(i, Kind.NOT, Kind.ABSENT):
            self._turn(i, Mood.REFUSED)
        elif s.has(i, Kind.FITS):
            self._welcome(i)
        elif s.has(i, Kind.AWAY):
            self.away.add(self.clause)
            self._turn(i, Mood.AWAY)
        elif s.has(i, Kind.OR, Kind.AND, Kind.TO):
            self.linked = True
        elif s[i].letters and not s.has(i, Kind.ARTICLE, Kind.APPROXIMATELY, Kind.ON, Kind.OF, Kind.AT, Kind.EVERY):
            self._other_word()

    @property
    def speaks_of_more(self) -> bool:
        """Whether clauses other than those about being away say something, too."""
        return any(count > 1 for clause, count in self.words.items() if clause not in self.away)

    def _welcome(self, i: int) -> None:
        """ "kann Freitag nicht, Montag geht": the refusal ended at the comma."""
        self._other_word()
        refused = self.wishes and self.wishes[-1].mood is Mood.REFUSED and self.mood is Mood.REFUSED
        if refused and self.after_comma and not self.s.has(i + 1, Kind.NOT):
            self.wishes[-1] = replace(self.wishes[-1], mood=Mood.WISHED)

    def _new_clause(self) -> None:
        self.clause += 1
        self.mood = Mood.WISHED
        self.linked = self.instead = False
        self.apart = True
        self.group = len(self.wishes)

    def _other_word(self) -> None:
        self.linked = self.instead = False
        self.apart = True
        self.words[self.clause] = self.words.get(self.clause, 0) + 1
        if self.comma:
            self.mood = Mood.WISHED
        if self.patience:
            self.patience -= 1
            if not self.patience:
                self.mood = Mood.WISHED

    def _listing(self) -> bool:
        """Whether a refusal has begun a list of days: "nicht montags, dienstags"."""
        return bool(self.wishes) and self.wishes[-1].mood is self.mood

    def _turn(self, i: int, mood: Mood) -> None:
        """ "nicht" refuses the days it stands before, or else those named before it in its clause."""
        s = self.s
        j = s.skip(i + 1, Kind.ARTICLE, Kind.ON, Kind.APPROXIMATELY, Kind.EVERY)
        separate = any(s[place].key == "," for place in range(i + 1, j))
        ahead = not separate and phrase(s, j, beside_day=False) is not None
        if not ahead and self.undo is not None:
            place, old = self.undo
            self.wishes[place], joined = old, self.wishes[place]
            self.wishes.append(replace(joined, mood=mood))
        elif not ahead and self.group < len(self.wishes):
            self.wishes[self.group :] = [replace(wish, mood=mood) for wish in self.wishes[self.group :]]
        else:
            self.mood, self.patience = mood, _PATIENCE
            return
        self.group, self.undo = len(self.wishes), None
        self.mood = Mood.WISHED

    def _take(self, said: Phrase) -> None:
        last = self.wishes[-1] if self.wishes else None
        apart, self.apart = self.apart, False
        self.after_comma, self.comma = self.comma, False
        self.patience = 0
        if self.instead:
            self.instead = False
            self.wishes.append(Wish(said, Mood.DROPPED))
            return
        if last is not None and last.mood is self.mood:
            both = last.joined(said)
            if both is not None and not (self.linked and each_a_day(last.said, said)):
                if apart:
                    self.undo = (len(self.wishes) - 1, last)
                self.wishes[-1] = both
                self.rather = self.linked = False
                return
            if self.rather and not self.linked:
                self.wishes[-1] = replace(last, mood=Mood.DROPPED)
                said = replace(said, days=said.days or last.said.days, hours=said.hours or last.said.hours)
        if apart and not self.linked:
            self.group = len(self.wishes)
        self.undo = None
        self.rather = self.linked = False
        self.wishes.append(Wish(said, self.mood))
