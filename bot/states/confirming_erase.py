"""The last question before the customer's data are forgotten."""

from dataclasses import dataclass
from typing import ClassVar

from bot import states
from bot.commands import EraseData
from bot.events import Erased, Event, Refused, Said
from bot.facts import token
from bot.states.booking import onward
from bot.states.courtesy import Courteous
from bot.step import Option, Say, Step, option, say
from bot.understanding.meaning import Expecting, Intent

YES, NO = token("erase"), token("keep data")


@dataclass(frozen=True)
class ConfirmingErase(Courteous):
    """Nobody can bring back what is forgotten."""

    expecting = Expecting.CONFIRM
    keeps: ClassVar[frozenset[Intent]] = frozenset({Intent.ERASE, Intent.ABORT, Intent.BACK})

    @property
    def question(self) -> Say:
        return say("confirm_erase")

    @property
    def choices(self) -> tuple[Option, ...]:
        return option(YES, "choice_erase"), option(NO, "choice_keep_data")

    def attend(self, event: Event) -> Step | None:
        match event:
            case Erased(kept_until=None):
                return Step(states.Idle(), (say("erased"),))
            case Erased(kept_until=year):
                return Step(states.Idle(), (say("erased_but", year=str(year)),))
            case Refused("still_booked"):
                return onward(self.draft, say("still_booked"))
            case Said() if event.picked == NO or event.wants(Intent.DENY, Intent.ABORT, Intent.BACK):
                return onward(self.draft, say("data_kept"))
            case Said() if event.picked == YES or event.wants(Intent.AFFIRM, Intent.ERASE):
                return Step(self, ask=EraseData())
            case _:
                return None
