"""What a conversation takes up again after something else came in between."""

from abc import abstractmethod
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from bot.events import Event
from bot.facts import Booking
from bot.states.booking import entering, onward
from bot.step import Say, State, Step, say
from bot.understanding.meaning import Intent, Understanding

_WANTING = frozenset({Intent.BOOK, Intent.AVAILABILITY, Intent.DENY})


@dataclass(frozen=True)
class Thread(State):
    """A state with business of its own, and the ways back to it."""

    keeps: ClassVar[frozenset[Intent]] = frozenset()
    """Intents that mean something particular here, and are not taken as an interjection."""

    @abstractmethod
    def attend(self, event: Event) -> Step | None:
        """This state's own business; None leaves it to the manners."""

    @property
    def rephrased(self) -> Say:
        """The question in other words."""
        return self.question

    @property
    def spoken_of(self) -> Booking | None:
        """The appointment we speak of where nothing else is wanted."""
        return None

    @property
    def anchors(self) -> tuple[datetime, ...]:
        """The times we are speaking of, which "an hour later" counts from."""
        return (self.draft.held.start,) if self.draft.held else ()

    def learning(self, said: Understanding) -> "Thread":
        """This state with the facts said along with an interjection."""
        return self

    def wondering(self, said: Understanding) -> "Thread":
        """This state after a question in between: whoever asks about other work wants what they wanted."""
        other_work = self.draft.services and not (said.also or said.unwanted or _WANTING.intersection(said.intents))
        return self.learning(replace(said, services=()) if other_work else said)

    def resume(self, *says: Say) -> Step:
        """Take up the thread after a digression."""
        return entering(self, *says)

    def ease(self) -> Step:
        """Ask in an easier way somebody who did not understand the question, or whom we did not."""
        return entering(self, say("not_understood_again"))

    def back(self) -> Step:
        """To the question before this one."""
        return onward(self.draft)
