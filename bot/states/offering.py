"""What offering times for a new and for a moved appointment have in common."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from bot.commands import FindSlots
from bot.events import Event, NothingFree, Refused, Said, SlotsFound
from bot.facts import Job, Offer, token
from bot.negotiating import either, fits, pivot, same_day, shifted, such_a_day_after
from bot.states.booking import entering
from bot.states.courtesy import Courteous
from bot.step import Option, Say, Step, option, say
from bot.table import day_without, of_several_weeks, on_that_day, picked_offer, refused
from bot.understanding.dates import narrowed
from bot.understanding.meaning import Expecting, Grain, Intent, Shift, Understanding, When

OTHERS = token("other times")

_THAT_DAY = {Shift.EARLIER: Shift.EARLIER_THAT_DAY, Shift.LATER: Shift.LATER_THAT_DAY}


@dataclass(frozen=True)
class Offering(Courteous):
    """Some free times are on the table; the customer takes one or says what would be better.

    `eager` lets us take the very time that was asked for without asking back; not a second time, once it was lost.
    `second_best` says that the offers are not what was asked for, only near it. `near` is what they should be next to.
    """

    expecting = Expecting.SLOT

    offers: tuple[Offer, ...] = ()
    jobs: tuple[Job, ...] = ()
    eager: bool = True
    second_best: bool = False
    near: datetime | None = None

    @property
    @abstractmethod
    def when(self) -> When | None: ...

    @property
    @abstractmethod
    def search(self) -> FindSlots: ...

    @abstractmethod
    def wishing(self, when: When) -> Self:
        """This state with another wish."""

    @abstractmethod
    def take(self, offer: Offer, said: Understanding) -> Step: ...

    @property
    def choices(self) -> tuple[Option, ...]:
        several = len(self.search.shops) > 1
        times = tuple(_at_shop(offer) if several else _at_time(offer) for offer in self.offers)
        return (*times, option(OTHERS, "choice_other_times")) if self.offers else ()

    @property
    def anchors(self) -> tuple[datetime, ...]:
        return tuple(offer.start for offer in self.offers)

    @property
    def rephrased(self) -> Say:
        return say("pick_a_number") if self.offers else self.question

    def attend(self, event: Event) -> Step | None:
        match event:
            case SlotsFound(offers, jobs):
                empty = day_without(self.when, offers) if self.near is None else None
                why = (say("nothing_on", day=empty),) if empty else ()
                return entering(replace(self, offers=offers, jobs=jobs, second_best=False), *why)
            case NothingFree():
                return self.instead(event)
            case Refused("slot_taken" | "not_bookable"):
                return Step(replace(self, eager=False), (say("slot_taken"),), self.search)
            case Said():
                return self._negotiate(event)
            case _:
                return None

    def _negotiate(self, said: Said) -> Step | None:
        if self.offers and refused(said.meaning.when, self.offers) == [*self.anchors]:
            return self.look(shifted(self.when, self.anchors, Shift.OTHER_DAY), near=self.anchors[0])
        if (another := self._another_such_day(said)) is not None:
            return self.look(another)
        if shift := self._shift_that_day(said):
            return self._look_beside(shift)
        if days := of_several_weeks(self.offers, said):
            return self._among(days, said.meaning)
        if offer := picked_offer(self.offers, said):
            return self.take(offer, said.meaning)
        alone = self.learning(replace(said.meaning, when=None)) == self
        if alone and (when := on_that_day(said.meaning.when, self.offers, self.near)):
            return self.look(narrowed(self.when or When(), when), near=self.near)
        if shift := self._shift(said):
            return self._look_beside(shift)
        if said.meaning.number is not None and said.meaning.clock and self.offers:
            times = ((said.meaning.clock, said.meaning.clock),)  # "10" of four times is ten o'clock.
            return self.look(narrowed(self.when or When(), When(times=times)), near=self.near)
        if said.meaning.number is not None:
            return entering(replace(self, misses=self.misses + 1), say("pick_one_of_these"))
        if said.wants(Intent.AFFIRM) and self.offers and self.learning(said.meaning) == self:
            return entering(replace(self, misses=self.misses + 1), say("which_one"))
        return None

    def _another_such_day(self, said: Said) -> When | None:
        """A weekday we offer that may be meant of another week: "no, Thursday", or when a week was wished for."""
        when = said.meaning.when
        if said.picked or when is None or when.loose is not Grain.WEEK or said.meaning.clock:
            return None
        weekdays = {window.start.isoweekday() for window in when.windows if window.start}
        named = [offer.start for offer in self.offers if offer.start.isoweekday() in weekdays]
        if said.wants(Intent.DENY) and len(named) == len(self.offers) > 0:
            return such_a_day_after(named[-1], weekdays)
        meant = narrowed(self.when or When(), when)
        doubtful = len(named) == 1 and fits(when, named[0]) and not fits(meant, named[0])
        return either(same_day(named[0]), meant) if doubtful else None

    def _among(self, days: Sequence[datetime], said: Understanding) -> Step:
        """Which of these days is meant, or what is free on each of them if no time was said."""
        if said.clock or said.when is None:
            return entering(replace(self, misses=self.misses + 1), say("which_one"))
        windows = tuple(window for day in days for window in same_day(day).windows)
        return self.look(narrowed(self.when or When(), replace(said.when, windows=windows, loose=None)))

    def _shift(self, said: Said) -> Shift | None:
        if said.picked == OTHERS:
            return Shift.OTHER_TIME
        if said.meaning.shift is Shift.OTHER_WORKSHOP or said.meaning.when or self.learning(said.meaning) != self:
            return None
        return said.meaning.shift or (Shift.OTHER_TIME if said.wants(Intent.DENY) and self.offers else None)

    def _shift_that_day(self, said: Said) -> Shift | None:
        """ "Later today", where all times on the table are of today: others than those, and of that day."""
        when = said.meaning.when
        if when is None or when.times or self.learning(replace(said.meaning, when=None)) != self:
            return None
        known = bool(self.offers) and all(fits(when, offer.start) for offer in self.offers)
        return _THAT_DAY.get(said.meaning.shift) if known and said.meaning.shift else None

    def _look_beside(self, shift: Shift) -> Step:
        """Search for other times than those on the table."""
        return self.look(shifted(self.when, self.anchors, shift), near=pivot(self.anchors, shift))

    def instead(self, nothing: NothingFree) -> Step:
        """Show what is nearest. The time of day brought no luck and is not held against the next wish."""
        when = replace(self.when, times=()) if self.when else When()
        showing = replace(self.wishing(when), offers=nothing.alternatives, jobs=nothing.jobs, second_best=True)
        return entering(showing, why_not(nothing))

    def look(self, when: When, *, near: datetime | None = None) -> Step:
        """Search again for another wish."""
        wishing = replace(self.wishing(when), near=near, eager=True)
        return Step(wishing, ask=wishing.search)


def _at_time(offer: Offer) -> Option:
    return option(offer.token, "choice_time", start=offer.start)


def _at_shop(offer: Offer) -> Option:
    return option(offer.token, "choice_time_at", start=offer.start, shop=offer.shop)


def why_not(nothing: NothingFree) -> Say:
    """Why nothing is free then; what the calendar cannot put on one day is simply full."""
    shop, jobs, day = nothing.shop, nothing.jobs, nothing.day
    match nothing.reason:
        case "past":
            return say("why_past")
        case "notice":
            return say("why_notice", shop=shop)
        case "horizon":
            return say("why_horizon", shop=shop)
        case "season":
            return say("why_season", jobs=jobs)
        case "too_long":
            return say("why_too_long", jobs=jobs)
        case "not_offered":
            return say("why_not_offered", shop=shop, jobs=jobs)
        case "not_that_day" if nothing.hours:
            return say("why_not_that_day", shop=shop, jobs=jobs, hours=nothing.hours)
        case "holiday" if day:
            return say("why_holiday", shop=shop, day=day, detail=nothing.detail or "")
        case "closure" if day:
            return say("why_closure", shop=shop, day=day, detail=nothing.detail or "")
        case "closed" if day and nothing.hours:
            return say("why_closed", shop=shop, day=day, hours=nothing.hours)
        case _ if day:
            return say("why_full_on", shop=shop, day=day)
        case _:
            return say("why_full", shop=shop)
