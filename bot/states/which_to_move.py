"""Which appointment to move."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot import states
from bot.commands import FindBookings
from bot.draft import Draft
from bot.events import BookingsFound, Event
from bot.facts import Booking
from bot.negotiating import BY_THE_TIME, at_that_time, exactly, fits, shifted
from bot.states.booking import proceed
from bot.states.which_booking import WhichBooking
from bot.step import Say, Step, say
from bot.understanding.meaning import Shift, Understanding


@dataclass(frozen=True)
class WhichToMove(WhichBooking):
    """An appointment is to be moved, and there are several.

    A time that was said is the new one, unless the appointment already has it. `alone` is what was said as a booking of
    its own, `offset` how much later than the old time the new one is, `same_time` that it is only on another day,
    `shift` that it is just to be earlier or later.
    """

    offset: timedelta | None = None
    same_time: bool = False
    shift: Shift | None = None
    alone: Draft = field(default_factory=Draft)

    @classmethod
    def open(cls, draft: Draft, said: Understanding) -> Step:
        asking = cls(
            draft,
            code=said.code,
            services=said.services,
            when=None if said.offset else said.when,
            offset=said.offset,
            same_time=said.same_time,
            shift=said.shift,
            alone=draft.hearing(said),
        )
        return Step(asking, ask=FindBookings())

    @property
    def question(self) -> Say:
        return say("ask_which_to_move")

    def attend(self, event: Event) -> Step | None:
        match event:
            case BookingsFound(bookings=(_, *_) as bookings) if self._is_new_work(bookings):
                return proceed(self.alone)
            case _:
                return super().attend(event)

    def _is_new_work(self, bookings: tuple[Booking, ...]) -> bool:
        """ "I need another appointment for the brakes" moves none for the tyres."""
        booked = {job.code for booking in bookings for job in booking.jobs}
        return bool(self.services) and self.code is None and booked.isdisjoint(self.services)

    def chosen(self, booking: Booking) -> Step:
        old = booking.start
        if self.offset:
            return states.AskingNewTime.open(self.draft, booking, exactly(old + self.offset))
        if self.when is None and self.shift in BY_THE_TIME:
            return states.AskingNewTime.open(self.draft, booking, shifted(None, [old], self.shift), near=old)
        when = None if self.when is None or fits(self.when, old) else self.when
        if when and self.same_time:
            when = at_that_time(when, old)
        return states.AskingNewTime.open(self.draft, booking, when)
