"""Which appointments there are."""

from dataclasses import dataclass

from bot.commands import FindBookings
from bot.draft import Draft
from bot.events import BookingsFound, Event
from bot.facts import Booking
from bot.states.booking import onward
from bot.states.courtesy import Courteous
from bot.step import Say, Step, say


@dataclass(frozen=True)
class Showing(Courteous):
    """An errand: look it up, say it, and go on where we were."""

    @classmethod
    def open(cls, draft: Draft) -> Step:
        return Step(cls(draft), ask=FindBookings())

    @property
    def question(self) -> Say:
        return say("how_can_i_help")

    def attend(self, event: Event) -> Step | None:
        match event:
            case BookingsFound(bookings, waits):
                waiting = (say("you_wait", waits=waits),) if waits else ()
                return onward(self.draft, *listed(bookings), *waiting)
            case _:
                return None


def listed(bookings: tuple[Booking, ...]) -> tuple[Say, ...]:
    """The customer's appointments; whoever has none may have made it elsewhere."""
    return (say("your_appointments", bookings=bookings),) if bookings else (say("no_appointments"), say("send_code"))
