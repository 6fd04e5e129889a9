"""The last question before more is done at an appointment."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from bot import states
from bot.commands import AddServices, FindSlots
from bot.draft import Draft
from bot.events import Event, Extended, NothingFree, Refused, Said, SlotsFound
from bot.facts import Booking, Job, Offer, token
from bot.negotiating import exactly
from bot.states.booking import entering, onward, proceed
from bot.states.courtesy import Courteous
from bot.step import Option, Say, Step, option, say
from bot.understanding.meaning import Expecting, Intent, Shift


@dataclass(frozen=True)
class ConfirmingExtension(Courteous):
    """We looked whether the time after the appointment is free for `adding` too; if not, all of it may move.

    `offer` is the visit as it would be, `jobs` all that would be done. `alone` is what the new work would be as an
    appointment of its own.
    """

    expecting = Expecting.CONFIRM
    keeps: ClassVar[frozenset[Intent]] = frozenset({Intent.ABORT, Intent.BACK})

    booking: Booking = field(kw_only=True)
    adding: tuple[str, ...] = ()
    alone: Draft = field(default_factory=Draft)
    offer: Offer | None = None
    jobs: tuple[Job, ...] = ()

    @classmethod
    def open(cls, draft: Draft, booking: Booking, adding: tuple[str, ...], alone: Draft) -> Step:
        """Look into the calendar, unless there is nothing new to do."""
        booked = {job.code for job in booking.jobs}
        adding = tuple(code for code in adding if code not in booked)
        if not adding:
            return onward(draft, say("included_already", booking=booking))
        asking = cls(draft, booking=booking, adding=adding, alone=alone)
        return Step(asking, ask=asking.search)

    @property
    def search(self) -> FindSlots:
        codes = (*(job.code for job in self.booking.jobs), *self.adding)
        return FindSlots(codes, (self.booking.shop.id,), exactly(self.booking.start), moving=self.booking.id)

    @property
    def question(self) -> Say:
        new = self._new
        price = sum(job.price for job in self.jobs)
        return say("confirm_extension", jobs=new, start=self.booking.start, end=self._end, price=price)

    @property
    def choices(self) -> tuple[Option, ...]:
        return (
            option(self._yes, "choice_extend"),
            option(self._alone, "choice_separately"),
            option(self._no, "choice_leave"),
        )

    def attend(self, event: Event) -> Step | None:
        match event:
            case SlotsFound(offers=(offer, *_), jobs=jobs):
                return entering(replace(self, offer=offer, jobs=jobs))
            case NothingFree(jobs=jobs):
                new = replace(self, jobs=jobs)._new
                moving = replace(self._moving, offers=event.alternatives, jobs=jobs, second_best=True)
                return entering(moving, say("does_not_fit", jobs=new, start=self.booking.start))
            case Extended(booking):
                return onward(self.draft, say("extended", booking=booking, shop=booking.shop))
            case Refused("slot_taken" | "not_bookable"):
                return Step(self, ask=self.search)
            case Said():
                return self._answer(event)
            case _:
                return None

    def _answer(self, said: Said) -> Step | None:
        if said.picked == self._no or said.wants(Intent.DENY, Intent.ABORT, Intent.BACK):
            return onward(self.draft, say("kept", start=self.booking.start, shop=self.booking.shop))
        if said.picked == self._alone:
            return proceed(replace(self.alone, when=None))
        if said.meaning.shift is Shift.OTHER_WORKSHOP:
            return proceed(replace(self.alone, when=said.meaning.when))
        if self.offer and (said.picked == self._yes or said.wants(Intent.AFFIRM)):
            return Step(self, ask=AddServices(self.booking.id, self.offer.slot))
        return self._moving.look(said.meaning.when) if said.meaning.when else None

    @property
    def _moving(self) -> "states.ChoosingNewTime":
        """All of it at another time; until one is picked, the appointment stays as it is."""
        return states.ChoosingNewTime(self.draft, booking=self.booking, adding=self.adding)

    @property
    def _new(self) -> tuple[Job, ...]:
        return tuple(job for job in self.jobs if job.code in self.adding)

    @property
    def _end(self) -> datetime:
        slot = self.offer.slot if self.offer else None
        return self.booking.start + (slot.end - slot.start) if slot else self.booking.start

    @property
    def _yes(self) -> str:
        return token("extend", self.booking.id)

    @property
    def _alone(self) -> str:
        return token("separately", self.booking.id)

    @property
    def _no(self) -> str:
        return token("leave", self.booking.id)
