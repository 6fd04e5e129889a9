"""A bag of letters that several hands carry: each takes one at a time, and who finds it empty fills it for all."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")

EACH = 4
"""Letters for each hand: even if each meets a provider that hangs, all are settled within half of the lease."""

FRESH = 60.0
"""Seconds after which what is still in the bag is left to whoever finds that its lease has ended."""


class Bag(Generic[T]):
    """Filling it costs about as much for many as for one, and two that fill it at once would only meet."""

    def __init__(
        self,
        fill: Callable[[int], Sequence[T]],
        *,
        help_wanted: Callable[[], object] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`fill` finds so many at most; `help_wanted` is called when there is work for one hand more."""
        self._fill, self._help_wanted, self._clock = fill, help_wanted, clock
        self._letters: deque[T] = deque()
        self._filled_at = 0.0
        self._hands, self._more = 0, False
        self._lock = threading.Lock()

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Take part until the end of the block: what is in the bag is shared with whoever does."""
        with self._lock:
            self._hands += 1
            self._more = True
        try:
            yield
        finally:
            with self._lock:
                self._hands -= 1

    def look_again(self) -> None:
        """There may be letters to fill it with."""
        with self._lock:  # Or a hand that is just filling it would forget what it was told meanwhile.
            self._more = True

    def take(self) -> T | None:
        """The next letter; None where there is none left and none to be found."""
        with self._lock:
            if self._clock() - self._filled_at > FRESH:
                self._letters.clear()
            if not self._letters and self._more:
                self._refill(EACH * self._hands)
            taken = self._letters.popleft() if self._letters else None
            more = bool(self._letters)
        if more:
            self._help_wanted()
        return taken

    def _refill(self, wanted: int) -> None:
        self._more, self._filled_at = False, self._clock()
        self._letters.extend(self._fill(wanted))
        self._more = len(self._letters) == wanted
