"""Whose the appointment is that was made elsewhere."""

from dataclasses import dataclass, replace

from bot import states
from bot.commands import ClaimBooking, FindBookings
from bot.draft import Draft
from bot.events import BookingsFound, CodeSent, Event, Joined, Refused, Said
from bot.facts import Booking
from bot.states.booking import entering, onward
from bot.states.courtesy import Courteous, missed
from bot.states.showing import listed
from bot.step import Say, Step, say
from bot.understanding.meaning import Expecting, Intent, Understanding


@dataclass(frozen=True)
class AskingProof(Courteous):
    """They named the code of an appointment we do not know them by; one thing more must fit.

    What we say is the same whether there is such an appointment or not. `told` is what they said along with the code.
    """

    expecting = Expecting.CODE

    code: str = ""
    told: tuple[str, ...] = ()

    @classmethod
    def open(cls, draft: Draft, said: Understanding) -> Step:
        return Step(cls(draft, code=said.code or "", told=_facts(said)), ask=FindBookings())

    @classmethod
    def seeking(cls, draft: Draft, code: str | None) -> Step:
        """For an appointment that is not among those we know of this customer."""
        return entering(cls(draft, code=code)) if code else onward(draft, *listed(()))

    @property
    def question(self) -> Say:
        return say("ask_proof")

    def attend(self, event: Event) -> Step | None:
        match event:
            case BookingsFound(bookings):
                return self._among(bookings) or (self._claiming(self.told) if self.told else entering(self))
            case Joined(bookings):
                return onward(self.draft, *listed(bookings))
            case CodeSent(channel):
                return entering(states.AskingCode(self.draft, channel=channel))
            case Refused():
                return missed(self, say("booking_not_found"))
            case Said(meaning=meaning) if (meaning.skipped and not _facts(meaning)) or event.wants(Intent.DENY):
                return onward(self.draft, say("never_mind"))
            case Said(meaning=meaning):
                found = replace(self, code=_booking_code(meaning) or self.code)
                return found._claiming((*_facts(meaning), meaning.text))
            case _:
                return None

    def ease(self) -> Step:
        return Step(self, (say("booking_not_found"), self.question))

    def _among(self, bookings: tuple[Booking, ...]) -> Step | None:
        mine = tuple(booking for booking in bookings if booking.code == self.code)
        return onward(self.draft, say("your_appointments", bookings=mine)) if mine else None

    def _claiming(self, told: tuple[str, ...]) -> Step:
        return Step(self, ask=ClaimBooking(self.code, told))


def _facts(said: Understanding) -> tuple[str, ...]:
    """All that was said of car and owner."""
    facts = (said.vehicle.plate, *said.plate_candidates, said.name, said.phone)
    return tuple(fact for fact in facts if fact)


def _booking_code(said: Understanding) -> str | None:
    """A booking's code, not the six digits of a proof."""
    return said.code if said.code and "-" in said.code else None
