"""A colleague takes over."""

from dataclasses import dataclass
from typing import ClassVar

from bot import states
from bot.events import Event, Said
from bot.facts import token
from bot.states.booking import entering, onward, proceed
from bot.states.courtesy import Courteous
from bot.step import Option, Say, Step, option, say
from bot.understanding.meaning import Intent

RESUME = token("resume")


@dataclass(frozen=True)
class WithPerson(Courteous):
    """The customer waits for a person. We take down what they write, and go on when they want us to."""

    keeps: ClassVar[frozenset[Intent]] = frozenset({Intent.HUMAN, Intent.BACK})

    @property
    def question(self) -> Say:
        return say("with_person")

    @property
    def choices(self) -> tuple[Option, ...]:
        return (option(RESUME, "choice_resume"),)

    def attend(self, event: Event) -> Step | None:
        match event:
            case Said() if event.wants(Intent.BOOK, Intent.AVAILABILITY):
                return proceed(self.draft.hearing(event.meaning))
            case Said() if event.picked or event.meaning.skipped or event.wants(Intent.BACK, Intent.START):
                return self._here_again()
            case Said():
                return Step(self, (self.question,))
            case _:
                return None

    def _here_again(self) -> Step:
        if self.draft.underway:
            return onward(self.draft, say("here_again"))
        return entering(states.Idle(self.draft), say("here_again"))
