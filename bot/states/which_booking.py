"""What finding the appointment to cancel or to move has in common."""

from abc import abstractmethod
from dataclasses import dataclass, replace

from bot import states
from bot.commands import FindBookings, LookUp, Topic
from bot.draft import Draft
from bot.events import BookingsFound, Event, Said
from bot.facts import Booking
from bot.negotiating import fits
from bot.states.booking import entering
from bot.states.courtesy import Courteous, missed
from bot.step import Option, Step, option, say
from bot.understanding.dates import narrowed
from bot.understanding.meaning import Expecting, Understanding, When


@dataclass(frozen=True)
class WhichBooking(Courteous):
    """The customer may have several appointments. `when` is what they said of a time, `services` of the work."""

    expecting = Expecting.WHICH_APPOINTMENT

    bookings: tuple[Booking, ...] = ()
    code: str | None = None
    services: tuple[str, ...] = ()
    when: When | None = None

    @classmethod
    def open(cls, draft: Draft, said: Understanding) -> Step:
        return Step(cls(draft, code=said.code, services=said.services, when=said.when), ask=FindBookings())

    @abstractmethod
    def chosen(self, booking: Booking) -> Step:
        """What is to happen with the appointment."""

    @property
    def choices(self) -> tuple[Option, ...]:
        return tuple(
            option(booking.token, "choice_booking", start=booking.start, jobs=booking.jobs) for booking in self.bookings
        )

    def attend(self, event: Event) -> Step | None:
        match event:
            case BookingsFound(bookings=()):
                return states.AskingProof.seeking(self.draft, self.code)
            case BookingsFound(bookings) if self.code and self.code not in {booking.code for booking in bookings}:
                return states.AskingProof.seeking(self.draft, self.code)
            case BookingsFound(bookings):
                return self._narrow(bookings)
            case Said(picked=str(picked)):
                return self._narrow(tuple(booking for booking in self.bookings if booking.token == picked))
            case Said(meaning=meaning) if self.bookings and (meaning.code or meaning.services or meaning.when):
                return self._told_apart(meaning)
            case _:
                return None

    def _told_apart(self, said: Understanding) -> Step:
        """Which they mean by what they say now; what fits all or none is about what is to become of it."""
        naming = replace(self, code=said.code, services=said.services, when=said.when)
        meant = tuple(filter(naming._is_meant, self.bookings))
        if 0 < len(meant) < len(self.bookings):
            return self._narrow(meant)
        return missed(self.noting(said), say("got_it"))

    def noting(self, said: Understanding) -> "WhichBooking":
        return replace(
            self,
            code=said.code or self.code,
            services=said.services or self.services,
            when=narrowed(self.when, said.when) if self.when and said.when else said.when or self.when,
        )

    def _narrow(self, bookings: tuple[Booking, ...]) -> Step:
        meant = tuple(booking for booking in bookings if self._is_meant(booking)) or bookings
        if len(meant) > 1:
            return entering(replace(self, bookings=meant))
        [booking] = meant
        if not booking.changeable:
            too_late = say("too_late", booking=booking, shop=booking.shop)
            return Step(states.WithPerson(self.draft), (too_late,), LookUp(Topic.PERSON, shops=(booking.shop.id,)))
        return self.chosen(booking)

    def _is_meant(self, booking: Booking) -> bool:
        if self.code:
            return booking.code == self.code
        at_the_time = self.when is None or fits(self.when, booking.start)
        return at_the_time and set(self.services) <= {job.code for job in booking.jobs}
