"""The last question before the appointment is made."""

from dataclasses import dataclass, replace

from bot import states
from bot.commands import Book, ReleaseHolds
from bot.draft import Draft
from bot.events import Booked, Event, Refused, Said
from bot.facts import Held, token
from bot.negotiating import such_a_day_after
from bot.states.booking import another_time, entering, for_another_car, for_more_cars, proceed
from bot.states.planning import Planning
from bot.states.staying import rule_of, welcomed
from bot.step import Option, Say, Step, option, say
from bot.understanding.meaning import Expecting, Intent, Vehicle


@dataclass(frozen=True)
class Confirming(Planning):
    """We read back what will be booked, and book on a yes."""

    expecting = Expecting.CONFIRM

    @classmethod
    def open(cls, draft: Draft, *says: Say) -> Step:
        """Read back, and say once that we would also write to an e-mail address."""
        welcome = (say("email_welcome"),) if draft.lacks_email else ()
        reading = cls(draft.declining("email") if draft.lacks_email else draft)
        return Step(reading, (*says, reading.question, *welcome))

    @property
    def held(self) -> Held:
        assert self.draft.held is not None  # noqa: S101 - we only come here with a time in hand.
        return self.draft.held

    @property
    def question(self) -> Say:
        held, draft = self.held, self.draft
        facts = {"jobs": held.jobs, "shop": held.shop, "start": held.start, "price": held.price, "name": draft.name}
        if draft.name is None:
            return say("read_back_unnamed", **facts)
        if draft.vehicle == Vehicle():
            return say("read_back", **facts)
        return say("read_back_with_car", car=draft.vehicle, **facts)

    @property
    def rephrased(self) -> Say:
        return say("read_back_again", start=self.held.start)

    @property
    def choices(self) -> tuple[Option, ...]:
        return (
            option(self._yes, "choice_book"),
            option(self._other, "choice_other_time"),
            option(self._no, "choice_abort"),
        )

    def attend(self, event: Event) -> Step | None:
        match event:
            case Booked(booking):
                done = say("booked", booking=booking, shop=booking.shop)
                rule = rule_of(booking, self.draft.stay)
                if (left := self.draft.cars - 1) and not self.draft.next_car:
                    return Step(states.Idle(for_more_cars(booking, left)), (done, *rule, say("offer_another_car")))
                if car := self.draft.next_car:
                    return Step(
                        states.Idle(for_another_car(booking, car)), (done, *rule, say("offer_next_car", car=car))
                    )
                return states.Idle.after(booking, done, *rule, car=self.draft.vehicle)
            case Refused("slot_taken" | "not_bookable"):
                return another_time(self.draft, None, say("slot_taken_late"), lost=True)
            case Said():
                return self._answer(event)
            case _:
                return None

    def _answer(self, said: Said) -> Step | None:
        draft = self.draft.hearing(said.meaning)
        if said.picked == self._no:
            return Step(states.Idle(), (say("aborted"),), ReleaseHolds())
        if said.picked == self._other:
            return another_time(self.draft, None)
        if said.meaning.shift or draft.held is None:
            return super().attend(said)
        if said.picked == self._yes or (said.wants(Intent.AFFIRM) and not said.wants(Intent.DENY)):
            return Step(
                replace(self, draft=draft),
                ask=Book(self.held.appointment, draft.name, draft.email, draft.vehicle, draft.stay),
            )
        if draft.next_car and draft.next_car != self.draft.next_car:
            return entering(replace(self, draft=draft), say("car_after_this", car=draft.next_car))
        if draft != self.draft:
            return proceed(draft, *welcomed(self.draft, draft))
        if said.meaning.skipped:  # "Weiter" is about the e-mail address, and no yes.
            return Step(self, (self.rephrased,))
        if said.wants(Intent.DENY, Intent.AVAILABILITY) and said.meaning.when and said.meaning.clock is None:
            return self._another_such_day()
        return entering(self, say("what_to_change")) if said.wants(Intent.DENY) else None

    def _another_such_day(self) -> Step:
        """Whoever says "no, Friday" or asks for a Friday, with one in hand, means the next one."""
        when = such_a_day_after(self.held.start)
        choosing = states.ChoosingSlot(replace(self.draft.looking_on(), when=when), eager=False)
        return Step(choosing, ask=choosing.search)

    def back(self) -> Step:
        return another_time(self.draft, None)

    @property
    def _yes(self) -> str:
        return token("book", self.held.appointment)

    @property
    def _other(self) -> str:
        return token("other", self.held.appointment)

    @property
    def _no(self) -> str:
        return token("abort", self.held.appointment)
