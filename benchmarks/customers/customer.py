"""A customer: wants something, answers what is asked, and is only human."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.customers.answers import ANSWERS
from benchmarks.customers.goals import Kind
from benchmarks.customers.hearing import Heard
from benchmarks.customers.mind import AGAIN, Mind, Told
from benchmarks.customers.wishes import a_wish


@dataclass
class Customer(Mind):
    """One person in one conversation, with one errand or two."""

    asked: int = 0
    opened: int = 0
    had: int = 0
    errands: int = 1

    def opens(self) -> Told:
        """The first message."""
        self.opened += 1
        return self.typed(self.manners.opening(self.goal, self.wording))

    def replies(self, heard: Heard, now: datetime) -> Told | None:
        """The next message; None when there is nothing more to say."""
        self.now = now
        self.asked += 1
        if self.is_done(heard):
            return self._next_errand(heard)
        if heard.hands_over:
            self.gave_up = "handed over"
            self.heard_reason = heard.reason
            return None
        if self.declined:
            return self._leaves(heard)
        self.heard_reason = self.heard_reason or heard.reason
        if heard.reason and heard.expects == "nothing" and self.errand in (Kind.MOVE, Kind.CANCEL):
            self.declined = True
            return None
        if aside := self._aside(heard):
            return aside
        if heard.expects == "nothing":
            return self._opens_again()
        if heard.expects not in ANSWERS:
            self.gave_up = f"did not know what to say to {heard.expects}"
            return None
        return ANSWERS[heard.expects](self, heard)

    def is_done(self, heard: Heard) -> bool:
        """Whether the errand of the moment has been run."""
        if self.errand is Kind.CANCEL:
            return bool(heard.appointments) and not heard.confirmed
        if self.errand is Kind.MOVE:
            starts = [datetime.fromisoformat(one["start"]) for one in heard.confirmed]
            return heard.expects == "nothing" and starts != self.starts
        return len(heard.confirmed) > self.had

    def _next_errand(self, heard: Heard) -> Told | None:
        if self.goal.then is None:
            return None
        self.errands += 1
        self.had = len(heard.confirmed)
        self.starts = [datetime.fromisoformat(one["start"]) for one in heard.confirmed]
        previous, self.goal = self.goal, self.goal.then
        self.errand = Kind.BOOK if self.goal.kind is Kind.AGAIN else self.goal.kind
        booked = self.chosen
        if self.errand is Kind.CANCEL:
            self.wish = previous.wish
            return self.typed(self.wording.say("cancel"), after=timedelta(minutes=25))
        self.want(self.goal.wish)
        if self.errand is Kind.MOVE:
            return self._moves(booked)
        self.places = self.goal.place.workshops
        return self.typed(self.wording.say("again", **self.facts), after=timedelta(minutes=3))

    def _moves(self, booked: datetime | None) -> Told:
        if any(self.wish.suits(start) for start in self.starts):
            days = frozenset(start.date() for start in self.starts)
            self.want(a_wish(self.wording, self.now, soonest=False, without=days))
        self.chosen = booked
        return self.typed(self._moving(), after=timedelta(minutes=25))

    def _moving(self) -> str:
        if self.wording.dice.random() < 0.5:
            return self.wording.say("move")
        return self.wording.say("move_to", when=self.wish.words)

    def _leaves(self, heard: Heard) -> Told | None:
        if heard.expects == "nothing":
            return None
        if self.restated > AGAIN + 1:
            self.gave_up = "could not get out"
            return None
        self.restated = AGAIN + 2
        return Told(self.wording.say("leave"))

    def _aside(self, heard: Heard) -> Told | None:
        """What comes in between: a question, an impatient word, a change of mind."""
        topic = self.manners.aside_at(self.asked) if heard.expects not in ("nothing", "confirm_cancel") else None
        if topic:
            return self.typed(self.wording.say(topic), aside=True)
        ready = heard.expects in ("slot", "name", "confirm", "vehicle") and self.errand is not Kind.CANCEL
        if ready and self.goal.kind is not Kind.CANNOT_BE and self.manners.changes_mind_at(self.asked):
            return self.changes_mind("change_of_mind")
        return None

    def _opens_again(self) -> Told | None:
        self.opened += 1
        if self.opened > AGAIN + 1:
            self.gave_up = "was not heard"
            return None
        if self.errand in (Kind.MOVE, Kind.CANCEL):
            return self.typed(self._moving() if self.errand is Kind.MOVE else self.wording.say("cancel"))
        return self.typed(self.wording.one_of(self.wording.list("openers")).format(**self.facts))
