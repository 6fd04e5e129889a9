"""Counting calls in sliding windows: in Redis for all processes, in this one alone while Redis is away."""

import logging
import math
import time
from dataclasses import dataclass
from hashlib import blake2b

from limits import RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from app.http.rates import Rate

log = logging.getLogger(__name__)

WAIT = 0.25
"""Seconds we wait for Redis."""

PAUSE = 5.0
"""Seconds after which we ask a Redis that was away again."""


@dataclass(frozen=True)
class Standing:
    """Where a caller stands: whether this call was one too many, how many are left, seconds until one more is."""

    rate: Rate
    allowed: bool
    left: int
    wait: int

    @property
    def headers(self) -> dict[str, str]:
        """As the IETF's draft on RateLimit header fields has them."""
        told = {
            "RateLimit-Policy": f'"{self.rate.name}";q={self.rate.calls};w={self.rate.seconds}',
            "RateLimit": f'"{self.rate.name}";r={self.left};t={self.wait}',
        }
        return told if self.allowed else told | {"Retry-After": str(self.wait)}


class Limiter:
    """Counts who calls how often; it never refuses because it cannot count."""

    def __init__(self, redis_url: str | None = None) -> None:
        self._ours = MovingWindowRateLimiter(MemoryStorage())
        self._redis = _redis(redis_url) if redis_url else None
        self._shared = self._redis and MovingWindowRateLimiter(self._redis)
        self._away_until = 0.0

    def hit(self, rate: Rate, who: str) -> Standing:
        """Count a call of somebody. Who that is does not get to Redis, only a hash of it."""
        return self._count(rate, who, 1)

    def look(self, rate: Rate, who: str) -> Standing:
        """Whether one more call would be allowed, without counting any."""
        return self._count(rate, who, 0)

    def reaches_redis(self) -> bool | None:
        """Whether Redis answers; None where there is none to ask."""
        return self._redis.check() if self._redis else None

    def _count(self, rate: Rate, who: str, cost: int) -> Standing:
        if self._shared and time.monotonic() >= self._away_until:
            try:
                return _standing(self._shared, rate, who, cost)
            except StorageError as error:
                told = type(error.__cause__ or error).__name__
                log.warning("Redis is away, each process counts for itself", extra={"error": told})
                self._away_until = time.monotonic() + PAUSE
        return _standing(self._ours, rate, who, cost)


def _redis(url: str) -> RedisStorage:
    return RedisStorage(url, wrap_exceptions=True, socket_timeout=WAIT, socket_connect_timeout=WAIT)


def _standing(limiter: MovingWindowRateLimiter, rate: Rate, who: str, cost: int) -> Standing:
    item = RateLimitItemPerSecond(rate.calls, rate.seconds, namespace="werkstatt")
    key = (rate.name, blake2b(who.encode(), digest_size=12).hexdigest())
    allowed = limiter.hit(item, *key) if cost else limiter.test(item, *key)
    reset, left = limiter.get_window_stats(item, *key)
    return Standing(rate, allowed, left, max(1, min(rate.seconds, math.ceil(reset - time.time()))))
