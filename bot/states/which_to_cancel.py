"""Which appointment to cancel."""

from dataclasses import dataclass

from bot import states
from bot.facts import Booking
from bot.states.booking import entering
from bot.states.which_booking import WhichBooking
from bot.step import Say, Step, say


@dataclass(frozen=True)
class WhichToCancel(WhichBooking):
    """An appointment is to be cancelled, and there are several."""

    @property
    def question(self) -> Say:
        return say("ask_which_to_cancel")

    def chosen(self, booking: Booking) -> Step:
        return entering(states.ConfirmingCancel(self.draft, booking=booking))
