"""The manners all states share: what may be said at any time, and what to do when nothing was understood."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot import states
from bot.commands import ReleaseHolds
from bot.events import Event, Refused, Said
from bot.negotiating import seen_from
from bot.states.booking import entering
from bot.states.interjections import interjected
from bot.states.news import told_in_between
from bot.states.questions import asked_again
from bot.states.thread import Thread
from bot.step import Say, Step, say
from bot.understanding.meaning import Intent

MISSES = 2
"""How often we ask the same thing again: once in other words, once with choices. Then a person takes over."""

_CRY = 2
"""Words up to which a question mark is rather one of surprise."""


@dataclass(frozen=True)
class Courteous(Thread):
    """A state that leaves whatever is not its own business to the shared manners."""

    def hear(self, event: Event) -> Step:
        if isinstance(event, Said):
            event, state = seen_from(self.anchors, event), replace(self, answered=None)
            step = (
                asked_again(state, event, self.answered)
                or interjected(state, event)
                or state.attend(event)
                or _puzzled(state, event)
            )
            return replace(step, say=(say("why_past"), *step.say)) if event.past else step
        return told_in_between(self, event) or self.attend(event) or _unexpected(self, event)


_SMALL_TALK: Mapping[Intent, Say] = {
    Intent.THANKS: say("welcome"),
    Intent.GREET: say("hello_again"),
    Intent.START: say("hello_again"),
}


def _puzzled(state: Thread, said: Said) -> Step:
    if said.wants(Intent.GOODBYE):
        return Step(states.Idle(), (say("goodbye"),), ReleaseHolds())
    if said.past:
        return entering(state)
    pleasantry = next((answer for intent, answer in _SMALL_TALK.items() if said.wants(intent)), None)
    return state.resume(pleasantry) if pleasantry else missed(state, _excuse(state, said))


def _excuse(state: Thread, said: Said) -> Say:
    """Why we ask again; who says yes or wants to book agrees to what came before and has not told us what we lack.

    A question that we do not understand is one for the workshop.
    """
    if state.draft.knows(said.meaning):
        return say("known_already")
    if said.wants(Intent.AFFIRM, Intent.BOOK):
        return say("still_needed")
    if "?" in said.meaning.text and len(said.meaning.text.split()) > _CRY and len(state.draft.shops) == 1:
        return say("ask_the_shop", shop=state.draft.shops[0])
    return say("not_understood")


def missed(state: Thread, opening: Say) -> Step:
    """Ask again, more easily every time."""
    missing = replace(state, misses=state.misses + 1)
    if missing.misses == 1:
        return Step(missing, (opening, missing.rephrased))
    return (
        missing.ease()
        if missing.misses <= MISSES
        else states.WithPerson.open(state.draft, say("not_understood_at_all"))
    )


_REFUSALS: Mapping[str, Say] = {
    "too_late": say("too_late_to_change"),
    "too_many_appointments": say("too_many_appointments"),
    "too_many_holds": say("too_many_holds"),
    "unknown_appointment": say("unknown_appointment"),
    "wrong_status": say("unknown_appointment"),
}


def _unexpected(state: Thread, event: Event) -> Step:
    if isinstance(event, Refused):
        return states.WithPerson.open(state.draft, _REFUSALS.get(event.code, say("refused")))
    return entering(state)
