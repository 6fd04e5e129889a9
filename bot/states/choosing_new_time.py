"""Which of the free times instead."""

from dataclasses import dataclass, field, replace
from typing import ClassVar, Self

from bot import states
from bot.commands import FindSlots, MoveBooking
from bot.events import Event, Moved, Said
from bot.facts import Booking, Offer
from bot.negotiating import fits
from bot.states.booking import entering, onward
from bot.states.offering import Offering
from bot.step import Say, Step, say
from bot.understanding.dates import narrowed
from bot.understanding.meaning import Intent, Understanding, When


@dataclass(frozen=True)
class ChoosingNewTime(Offering):
    """We looked into the calendar for an appointment that exists; what is picked becomes its time at once.

    `adding` are services (codes) that are to be done too, wherever it moves.
    """

    keeps: ClassVar[frozenset[Intent]] = frozenset({Intent.RESCHEDULE, Intent.ABORT})

    booking: Booking = field(kw_only=True)
    wish: When | None = None
    adding: tuple[str, ...] = ()

    @property
    def question(self) -> Say:
        if not self.offers:
            return say("no_new_times", start=self.booking.start)
        if self.second_best:
            return say("pick_instead")
        if len(self.offers) == 1:
            return say("move_to_this", new=self.offers[0].start, start=self.booking.start, shop=self.booking.shop)
        return say("pick_a_new_time", start=self.booking.start, shop=self.booking.shop)

    @property
    def when(self) -> When | None:
        return self.wish

    @property
    def search(self) -> FindSlots:
        codes = (*(job.code for job in self.booking.jobs), *self.adding)
        return FindSlots(
            codes,
            (self.booking.shop.id,),
            self.wish,
            moving=self.booking.id,
            instead_of=None if self.adding else self.booking.start,
            near=self.near,
        )

    def wishing(self, when: When) -> Self:
        return replace(self, wish=when)

    def attend(self, event: Event) -> Step | None:
        match event:
            case Moved(booking):
                moved = say("moved", booking=booking, shop=booking.shop)
                return onward(self.draft, moved) if self.draft.underway else states.Idle.after(booking, moved)
            case Said() if event.wants(Intent.ABORT):
                return onward(self.draft, say("kept", start=self.booking.start, shop=self.booking.shop))
            case _:
                return super().attend(event) or self._look_again(event)

    def _look_again(self, event: Event) -> Step | None:
        if isinstance(event, Said) and event.meaning.when:
            return self.look(narrowed(self.wish or When(), event.meaning.when))
        return None

    def take(self, offer: Offer, said: Understanding) -> Step:
        if self.second_best and said.when and said.clock is None and said.number is None:
            # A day alone, after nothing was free as wished: which time of it they shall say, for this moves at once.
            return self.look(narrowed(self.wish or When(), said.when))
        if said.when and not fits(said.when, offer.start) and Intent.AFFIRM not in said.intents:
            # The weekday of another week than its next: who only says it again may not have seen the date.
            if self.misses:
                return self.look(said.when)  # A third time: then it is the next one that they mean.
            return entering(replace(self, offers=(offer,), misses=self.misses + 1))
        return Step(self, ask=MoveBooking(self.booking.id, offer.slot))

    def back(self) -> Step:
        return entering(states.AskingNewTime(self.draft, booking=self.booking))
