"""The whole machine: a state hears an event and returns a step; the desk's answer is the next event."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from bot.commands import Command, Topic
from bot.draft import Draft
from bot.events import Event
from bot.understanding.meaning import Expecting

PATIENCE = 12
"""Steps a dialog may take without waiting for the customer. No path needs more than six."""

_PERSONAL = frozenset({Expecting.NAME, Expecting.VEHICLE, Expecting.EMAIL, Expecting.PHONE, Expecting.CONFIRM})


@dataclass(frozen=True)
class Say:
    """A phrase of the catalogue and the facts it may name."""

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """A choice on the screen: an opaque id, and the phrase it is labelled with."""

    id: str
    label: Say


def say(key: str, **facts: object) -> Say:
    """A phrase with its facts. Keys are written out where they are used, so that a test can check them all."""
    return Say(key, facts)


def option(id: str, key: str, **facts: object) -> Option:
    """A choice with its label."""
    return Option(id, Say(key, facts))


@dataclass(frozen=True)
class State(ABC):
    """Where a conversation stands. Every state carries the draft: what is said early is not asked later."""

    expecting: ClassVar[Expecting] = Expecting.NOTHING

    draft: Draft = field(default_factory=Draft)
    misses: int = 0
    answered: Topic | None = None
    """What they asked in between that we have just answered."""

    @property
    @abstractmethod
    def question(self) -> Say:
        """What we want to know here; said on entering and after every digression."""

    @property
    def choices(self) -> tuple[Option, ...]:
        """What can be picked here; shown with the last thing said."""
        return ()

    @property
    def asks_for_data(self) -> bool:
        """Whether the answer is about the customer, who must hear before what becomes of it."""
        return self.expecting in _PERSONAL and self.draft.held is not None

    def left_alone(self, now: datetime) -> "State | None":
        """Where the conversation stands after hours of silence; None for at its beginning."""
        return None

    @abstractmethod
    def hear(self, event: Event) -> "Step": ...


@dataclass(frozen=True)
class Step:
    """Where to go, what to say, and at most one thing to ask of the desk."""

    goto: State
    say: tuple[Say, ...] = ()
    ask: Command | None = None


class DialogLoop(Exception):
    """The dialog and the desk went on without the customer."""


def converse(state: State, event: Event, ask: Callable[[Command], Event]) -> tuple[State, tuple[Say, ...]]:
    """Step until the dialog waits for the customer."""
    said: tuple[Say, ...] = ()
    for _ in range(PATIENCE):
        step = state.hear(event)
        state, said = step.goto, said + step.say
        if step.ask is None:
            return state, said
        event = ask(step.ask)
    raise DialogLoop(state)
