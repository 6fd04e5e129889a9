"""Which appointment to move."""

from dataclasses import dataclass

from bot import states
from bot.facts import Booking
from bot.negotiating import fits
from bot.states.which_booking import WhichBooking
from bot.step import Say, Step, say


@dataclass(frozen=True)
class WhichToMove(WhichBooking):
    """An appointment is to be moved, and there are several.

    A time that was said is the new one, unless the appointment already has it.
    """

    @property
    def question(self) -> Say:
        return say("ask_which_to_move")

    def chosen(self, booking: Booking) -> Step:
        when = None if self.when is None or fits(self.when, booking.start) else self.when
        return states.AskingNewTime.open(self.draft, booking, when)
