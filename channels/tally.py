"""Limits that hold over all processes: counted in Redis, and by each process for itself while that is away."""

import logging
import math
import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import blake2b
from typing import TypeVar

from limits import RateLimitItem
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

T = TypeVar("T")
Storage = MemoryStorage | RedisStorage
log = logging.getLogger(__name__)

ANSWER = 0.5
"""Seconds Redis may take; whoever counts has somebody waiting."""

AWAY = 10.0
"""Seconds we leave Redis alone after it did not answer."""


class Tally:
    """Counts in the Redis of this URL, without one for this process. Raises ValueError for what is no URL of Redis."""

    def __init__(self, redis_url: str | None = None, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._ours, self._clock, self._away_until = MemoryStorage(), clock, -math.inf
        self._shared = _redis(redis_url) if redis_url else None

    def hit(self, limit: RateLimitItem, *who: str) -> timedelta:
        """Count one more; nothing if that is within the limit, else how long it takes until one is free.

        Who that is does not get to Redis, only a hash of it.
        """
        key = blake2b("/".join(who).encode(), digest_size=12).hexdigest()

        def count(storage: Storage) -> timedelta:
            window = MovingWindowRateLimiter(storage)
            if window.hit(limit, key):
                return timedelta()
            return timedelta(seconds=max(window.get_window_stats(limit, key).reset_time - time.time(), 0.001))

        return self._count(count)

    def pause(self, who: str, length: timedelta) -> None:
        """Have everybody leave this alone for so long, if they do not longer already."""

        def note(storage: Storage) -> None:
            if self._left(storage, who) < length:
                storage.clear(who)
                storage.incr(who, math.ceil(length.total_seconds()))

        self._count(note)

    def paused(self, who: str) -> timedelta:
        """How much longer this is to be left alone."""
        return self._count(lambda storage: self._left(storage, who))

    def _left(self, storage: Storage, who: str) -> timedelta:
        return timedelta(seconds=max(storage.get_expiry(who) - time.time(), 0)) if storage.get(who) else timedelta()

    def _count(self, work: Callable[[Storage], T]) -> T:
        if self._shared and self._clock() >= self._away_until:
            try:
                return work(self._shared)
            except StorageError as error:
                log.warning(
                    "Redis is away, each process counts for itself",
                    extra={"error": type(error.__cause__ or error).__name__},
                )
                self._away_until = self._clock() + AWAY
        return work(self._ours)


def _redis(url: str) -> RedisStorage:
    return RedisStorage(url, wrap_exceptions=True, socket_timeout=ANSWER, socket_connect_timeout=ANSWER)
