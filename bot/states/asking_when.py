"""When it suits."""

from dataclasses import dataclass
from datetime import datetime

from bot import states
from bot.commands import FindSlots
from bot.events import NothingFree
from bot.states.choosing_slot import ChoosingSlot
from bot.states.planning import elsewhere
from bot.step import Say, Step, say
from bot.understanding.meaning import Expecting, When


@dataclass(frozen=True)
class AskingWhen(ChoosingSlot):
    """We know what and where, and nothing of the time: whoever is in a hurry takes one of the next."""

    expecting = Expecting.WHEN

    @property
    def question(self) -> Say:
        if not self.offers:
            return say("no_times")
        if len(self.draft.shops) > 1:
            return say("ask_when_at_several", jobs=self.jobs, shops=self.draft.shops)
        return say("ask_when", jobs=self.jobs, shops=self.draft.shops)

    @property
    def rephrased(self) -> Say:
        return say("ask_when_again")

    @property
    def search(self) -> FindSlots:
        return FindSlots(self.draft.services, tuple(shop.id for shop in self.draft.shops), When(soonest=True))

    def instead(self, nothing: NothingFree) -> Step:
        return states.ChoosingSlot(self.draft).instead(nothing)

    def look(self, when: When, *, near: datetime | None = None) -> Step:
        return states.ChoosingSlot(self.draft).look(when, near=near)

    def back(self) -> Step:
        return elsewhere(self.draft)
