"""The last question before an appointment is cancelled."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from bot import states
from bot.commands import CancelBooking
from bot.events import Cancelled, Event, Said
from bot.facts import Booking, token
from bot.negotiating import fits
from bot.states.booking import entering, onward
from bot.states.courtesy import Courteous
from bot.step import Option, Say, Step, option, say
from bot.understanding.meaning import Expecting, Intent


@dataclass(frozen=True)
class ConfirmingCancel(Courteous):
    """Cancelling cannot be taken back: the time may be somebody else's a second later."""

    expecting = Expecting.CONFIRM_CANCEL
    keeps: ClassVar[frozenset[Intent]] = frozenset({Intent.CANCEL, Intent.RESCHEDULE, Intent.ABORT, Intent.BACK})

    booking: Booking = field(kw_only=True)

    @property
    def question(self) -> Say:
        return say("confirm_cancel", start=self.booking.start, jobs=self.booking.jobs, shop=self.booking.shop)

    @property
    def rephrased(self) -> Say:
        return say("confirm_cancel_again", start=self.booking.start)

    @property
    def choices(self) -> tuple[Option, ...]:
        return (
            option(self._yes, "choice_cancel"),
            option(self._no, "choice_keep"),
            option(self._move, "choice_move"),
        )

    @property
    def anchors(self) -> tuple[datetime, ...]:
        return (self.booking.start,)

    def attend(self, event: Event) -> Step | None:
        match event:
            case Cancelled(booking):
                cancelled = say("cancelled", start=booking.start, shop=booking.shop)
                if self.draft.underway:
                    return onward(self.draft, cancelled)
                return entering(states.AskingReason(self.draft, booking=booking), cancelled)
            case Said() if event.picked == self._move or event.wants(Intent.RESCHEDULE):
                return states.AskingNewTime.open(self.draft, self.booking, event.meaning.when)
            case Said() if event.picked == self._no or event.wants(Intent.DENY, Intent.ABORT, Intent.BACK):
                return onward(self.draft, say("kept", start=self.booking.start, shop=self.booking.shop))
            case Said() if event.picked == self._yes or event.wants(Intent.AFFIRM, Intent.CANCEL):
                return Step(self, ask=CancelBooking(self.booking.id))
            case Said() if event.meaning.when and not fits(event.meaning.when, self.booking.start):
                return states.AskingNewTime.open(self.draft, self.booking, event.meaning.when)
            case _:
                return None

    @property
    def _yes(self) -> str:
        return token("cancel", self.booking.id)

    @property
    def _no(self) -> str:
        return token("keep", self.booking.id)

    @property
    def _move(self) -> str:
        return token("move", self.booking.id)
