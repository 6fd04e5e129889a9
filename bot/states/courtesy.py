"""The manners all states share: what may be said at any time, and what to do when nothing was understood."""

from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from booking_core.status import AppointmentStatus
from bot import states
from bot.commands import FindStatus, LookUp, NoteLate, ReleaseHolds, TellData, Topic
from bot.draft import Draft
from bot.events import DataTold, Event, LateNoted, LookedUp, Refused, Said, StatusFound
from bot.facts import Booking
from bot.states.booking import another_time, entering, onward
from bot.step import Say, State, Step, say
from bot.understanding.meaning import Intent, Understanding

MISSES = 2
"""How often we ask the same thing again: once in other words, once with choices. Then a person takes over."""


@dataclass(frozen=True)
class Courteous(State):
    """A state that leaves whatever is not its own business to the shared manners."""

    keeps: ClassVar[frozenset[Intent]] = frozenset()
    """Intents that mean something particular here, and are not taken as an interjection."""

    def hear(self, event: Event) -> Step:
        step = _interjected(self, event) or self.attend(event) or _puzzled(self, event)
        over = isinstance(event, Said) and event.past
        return replace(step, say=(say("why_past"), *step.say)) if over else step

    @abstractmethod
    def attend(self, event: Event) -> Step | None:
        """This state's own business; None leaves it to the manners."""

    @property
    def rephrased(self) -> Say:
        """The question in other words."""
        return self.question

    def learning(self, said: Understanding) -> "Courteous":
        """This state with the facts said along with an interjection."""
        return self

    def resume(self, *says: Say) -> Step:
        """Take up the thread after a digression."""
        return entering(self, *says)

    def ease(self) -> Step:
        """Ask in an easier way somebody who did not understand the question, or whom we did not."""
        return entering(self, say("not_understood_again"))

    def back(self) -> Step:
        """To the question before this one."""
        return onward(self.draft)


def _interjected(state: Courteous, event: Event) -> Step | None:
    match event:
        case LookedUp(topic=topic) if topic is not Topic.PERSON:
            return _answered(state, event)
        case LateNoted() | StatusFound() | DataTold():
            return _filed(state, event)
        case Said(picked=str(choice)) if choice not in {option.id for option in state.choices}:
            return state.resume(say("choice_is_gone"))
        case Said() if event.meaning.danger:
            return _look_up(Topic.DANGER)(state, event)
        case Said():
            wanted = set(event.meaning.intents) - state.keeps
            manner = next((manner for intent, manner in _INTERJECTIONS.items() if intent in wanted), None)
            return manner and manner(state, event)
        case _:
            return None


Manner = Callable[[Courteous, Said], Step | None]


def _look_up(topic: Topic) -> Manner:
    def ask(state: Courteous, said: Said) -> Step:
        learned = state.learning(said.meaning)
        draft = state.draft.hearing(said.meaning)
        shops = tuple(shop.id for shop in draft.shops)
        return Step(learned, ask=LookUp(topic, draft.services, shops, draft.plz, draft.city))

    return ask


def _answered(state: Courteous, told: LookedUp) -> Step:
    match told:
        case LookedUp(shops=()):
            return state.resume(say("nothing_to_tell"))
        case LookedUp(topic=Topic.DANGER, shops=(shop, *_)):
            return state.resume(say("danger", shop=shop))
        case LookedUp(topic=Topic.HOURS, shops=shops):
            return state.resume(say("hours", shops=shops))
        case LookedUp(topic=Topic.LOCATION, shops=shops):
            return state.resume(say("location", shops=shops))
        case LookedUp(jobs=jobs):
            return state.resume(say("prices", jobs=jobs))


def _filed(state: Courteous, event: Event) -> Step | None:
    """What the customer's file at the desk says."""
    match event:
        case LateNoted(booking=None):
            return to_a_person(state.draft, say("late"))
        case LateNoted(booking=Booking() as booking):
            return state.resume(say("late_noted", start=booking.start, shop=booking.shop))
        case StatusFound(booking=None):
            return state.resume(say("no_appointments"))
        case StatusFound(booking=Booking() as booking):
            return state.resume(how_far(event, booking))
        case DataTold(client, visits):
            car = client.cars[-1] if client.cars else "-"
            facts = {"name": client.name or "-", "email": client.email or "-", "car": car, "visits": str(visits)}
            return state.resume(say("data_told", **facts))
        case _:
            return None


def how_far(found: StatusFound, booking: Booking) -> Say:
    facts = {"start": booking.start, "shop": booking.shop, "jobs": booking.jobs}
    match found.status:
        case AppointmentStatus.COMPLETED:
            return say("status_ready", **facts)
        case AppointmentStatus.IN_PROGRESS:
            return say("status_at_work", **facts)
        case _ if found.begun:
            return say("status_begun", **facts)
        case _:
            return say("status_to_come", **facts)


def to_a_person(draft: Draft, *says: Say) -> Step:
    """Hand over, and name the number to call."""
    shops = tuple(shop.id for shop in draft.shops)
    return Step(states.WithPerson(draft), says, LookUp(Topic.PERSON, draft.services, shops, draft.plz, draft.city))


def _person(state: Courteous, said: Said) -> Step:
    return to_a_person(state.draft)


def _late(state: Courteous, said: Said) -> Step:
    return Step(state, ask=NoteLate())


def _status(state: Courteous, said: Said) -> Step:
    return Step(state, ask=FindStatus())


def _export(state: Courteous, said: Said) -> Step:
    return Step(state, ask=TellData())


def _erase(state: Courteous, said: Said) -> Step:
    return entering(states.ConfirmingErase(state.draft))


def _restart(state: Courteous, said: Said) -> Step:
    return Step(states.AskingService(Draft().meeting(state.draft.client)), (say("restarted"),), ReleaseHolds())


def _abort(state: Courteous, said: Said) -> Step:
    return Step(states.Idle(), (say("aborted"),), ReleaseHolds())


def _stop(state: Courteous, said: Said) -> Step:
    return Step(states.Idle(), (say("stopped"),), ReleaseHolds())


def _back(state: Courteous, said: Said) -> Step:
    return state.back()


def _help(state: Courteous, said: Said) -> Step:
    return state.resume(say("help"))


def _language(state: Courteous, said: Said) -> Step:
    return state.resume(say("language_switched"))


def _show(state: Courteous, said: Said) -> Step:
    if said.meaning.also and said.meaning.services and not state.draft.underway:
        return states.WhichToExtend.extending(state.draft, said.meaning)
    return states.Showing.open(state.draft)


def _cancel(state: Courteous, said: Said) -> Step:
    if state.draft.held:  # The only thing to cancel just now is what we are about to book.
        return _abort(state, said)
    return states.WhichToCancel.open(state.draft, said.meaning)


def _reschedule(state: Courteous, said: Said) -> Step | None:
    """While a booking is being made, it is its own time that is to be another, or something else about it."""
    if state.draft.held or (state.draft.underway and said.meaning.shift):
        return state.attend(said) or another_time(state.draft, None)
    return states.WhichToMove.open(state.draft, said.meaning)


# The first of these that was said is done: "verschieben" and "wann habt ihr auf" in one breath is about moving.
_INTERJECTIONS: Mapping[Intent, Manner] = {
    Intent.HUMAN: _person,
    Intent.STOP: _stop,
    Intent.RESTART: _restart,
    Intent.ABORT: _abort,
    Intent.BACK: _back,
    Intent.HELP: _help,
    Intent.LANGUAGE: _language,
    Intent.SHOW: _show,
    Intent.CANCEL: _cancel,
    Intent.RESCHEDULE: _reschedule,
    Intent.LATE: _late,
    Intent.STATUS: _status,
    Intent.ERASE: _erase,
    Intent.EXPORT: _export,
    Intent.HOURS: _look_up(Topic.HOURS),
    Intent.LOCATION: _look_up(Topic.LOCATION),
    Intent.PRICE: _look_up(Topic.PRICE),
}

_SMALL_TALK: Mapping[Intent, Say] = {
    Intent.THANKS: say("welcome"),
    Intent.GREET: say("hello_again"),
    Intent.START: say("hello_again"),
}


def _puzzled(state: Courteous, event: Event) -> Step:
    match event:
        case Said():
            if event.wants(Intent.GOODBYE):
                return Step(states.Idle(), (say("goodbye"),), ReleaseHolds())
            pleasantry = next((answer for intent, answer in _SMALL_TALK.items() if event.wants(intent)), None)
            if event.past:
                return entering(state)
            known = state.draft.knows(event.meaning)
            opening = say("known_already") if known else say("not_understood")
            return state.resume(pleasantry) if pleasantry else missed(state, opening)
        case Refused(code):
            return to_a_person(state.draft, _REFUSALS.get(code, say("refused")))
        case _:
            return entering(state)


def missed(state: Courteous, opening: Say) -> Step:
    """Ask again, more easily every time."""
    missing = replace(state, misses=state.misses + 1)
    if missing.misses == 1:
        return Step(missing, (opening, missing.rephrased))
    return missing.ease() if missing.misses <= MISSES else to_a_person(state.draft, say("not_understood_at_all"))


_REFUSALS: Mapping[str, Say] = {
    "too_late": say("too_late_to_change"),
    "too_many_appointments": say("too_many_appointments"),
    "unknown_appointment": say("unknown_appointment"),
    "wrong_status": say("unknown_appointment"),
}
