"""Nothing is going on."""

from dataclasses import astuple, dataclass, field, replace
from datetime import datetime

from bot import states
from bot.commands import NoteStay, Remember
from bot.events import Done, Event, Said
from bot.facts import Booking
from bot.negotiating import exactly, fits
from bot.states.booking import entering, for_another_car, instead_of, proceed
from bot.states.planning import Planning
from bot.states.staying import rule_of, welcomed
from bot.step import Say, Step, say
from bot.understanding.meaning import Intent, Understanding, Vehicle

_OTHER_MATTERS = (Intent.BOOK, Intent.GOODBYE, Intent.THANKS)


@dataclass(frozen=True)
class Idle(Planning):
    """Before the first word and after the last. `booked` is what we have just booked, for that `car`; `gone` what was
    called off, and may be wanted at another time; `lapsed` a time they had chosen and never took."""

    booked: Booking | None = None
    gone: Booking | None = None
    lapsed: datetime | None = None
    car: Vehicle = field(default_factory=Vehicle)

    @classmethod
    def after(cls, booked: Booking, *says: Say, car: Vehicle | None = None) -> Step:
        """Something was booked; what they say next may be about that."""
        return Step(cls(booked=booked, car=car or Vehicle()), says)

    @classmethod
    def instead(cls, gone: Booking, *says: Say) -> Step:
        """Something was called off; a time they say next is one to have it then."""
        return Step(cls(instead_of(gone), gone=gone), says)

    @property
    def question(self) -> Say:
        return say("offer_to_book") if self._offers else say("how_can_i_help")

    @property
    def _offers(self) -> bool:
        """Whether we asked if we should look for a time."""
        return self.draft.underway and self.gone is None

    @property
    def anchors(self) -> tuple[datetime, ...]:
        return (self.spoken_of.start,) if self.spoken_of else super().anchors

    @property
    def spoken_of(self) -> Booking | None:
        return self.booked or self.gone

    def hear(self, event: Event) -> Step:
        """Whoever comes back after the time they had chosen was no longer kept hears first that nothing is booked."""
        if self.lapsed is None or not isinstance(event, Said):
            return super().hear(event)
        back = replace(self, lapsed=None, draft=replace(self.draft, when=exactly(self.lapsed)))
        step = (back if event.wants(Intent.AFFIRM) else replace(self, lapsed=None)).hear(event)
        return replace(step, say=(say("lapsed", start=self.lapsed), *step.say))

    def attend(self, event: Event) -> Step | None:
        match event:
            case Done():
                return Step(self)
            case Said():
                return self._listen(event)
            case _:
                return None

    def _listen(self, said: Said) -> Step | None:
        meaning = said.meaning
        if self.booked and self._brings_another_car(meaning):
            return proceed(for_another_car(self.booked, meaning.vehicle, meaning.when, meaning.services))
        if self.booked and meaning.stay and not meaning.services and not said.wants(Intent.BOOK):
            return Step(self, rule_of(self.booked, meaning.stay), NoteStay(self.booked.id, meaning.stay))
        if self.booked and self._another_time(self.booked, said):
            return states.AskingNewTime.open(self.draft, self.booked, meaning.when)
        if self.booked and self._speaks_of(self.booked, meaning):
            return Step(self, (say("your_appointments", bookings=(self.booked,)),))
        if self.booked and self._is_of(self.booked, meaning):
            return Step(self, (say("included_already", booking=self.booked),))
        if meaning.also and meaning.services and not self.draft.underway:
            return states.WhichToExtend.extending(self.draft, meaning)
        if said.wants(Intent.GOODBYE) and not meaning.services:
            return None
        draft = self.draft.hearing(said.meaning)
        agreed = said.wants(Intent.AFFIRM) and draft.underway
        if agreed or said.wants(Intent.BOOK, Intent.AVAILABILITY) or draft.visit != self.draft.visit:
            return proceed(draft, *welcomed(self.draft, draft))
        if said.wants(Intent.DENY) and draft.underway:
            return Step(Idle(), (say("all_right"),))
        if said.wants(Intent.GREET):
            return entering(states.AskingService(draft), say("hello"))
        if said.meaning.name or said.meaning.email or said.meaning.vehicle != Vehicle():
            if draft.underway:
                return proceed(draft)
            told = Remember(said.meaning.name, said.meaning.email, said.meaning.vehicle)
            return Step(Idle(draft), (say("noted"),), told)
        if said.wants(Intent.THANKS):
            return Step(self, (say("welcome"),))
        if said.wants(Intent.AFFIRM, Intent.DENY):
            return Step(replace(self, draft=draft), (say("how_can_i_help"),))
        return None

    def _another_time(self, booked: Booking, said: Said) -> bool:
        """Whether what was just booked is to be at another time: "no, later", "rather Thursday"."""
        when = said.meaning.when
        if said.wants(Intent.DENY, Intent.BACK):
            return bool(when or said.meaning.shift)
        named = when is not None and bool(when.windows or when.times) and not fits(when, booked.start)
        return named and self.learning(replace(said.meaning, when=None)) == self and not said.wants(*_OTHER_MATTERS)

    def _speaks_of(self, booked: Booking, said: Understanding) -> bool:
        """Whether nothing was said but the day or time that was just booked: "Friday, my wife's birthday!" """
        spoken = said.when is not None and bool(said.when.windows) and fits(said.when, booked.start)
        return spoken and not said.intents and self.learning(replace(said, when=None)) == self

    def _is_of(self, booked: Booking, said: Understanding) -> bool:
        """Whether only work was spoken of that was just booked: "My tyres are stored at your place"."""
        told = said.also or said.when or said.plz or said.city or said.vehicle != Vehicle() or said.unwanted
        return bool(said.services) and not told and set(said.services) <= {job.code for job in booked.jobs}

    def _brings_another_car(self, said: Understanding) -> bool:
        """Whether the same is wanted for one more car; work on top of it is meant so only if it cannot be the first."""
        if not said.also or said.vehicle == Vehicle():
            return False
        facts = zip(astuple(said.vehicle), astuple(self.car), strict=True)
        return not said.services or any(told and known and told != known for told, known in facts)

    def wondering(self, said: Understanding) -> Planning:
        """Whoever asks about other work may want that; who said what is to be done and where goes on booking it."""
        draft = self.draft.hearing(said)
        whole = draft.underway and bool(said.when) and bool(said.plz or said.city)
        if whole or (draft.underway and Intent.BOOK in said.intents):
            return states.AskingService(draft)
        return replace(self, draft=draft)

    def resume(self, *says: Say) -> Step:
        return Step(self, (*says, self.question) if self._offers or not says else says)

    def ease(self) -> Step:
        return states.AskingService(self.draft, misses=self.misses).ease()

    def back(self) -> Step:
        return entering(self)
