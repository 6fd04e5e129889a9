"""We reminded the customer of an appointment, and whatever they say now is about that one."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from bot import states
from bot.commands import CancelBooking, LookUp, PromiseVisit, Topic
from bot.draft import Draft
from bot.events import Cancelled, Event, Promised, Refused, Said
from bot.facts import Booking, token
from bot.negotiating import BY_THE_TIME, fits, shifted
from bot.states.booking import entering, onward
from bot.states.courtesy import Courteous
from bot.step import Option, Say, State, Step, option, say
from bot.table import on_that_day
from bot.understanding.meaning import Expecting, Intent, Shift, When

_TOPICS = {Intent.PRICE: Topic.PRICE, Intent.HOURS: Topic.HOURS, Intent.LOCATION: Topic.LOCATION}


@dataclass(frozen=True)
class Reminded(Courteous):
    """The last thing we said was a reminder; its answer may take until the appointment begins."""

    expecting = Expecting.VISIT
    keeps: ClassVar[frozenset[Intent]] = frozenset({Intent.CANCEL, Intent.RESCHEDULE, Intent.ABORT, *_TOPICS})

    booking: Booking = field(kw_only=True)

    @property
    def question(self) -> Say:
        return say("remind_day_before", start=self.booking.start, jobs=self.booking.jobs, shop=self.booking.shop)

    @property
    def rephrased(self) -> Say:
        return say("remind_again", start=self.booking.start)

    @property
    def choices(self) -> tuple[Option, ...]:
        coming = option(self._yes, "choice_promise")
        if not self.booking.changeable:
            return (coming,)
        return coming, option(self._no, "choice_call_off"), option(self._move, "choice_reschedule")

    @property
    def anchors(self) -> tuple[datetime, ...]:
        return (self.booking.start,)

    def attend(self, event: Event) -> Step | None:
        match event:
            case Promised(booking):
                return onward(self.draft, say("promised", start=booking.start, shop=booking.shop))
            case Cancelled(booking):
                told = say("called_off", start=booking.start, shop=booking.shop)
                return onward(self.draft, told) if self.draft.underway else states.Idle.instead(booking, told)
            case Refused("too_late"):
                return self._too_late()
            case Refused("wrong_status" | "unknown_appointment"):
                return states.Showing.open(self.draft)
            case Said():
                return self._answer(event)
            case _:
                return None

    def _answer(self, said: Said) -> Step | None:
        if set(said.meaning.services) - {job.code for job in self.booking.jobs}:
            return self._more_work(said)
        wish = self._other_time(said)
        if said.picked == self._move or wish or said.wants(Intent.RESCHEDULE):
            return self._moving(wish)
        if said.picked == self._no or said.wants(Intent.CANCEL, Intent.ABORT):
            return Step(self, ask=CancelBooking(self.booking.id))
        if said.picked == self._yes or said.wants(Intent.AFFIRM):
            return Step(self, ask=PromiseVisit(self.booking.id, self.booking.start))
        if said.wants(Intent.DENY):
            return self._unsuitable()
        return self._digression(said)

    def _other_time(self, said: Said) -> When | None:
        """A time that is not the appointment's own: "lieber Freitag", "geht es auch später?"."""
        when, shift = said.meaning.when, said.meaning.shift
        named = when and (when.windows or when.weekdays or when.times)
        if when and named and not (fits(when, self.booking.start) or _until_then(when, said)):
            return on_that_day(when, (), self.booking.start) or when
        if shift in BY_THE_TIME | {Shift.OTHER_DAY}:
            return shifted(None, [self.booking.start], shift)
        return When() if shift else None

    def _moving(self, when: When | None) -> Step:
        if not self.booking.changeable:
            return self._too_late()
        return states.AskingNewTime.open(self.draft, self.booking, when if when != When() else None)

    def _too_late(self) -> Step:
        told = say("too_late", booking=self.booking, shop=self.booking.shop)
        return Step(states.WithPerson(self.draft), (told,), LookUp(Topic.PERSON, shops=(self.booking.shop.id,)))

    def _unsuitable(self) -> Step:
        """A mere "no" may mean another time; a cancelled one would be somebody else's a second later."""
        if not self.booking.changeable:
            return self._too_late()
        return entering(states.ConfirmingCancel(self.draft, booking=self.booking))

    def _digression(self, said: Said) -> Step | None:
        topic = next((topic for intent, topic in _TOPICS.items() if said.wants(intent)), None)
        if topic:
            codes = tuple(job.code for job in self.booking.jobs)
            return Step(self, ask=LookUp(topic, codes, (self.booking.shop.id,)))
        return None

    def _more_work(self, said: Said) -> Step:
        """At that appointment if it can still be changed, unless another time was named for it."""
        if said.meaning.when or not self.booking.changeable:
            return states.Idle(self.draft).hear(said)
        alone = self.draft.hearing(said.meaning)
        return states.ConfirmingExtension.open(self.draft, self.booking, said.meaning.services, alone)

    def resume(self, *says: Say) -> Step:
        """The reminder still stands above; nobody needs it twice."""
        return Step(self, says or (self.question,))

    def left_alone(self, now: datetime) -> State | None:
        if now >= self.booking.start:
            return None
        return replace(self, draft=Draft(shops=(self.booking.shop,)), misses=0)

    @property
    def _yes(self) -> str:
        return token("promise", self.booking.id)

    @property
    def _no(self) -> str:
        return token("cancel", self.booking.id)

    @property
    def _move(self) -> str:
        return token("move", self.booking.id)


def _until_then(when: When, said: Said) -> bool:
    """ "Ja, bis morgen um 10" ends at the appointment and asks for nothing before it."""
    return said.wants(Intent.AFFIRM) and bool(when.windows) and all(window.start is None for window in when.windows)
