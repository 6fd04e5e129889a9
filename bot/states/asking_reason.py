"""Why the appointment was cancelled, for whoever likes to say."""

from dataclasses import dataclass, field

from bot import states
from bot.commands import NoteReason
from bot.events import Done, Event, Said
from bot.facts import Booking, token
from bot.states.courtesy import Courteous
from bot.step import Option, Say, Step, option, say
from bot.understanding.meaning import Intent

TIME, DONE, NOTHING = (token("reason", which) for which in ("time", "done", "nothing"))
_REASONS = {TIME: "no time", DONE: "no longer needed"}
_WISHES = (Intent.BOOK, Intent.AVAILABILITY)
_PLEASANTRIES = frozenset({Intent.THANKS, Intent.GOODBYE, Intent.GREET, Intent.AFFIRM})


@dataclass(frozen=True)
class AskingReason(Courteous):
    """It is cancelled already: whatever else they would rather talk about comes first."""

    keeps = frozenset({Intent.CANCEL, Intent.ABORT})

    booking: Booking = field(kw_only=True)

    @property
    def question(self) -> Say:
        return say("ask_reason")

    @property
    def choices(self) -> tuple[Option, ...]:
        return (option(TIME, "choice_no_time"), option(DONE, "choice_not_needed"), option(NOTHING, "choice_no_reason"))

    def attend(self, event: Event) -> Step | None:
        match event:
            case Done():
                return self._elsewhere(say("reason_noted"))
            case Said(picked=str(picked)):
                return self._noting(_REASONS[picked]) if picked in _REASONS else self._elsewhere(say("never_mind"))
            case Said() if event.meaning.skipped or event.meaning.text.strip() == "":
                return self._elsewhere(say("never_mind"))
            case Said() if event.meaning.services or event.meaning.number or event.wants(*_WISHES):
                return self._elsewhere().goto.hear(event)
            case Said() if event.meaning.intents and _PLEASANTRIES.issuperset(event.meaning.intents):
                return states.Idle(self.draft).hear(event)
            case Said():
                return self._noting(event.meaning.text)
            case _:
                return None

    def resume(self, *says: Say) -> Step:
        """After a digression we do not come back to it."""
        return self._elsewhere(*says)

    def _noting(self, reason: str) -> Step:
        return Step(self, ask=NoteReason(self.booking.id, reason))

    def _elsewhere(self, *says: Say) -> Step:
        return states.Idle.instead(self.booking, *says)
