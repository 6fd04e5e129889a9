"""What all the pages of a booking have in common: they take whatever is said and go to what is still missing."""

from abc import abstractmethod
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from bot import states
from bot.commands import FindShops
from bot.draft import Draft
from bot.events import Event, Said
from bot.states.booking import another_time, entering, proceed
from bot.states.courtesy import Courteous
from bot.states.staying import welcomed
from bot.step import Say, State, Step, say
from bot.understanding.meaning import Expecting, Intent, Shift, Understanding


@dataclass(frozen=True)
class Planning(Courteous):
    """A page of the booking: news change the draft, and the draft decides where we go."""

    def attend(self, event: Event) -> Step | None:
        match event:
            case Said(meaning=Understanding(shift=Shift.OTHER_WORKSHOP)):
                return elsewhere(self.draft)
            case Said(meaning=Understanding(shift=Shift() as shift, when=None)) if self.draft.held:
                return another_time(self.draft, shift)
            case Said(meaning=meaning) if (draft := self.draft.hearing(meaning)) != self.draft:
                step = self.acknowledging(proceed(draft))
                return replace(step, say=(*welcomed(self.draft, draft), *step.say))
            case _:
                return None

    def acknowledging(self, step: Step) -> Step:
        """Where we still have to ask the same thing, say that what was told instead is not lost."""
        if type(step.goto) is not type(self) or self.expecting is Expecting.SLOT or step.goto.misses:
            return step
        return replace(step, say=(say("got_it"), *step.say))

    def left_alone(self, now: datetime) -> State | None:
        """What is wanted is not forgotten; the time that was kept has lapsed, and they are to know it."""
        if not self.draft.underway:
            return None
        lapsed = self.draft.held or self.draft.spare
        draft = replace(self.draft, when=None, held=None, spare=None, reassured=False, invited=False)
        return states.Idle(draft, lapsed=lapsed.start if lapsed else None)

    def learning(self, said: Understanding) -> Self:
        return replace(self, draft=self.draft.hearing(said))

    def resume(self, *says: Say) -> Step:
        return proceed(self.draft, *says)


@dataclass(frozen=True)
class AskingDetail(Planning):
    """A page that asks for something the customer need not tell."""

    def attend(self, event: Event) -> Step | None:
        match event:
            case Said(meaning=Understanding(skipped=True)) if self.learning(event.meaning) == self:
                return proceed(self.without())  # "Später" is about the answer here, not about the time.
            case Said() if event.wants(Intent.DENY):
                return super().attend(event) or proceed(self.without())
            case _:
                return super().attend(event)

    @abstractmethod
    def without(self) -> Draft:
        """The draft when the customer would rather not say."""

    def ease(self) -> Step:
        return proceed(self.without(), say("never_mind"))

    def back(self) -> Step:
        return another_time(self.draft, None)


def elsewhere(draft: Draft) -> Step:
    """The other workshop, if there is one; else the customer chooses, even where one is clearly the nearest."""
    draft = draft.staying_at_the_time()
    if len(draft.other_shops) == 1 and draft.shops:
        return proceed(replace(draft.looking_on(), shops=draft.other_shops))
    return Step(
        states.ChoosingWorkshop(replace(draft.looking_on(), shops=()), taking_nearest=False),
        ask=FindShops(draft.plz, draft.city, draft.services),
    )


def from_the_start(draft: Draft, *says: Say) -> Step:
    return entering(states.AskingService(replace(draft.looking_on(), services=(), spare=None)), *says)
