"""Which appointment more is to be done at."""

from dataclasses import dataclass, field

from bot import states
from bot.commands import FindBookings
from bot.draft import Draft
from bot.events import BookingsFound, Event
from bot.facts import Booking
from bot.states.booking import proceed
from bot.states.which_booking import WhichBooking
from bot.step import Say, Step, say
from bot.understanding.meaning import Understanding


@dataclass(frozen=True)
class WhichToExtend(WhichBooking):
    """More work is wanted (`adding`, service codes) by somebody who may have an appointment it could join.

    `alone` is what it would be as an appointment of its own.
    """

    adding: tuple[str, ...] = ()
    alone: Draft = field(default_factory=Draft)

    @classmethod
    def extending(cls, draft: Draft, said: Understanding) -> Step:
        """Look for the appointment they mean; a time that was said is that of the appointment."""
        asking = cls(draft, code=said.code, when=said.when, adding=said.services, alone=draft.hearing(said))
        return Step(asking, ask=FindBookings())

    @property
    def question(self) -> Say:
        return say("ask_which_to_extend")

    def attend(self, event: Event) -> Step | None:
        match event:
            case BookingsFound(bookings) if not any(map(self._is_meant, bookings)):
                return proceed(self.alone)
            case _:
                return super().attend(event)

    def chosen(self, booking: Booking) -> Step:
        return states.ConfirmingExtension.open(self.draft, booking, self.adding, self.alone)
