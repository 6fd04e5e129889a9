"""A colleague takes over."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from bot import states
from bot.commands import LookUp, Topic
from bot.draft import Draft
from bot.events import Event, LookedUp, Said
from bot.facts import token
from bot.states.booking import entering, onward
from bot.states.courtesy import Courteous
from bot.step import Option, Say, Step, option, say
from bot.understanding.meaning import Intent

RESUME = token("resume")


@dataclass(frozen=True)
class WithPerson(Courteous):
    """A person answers, and we say nothing in between: not until we are called, released, or it is `until`.

    `by` is the colleague who has taken it over; None while somebody was asked for and nobody has come yet.
    """

    keeps: ClassVar[frozenset[Intent]] = frozenset({Intent.BACK})

    until: datetime | None = None
    by: str | None = None

    @classmethod
    def open(cls, draft: Draft, *says: Say) -> Step:
        """Hand over, and name the number to call."""
        shops = tuple(shop.id for shop in draft.shops)
        return Step(cls(draft), says, LookUp(Topic.PERSON, draft.services, shops, draft.plz, draft.city))

    @property
    def question(self) -> Say:
        return say("with_person")

    @property
    def choices(self) -> tuple[Option, ...]:
        return (option(RESUME, "choice_resume"),)

    def hear(self, event: Event) -> Step:
        return Step(self) if isinstance(event, Said) and not _calls_us(event) else super().hear(event)

    def attend(self, event: Event) -> Step | None:
        match event:
            case LookedUp(topic=Topic.PERSON, shops=(shop, *_)):
                waiting = replace(self, until=event.until)
                if event.opens:
                    return Step(waiting, (say("person_later", shop=shop, opens=event.opens),))
                return Step(waiting, (say("person", shop=shop),))
            case Said():
                return self.released()
            case _:
                return Step(self, (self.question,))

    def released(self) -> Step:
        """Back to the booking, if there was one."""
        if self.draft.underway:
            return onward(self.draft, say("here_again"))
        return entering(states.Idle(self.draft), say("here_again"))


def _calls_us(said: Said) -> bool:
    called = said.wants(Intent.BACK, Intent.START, Intent.RESTART, Intent.STOP)
    return called or said.picked is not None or said.meaning.danger
