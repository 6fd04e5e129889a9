"""The moments in which a process that dies would do most harm. A test may let it die there; nothing else ever happens.

`WERKSTATT_CRASH="letter sent:3"` kills the process, as `kill -9` would, when it gets there for the third time.
"""

import itertools
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache

VARIABLE = "WERKSTATT_CRASH"


class CrashPoint(StrEnum):
    """Before and after each commit, and between the two that a letter needs."""

    CALL_READ = "call read"
    """A provider's call is true; nothing of it is stored."""

    NEWS_STORED = "news stored"
    """It is stored; the provider has no answer yet."""

    TURN_TAKEN = "turn taken"
    """The answer is written, and whatever it books or erases is done, but nothing is committed."""

    TURN_COMMITTED = "turn committed"
    """All that is committed; nobody carries the letter."""

    REQUEST_DONE = "request done"
    """What a program or staff asked for is done, but not committed."""

    REQUEST_COMMITTED = "request committed"
    """It is committed; whoever asked does not know."""

    DUTY_CLAIMED = "duty claimed"
    """Nobody else will do it for a while."""

    REMINDER_WRITTEN = "reminder written"
    """In the outbox, but not committed."""

    HOLDS_SWEPT = "holds swept"
    """Their cells are given back, but nothing is committed."""

    LETTER_TAKEN = "letter taken"
    """Its lease is committed; the provider has not been called."""

    LETTER_SENT = "letter sent"
    """The provider has taken it; we have not written that down."""

    LETTER_SETTLED = "letter settled"
    """All is written down; whoever rang has not been told."""

    DOUBT_CLEARED = "doubt cleared"
    """The provider has told what became of a letter; we have not written that down."""

    def passed(self) -> None:
        """We are there."""
        if (end := _end()) and end.is_at(self):
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class _End:
    """The process dies when it gets to `point` for the `nth` time."""

    point: CrashPoint
    nth: int
    _passes: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def is_at(self, point: CrashPoint) -> bool:
        return point is self.point and next(self._passes) == self.nth


@cache
def _end() -> _End | None:
    """Read once, at the first point."""
    told = os.environ.get(VARIABLE)
    if not told:
        return None
    point, _, nth = told.partition(":")
    return _End(CrashPoint(point), int(nth or 1))
