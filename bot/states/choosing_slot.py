"""Which of the free times."""

from dataclasses import dataclass, replace
from typing import Self

from bot.commands import FindSlots, HoldSlot
from bot.events import Event, Refused, SlotHeld, SlotsFound
from bot.facts import Offer
from bot.states.booking import proceed
from bot.states.offering import Offering
from bot.states.planning import Planning, from_the_start
from bot.step import Say, Step, say
from bot.understanding.meaning import Understanding, When


@dataclass(frozen=True)
class ChoosingSlot(Offering, Planning):
    """We looked into the calendar for a new appointment; what is picked is held at once."""

    @property
    def question(self) -> Say:
        if not self.offers:
            return say("no_times")
        if self.second_best:
            return say("pick_instead")
        return say("pick_a_time", jobs=self.jobs, shops=self.draft.shops)

    @property
    def when(self) -> When | None:
        return self.draft.when

    @property
    def search(self) -> FindSlots:
        return FindSlots(
            self.draft.services, tuple(shop.id for shop in self.draft.shops), self.draft.when, near=self.near
        )

    def wishing(self, when: When) -> Self:
        return replace(self, draft=replace(self.draft, when=when))

    def attend(self, event: Event) -> Step | None:
        match event:
            case SlotsFound(offers=(offer,), exact=True) if self.eager:
                return Step(self, ask=HoldSlot(offer.slot))
            case SlotHeld(held, client):
                draft = replace(self.draft.meeting(client), held=held)
                return proceed(draft, say("held", start=held.start, until=held.until, shop=held.shop))
            case Refused("unknown_service"):
                return from_the_start(self.draft, say("unknown_service"))
            case _:
                return super().attend(event) or Planning.attend(self, event)

    def take(self, offer: Offer, said: Understanding) -> Step:
        """Hold the offer, and learn what else was said with it, but not its time: that is in the offer."""
        draft = self.draft.hearing(replace(said, when=None))
        if draft.services != self.draft.services or not draft.shops:
            return proceed(draft)
        return Step(replace(self, draft=draft), ask=HoldSlot(offer.slot))

    def back(self) -> Step:
        return proceed(replace(self.draft, when=None))
