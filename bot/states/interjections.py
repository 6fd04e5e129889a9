"""What customers may put in at any time, whatever was asked."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot import states
from bot.commands import FindStatus, LeaveWaitlist, NoteLate, ReleaseHolds, TellData, Topic
from bot.draft import Draft
from bot.events import Said
from bot.states.booking import another_time, entering, proceed
from bot.states.questions import ask_about, help_out, look_up
from bot.states.thread import Thread
from bot.step import Step, say
from bot.understanding.meaning import Expecting, Intent, When

_ABOUT_CODES = frozenset({Expecting.CODE, Expecting.WHICH_APPOINTMENT})

_ANSWERS = (Intent.AFFIRM, Intent.DENY, Intent.BOOK, Intent.AVAILABILITY, Intent.GREET)

_DECIDED = (Intent.AFFIRM, Intent.CANCEL, Intent.RESCHEDULE, Intent.HUMAN, Intent.STOP)

Manner = Callable[[Thread, Said], Step | None]


def interjected(state: Thread, said: Said) -> Step | None:
    """What is to be done about it; None if nothing was put in."""
    if said.picked is not None and said.picked not in {option.id for option in state.choices}:
        return state.resume(say("choice_is_gone"))
    if said.meaning.danger:
        return look_up(state, said.meaning, Topic.DANGER)
    if said.meaning.to_booking and said.meaning.services and not state.draft.underway:
        return states.WhichToExtend.extending(state.draft, said.meaning)
    if said.meaning.code and state.expecting not in _ABOUT_CODES and not said.wants(Intent.CANCEL, Intent.RESCHEDULE):
        return states.AskingProof.open(state.draft, said.meaning)
    if said.meaning.off_list:
        return Step(state, ask=LeaveWaitlist())
    if said.meaning.waiting_list and said.picked is None:
        return state.resume(say("still_free")) if state.draft.held else _wait(state, said)
    if (
        said.meaning.ponders
        and state.draft.underway
        and not said.wants(*_DECIDED)
        and state.learning(said.meaning) == state
    ):
        return _in_peace(state)
    wanted = set(said.meaning.intents) - state.keeps
    manner = next((manner for intent, manner in _MANNERS.items() if intent in wanted), None)
    if manner is None and said.meaning.pronoun and not said.wants(*_ANSWERS) and state.learning(said.meaning) == state:
        return state.resume(say("address_noted"))
    return manner and manner(state, said)


def _wait(state: Thread, said: Said) -> Step:
    """What is full may be waited for; what is free or not known yet is looked for first."""
    draft = state.draft.hearing(said.meaning)
    if isinstance(state, states.ChoosingSlot) and draft == state.draft:
        return state.wait()
    return proceed(replace(draft, when=draft.when or When()), say("look_first"))


def _in_peace(state: Thread) -> Step:
    """Whoever has to think about it loses nothing by it."""
    kept = state.draft.held or state.draft.spare
    return Step(state, (say("no_hurry_until", start=kept.start, until=kept.until) if kept else say("no_hurry"),))


def _question(intent: Intent) -> Manner:
    def ask(state: Thread, said: Said) -> Step:
        return ask_about(state, said, intent)

    return ask


def _person(state: Thread, said: Said) -> Step:
    return states.WithPerson.open(state.draft)


def _late(state: Thread, said: Said) -> Step:
    return Step(state, ask=NoteLate())


def _status(state: Thread, said: Said) -> Step:
    return Step(state, ask=FindStatus())


def _export(state: Thread, said: Said) -> Step:
    return Step(state, ask=TellData())


def _erase(state: Thread, said: Said) -> Step:
    return entering(states.ConfirmingErase(state.draft))


def _restart(state: Thread, said: Said) -> Step:
    return Step(states.AskingService(Draft().meeting(state.draft.client)), (say("restarted"),), ReleaseHolds())


def _abort(state: Thread, said: Said) -> Step:
    return Step(states.Idle(), (say("aborted"),), ReleaseHolds())


def _stop(state: Thread, said: Said) -> Step:
    return Step(states.Idle(), (say("stopped"),), ReleaseHolds())


def _back(state: Thread, said: Said) -> Step:
    """ "No, I meant Thursday" takes nothing back but what it says anew."""
    corrects = said.meaning.when or said.meaning.services or said.meaning.shift
    return (corrects and state.attend(said)) or state.back()


def _language(state: Thread, said: Said) -> Step:
    return state.resume(say("language_switched"))


def _show(state: Thread, said: Said) -> Step:
    return states.Showing.open(state.draft)


def _cancel(state: Thread, said: Said) -> Step:
    if state.draft.held:  # The only thing to cancel just now is what we are about to book.
        return _abort(state, said)
    return states.WhichToCancel.open(state.draft, said.meaning)


def _reschedule(state: Thread, said: Said) -> Step | None:
    """While a booking is being made, it is its own time that is to be another, or something else about it.

    "Change my plate" moves nothing.
    """
    if said.meaning.vehicle.plate and not (said.meaning.when or said.meaning.shift or said.meaning.services):
        return None
    if state.draft.held or (state.draft.underway and (said.meaning.shift or said.meaning.when)):
        return state.attend(said) or another_time(state.draft, None)
    return states.WhichToMove.open(state.draft, said.meaning)


# The first of these that was said is done: "verschieben" and "wann habt ihr auf" in one breath is about moving.
_MANNERS: Mapping[Intent, Manner] = {
    Intent.HUMAN: _person,
    Intent.STOP: _stop,
    Intent.RESTART: _restart,
    Intent.ABORT: _abort,
    Intent.BACK: _back,
    Intent.HELP: help_out,
    Intent.LANGUAGE: _language,
    Intent.SHOW: _show,
    Intent.CANCEL: _cancel,
    Intent.RESCHEDULE: _reschedule,
    Intent.LATE: _late,
    Intent.STATUS: _status,
    Intent.ERASE: _erase,
    Intent.EXPORT: _export,
    Intent.HOURS: _question(Intent.HOURS),
    Intent.LOCATION: _question(Intent.LOCATION),
    Intent.PRICE: _question(Intent.PRICE),
}
