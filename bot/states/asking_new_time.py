"""When instead."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from bot import states
from bot.draft import Draft
from bot.events import Event, Said
from bot.facts import Booking, token
from bot.negotiating import also_of_its_week
from bot.states.booking import entering, onward
from bot.states.courtesy import Courteous
from bot.step import Option, Say, Step, option, say
from bot.understanding.meaning import Expecting, Intent, When

SOONEST = token("soonest")


@dataclass(frozen=True)
class AskingNewTime(Courteous):
    """An appointment is to be moved; until a new time is picked, the old one stands."""

    expecting = Expecting.WHEN
    keeps: ClassVar[frozenset[Intent]] = frozenset({Intent.RESCHEDULE, Intent.ABORT})

    booking: Booking = field(kw_only=True)

    @classmethod
    def open(cls, draft: Draft, booking: Booking, when: When | None, *, near: datetime | None = None) -> Step:
        """Look at once when a time was said, ask otherwise; `near` that moment if it is to be only a bit different."""
        asking = cls(draft, booking=booking)
        return asking._looking(when, near) if when else entering(asking)

    @property
    def question(self) -> Say:
        return say("ask_new_time", start=self.booking.start, jobs=self.booking.jobs)

    @property
    def choices(self) -> tuple[Option, ...]:
        return (option(SOONEST, "choice_soonest"),)

    @property
    def anchors(self) -> tuple[datetime, ...]:
        return (self.booking.start,)

    def attend(self, event: Event) -> Step | None:
        match event:
            case Said() if event.wants(Intent.ABORT):
                return onward(self.draft, say("kept", start=self.booking.start, shop=self.booking.shop))
            case Said() if event.meaning.when:
                return self._looking(event.meaning.when)
            case Said() if event.picked or event.meaning.skipped:
                return self.ease()
            case _:
                return None

    def _looking(self, when: When, near: datetime | None = None) -> Step:
        wish = also_of_its_week(when, self.booking.start)
        choosing = states.ChoosingNewTime(self.draft, booking=self.booking, wish=wish, near=near)
        return Step(choosing, ask=choosing.search)

    def ease(self) -> Step:
        return self._looking(When(soonest=True))
