"""How fast Telegram lets one bot write, whatever the number of processes that write for it."""

import time
from collections.abc import Callable
from datetime import timedelta

from limits import RateLimitItem, RateLimitItemPerMinute, RateLimitItemPerSecond

from channels.tally import Tally

OVERALL, CHAT, GROUP = RateLimitItemPerSecond(30), RateLimitItemPerSecond(1), RateLimitItemPerMinute(20)
"""What Telegram's own advice comes down to; it publishes no exact numbers."""

PATIENCE = timedelta(seconds=2)
"""A turn that comes this soon is waited for."""


class Pace:
    """`bot` is the number that all limits are counted under."""

    def __init__(
        self,
        bot: str,
        tally: Tally,
        *,
        overall: RateLimitItem = OVERALL,
        chat: RateLimitItem = CHAT,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._name, self._tally, self._sleep = f"telegram:{bot}", tally, sleep
        self._overall, self._chat = overall, chat

    def wait(self, chat: str) -> timedelta:
        """Wait for our turn to write there if it comes soon; nothing then, else how long it still takes."""
        waited = timedelta()
        for limit, who in self._limits(chat):
            while left := self._tally.hit(limit, self._name, who):
                if waited + left > PATIENCE:
                    return left
                self._sleep(left.total_seconds())
                waited += left
        return timedelta()

    def pause(self, length: timedelta) -> None:
        """Telegram wants to hear nothing from this bot for so long, in whatever chat."""
        self._tally.pause(self._name, length)

    @property
    def rest(self) -> timedelta:
        """How much longer it wants to hear nothing."""
        return self._tally.paused(self._name)

    def _limits(self, chat: str) -> list[tuple[RateLimitItem, str]]:
        """Groups have negative numbers."""
        group = [(GROUP, chat)] if chat.startswith("-") else []
        return [*group, (self._chat, chat), (self._overall, "all")]
