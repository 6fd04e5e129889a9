"""Which of the free times."""

from dataclasses import dataclass, replace
from typing import Self

from bot import states
from bot.commands import FindShops, FindSlots, HoldSlot, JoinWaitlist
from bot.draft import Draft
from bot.events import Done, Event, NothingFree, Refused, Said, SlotHeld, SlotsFound
from bot.facts import Held, Offer, token
from bot.states.booking import entering, proceed
from bot.states.offering import Offering
from bot.states.planning import Planning, from_the_start
from bot.states.staying import welcomed
from bot.step import Option, Say, Step, option, say
from bot.understanding.meaning import Understanding, When

WAIT = token("waiting list")


@dataclass(frozen=True)
class ChoosingSlot(Offering, Planning):
    """We looked into the calendar for a new appointment; what is picked is held at once.

    `full` is a wish that came too late, and that the customer may wait for.
    """

    full: When | None = None

    @property
    def question(self) -> Say:
        if not self.offers:
            return say("no_times")
        if self.second_best:
            return say("pick_instead")
        if len(self.draft.shops) > 1:
            return say("pick_a_time_at_several", jobs=self.jobs, shops=self.draft.shops)
        return say("pick_a_time", jobs=self.jobs, shops=self.draft.shops)

    @property
    def when(self) -> When | None:
        return self.draft.when

    @property
    def search(self) -> FindSlots:
        return FindSlots(
            self.draft.services, tuple(shop.id for shop in self.draft.shops), self.draft.when, near=self.near
        )

    @property
    def choices(self) -> tuple[Option, ...]:
        return (*super().choices, option(WAIT, "choice_wait")) if self.full else super().choices

    def wishing(self, when: When) -> Self:
        return replace(self, draft=replace(self.draft, when=when))

    def attend(self, event: Event) -> Step | None:
        match event:
            case SlotsFound(offers=(offer,), exact=True) if self.eager:
                return Step(self, ask=HoldSlot(offer.slot))
            case SlotHeld(held, client):
                return _with_the_time(self.draft.meeting(client).choosing(held), held)
            case SlotsFound(client=client):
                offering = replace(self, full=None, draft=self.draft.meeting(client))
                step = Offering.attend(offering, event)
                return step and offering.inviting(_reassuring(step))
            case Said(picked=picked) if picked == WAIT:
                return self.wait()
            case Done():
                return Step(states.Idle(), (say("waiting", shops=self.draft.shops),))
            case Refused("unknown_service"):
                return from_the_start(self.draft, say("unknown_service"))
            case _:
                return super().attend(event) or self._noting(event) or Planning.attend(self, event)

    def _noting(self, event: Event) -> Step | None:
        """Who they are and how they come changes none of the times on the table."""
        if not isinstance(event, Said) or event.meaning.shift or not self.offers:
            return None
        draft = self.draft.hearing(event.meaning)
        if draft == self.draft or draft.visit != self.draft.visit:
            return None
        return entering(replace(self, draft=draft), *(welcomed(self.draft, draft) or (say("got_it"),)))

    @property
    def asks_for_data(self) -> bool:
        return bool(self.offers) and self.draft.invited and self.draft.name is None

    def inviting(self, step: Step) -> Step:
        """Who we are to expect may be told with the time, which saves a question; said once."""
        if step.ask or self.draft.invited or self.draft.name:
            return step
        inviting = replace(step.goto, draft=replace(step.goto.draft, invited=True))
        wanted = say("tell_name_and_plate") if self.draft.lacks_vehicle else say("tell_name")
        return Step(inviting, (*step.say, wanted))

    def wait(self) -> Step:
        """On the list for what was full; for what is free nobody has to wait."""
        if self.full is None:
            return entering(self, say("still_free"))
        shops = tuple(shop.id for shop in self.draft.shops)
        return Step(self, ask=JoinWaitlist(self.draft.services, shops, self.full))

    def instead(self, nothing: NothingFree) -> Step:
        """What is full today may be free tomorrow: whoever insists may wait for it. Who does it, we can tell."""
        if nothing.reason == "not_offered":
            draft = replace(self.draft, plz=nothing.shop.plz, city=None, shops=(), nearby=())
            choosing = states.ChoosingWorkshop(draft, taking_nearest=False)
            return Step(choosing, ask=FindShops(draft.plz, None, draft.services))
        waiting = replace(self, full=self.when or When()) if nothing.reason == "full" else self
        return _reassuring(Offering.instead(waiting, nothing))

    def take(self, offer: Offer, said: Understanding) -> Step:
        """Hold the offer, and learn what else was said with it, but not its time: that is in the offer."""
        draft = self.draft.hearing(replace(said, when=None))
        if draft.services != self.draft.services or not draft.shops:
            return proceed(draft)
        return Step(replace(self, draft=draft), ask=HoldSlot(offer.slot))

    def resume(self, *says: Say) -> Step:
        """The same times again, as far as they are still free."""
        if self.near is None or not (self.offers and self.draft.shops):
            return super().resume(*says)
        return Step(replace(self, eager=False), says, self.search)

    def back(self) -> Step:
        if spare := self.draft.spare:
            kept = replace(self.draft.choosing(spare), shops=(spare.shop,))
            return proceed(kept, say("kept", start=spare.start, shop=spare.shop))
        return proceed(replace(self.draft, when=None))


def _reassuring(step: Step) -> Step:
    """Say once that the time they had chosen is still theirs."""
    draft = step.goto.draft
    if draft.spare is None or draft.reassured:
        return step
    kept = say("kept_meanwhile", start=draft.spare.start)
    return replace(step, goto=replace(step.goto, draft=replace(draft, reassured=True)), say=(*step.say, kept))


def _with_the_time(draft: Draft, held: Held) -> Step:
    """Say until when it is kept; which time at which workshop, the read-back says anyway."""
    step = proceed(draft)
    if isinstance(step.goto, states.Confirming):
        return replace(step, say=(say("held_until", until=held.until), *step.say))
    return replace(step, say=(say("held", start=held.start, until=held.until, shop=held.shop), *step.say))
