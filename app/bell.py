"""The bell: after a commit it tells who carries that there are letters. Nobody misses it when it breaks."""

import logging
import threading
from collections.abc import Callable, Collection
from typing import Self

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from bot import outbox

log = logging.getLogger(__name__)

PAUSE = 2.0
"""Seconds in which we do not try again after the bell was broken; the letters go out without it."""

Ring = Callable[[str], object]
"""Tells a carrier, or a worker by way of Redis, that there are letters on a channel; may raise, and take a while."""


def unheard(channel: str) -> None:
    """A ring where there is nobody to hear it."""


class Bell:
    """Rings from a thread of its own, so that no request waits for Redis, and once for whatever came together."""

    def __init__(self, ring: Ring) -> None:
        self._ring = ring
        self._channels: set[str] = set()
        self._lock = threading.Lock()
        self._wanted, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._ring_on, name="bell", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._wanted.set()
        self._thread.join(PAUSE)

    def ring(self, channels: Collection[str]) -> None:
        """Return at once, whatever becomes of it."""
        with self._lock:
            self._channels.update(channels)
        self._wanted.set()

    def listen_to(self, sessions: sessionmaker[Session], *, carry: Ring = unheard) -> None:
        """Ring after each transaction of these sessions that posted letters, never inside of it.

        Before that, whoever is at hand to `carry` is told; that must not take a while.
        """

        def after(session: Session, transaction: SessionTransaction) -> None:
            if transaction.parent is None and (channels := session.info.pop(outbox.POSTED, None)):
                for channel in channels:
                    carry(channel)
                self.ring(channels)

        event.listen(sessions, "after_transaction_end", after)

    def _ring_on(self) -> None:
        while self._wanted.wait() and not self._closing.is_set():
            self._wanted.clear()
            with self._lock:
                channels, self._channels = self._channels, set()
            try:
                for channel in channels:
                    self._ring(channel)
            except Exception as error:
                log.warning("the bell is broken", extra={"error": type(error).__name__})
                self._closing.wait(PAUSE)
