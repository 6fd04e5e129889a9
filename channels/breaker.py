"""Leaving a provider alone that is down: whoever calls it would only wait."""

import math
import threading
import time
from collections.abc import Callable
from datetime import timedelta

FAILURES = 5
"""So many in a row mean that it is down, and not that it had a bad moment."""

PAUSE = timedelta(seconds=30)


class Breaker:
    """Opens after some failures in a row; after a pause one call may find out whether all is well again."""

    def __init__(
        self, *, failures: int = FAILURES, pause: timedelta = PAUSE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._pause, self._clock = failures, pause.total_seconds(), clock
        self._failed, self._open_until = 0, -math.inf
        self._lock = threading.Lock()

    @property
    def closed(self) -> bool:
        """Whether all is well, as far as we know."""
        return self._failed < self._most

    @property
    def rest(self) -> timedelta:
        """How long nobody shall call; nothing where somebody may."""
        return timedelta(seconds=max(self._open_until - self._clock(), 0))

    def admit(self) -> bool:
        """Whether to call now. Of those who ask after a pause it is the first: the others wait for what it finds."""
        with self._lock:
            if self.closed:
                return True
            if self.rest:
                return False
            self._open_until = self._clock() + self._pause
            return True

    def note(self, *, well: bool) -> None:
        """What a call that was admitted found."""
        with self._lock:
            self._failed = 0 if well else self._failed + 1
            self._open_until = -math.inf if self.closed else self._clock() + self._pause
