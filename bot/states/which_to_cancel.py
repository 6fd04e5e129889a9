"""Which appointment to cancel."""

from dataclasses import dataclass

from bot import states
from bot.commands import ReleaseHolds
from bot.events import BookingsFound, Event
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

    def attend(self, event: Event) -> Step | None:
        """Where nothing is booked yet, it is the booking under way that is called off."""
        match event:
            case BookingsFound(bookings=()) if self.draft.underway and not self.code:
                return Step(states.Idle(), (say("aborted"),), ReleaseHolds())
            case _:
                return super().attend(event)

    def chosen(self, booking: Booking) -> Step:
        return entering(states.ConfirmingCancel(self.draft, booking=booking))
