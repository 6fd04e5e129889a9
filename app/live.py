"""Telling open pages that something was committed, whoever did it."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

EVERY = 0.25
"""Seconds between two looks; a page shows what happened well within one."""

LASTING = 600.0
"""Seconds after which a page must come again, and prove anew who is looking."""


class Watch:
    """Looks at the database's snapshot, which is another one after each commit.

    A NOTIFY would say more, but inside of a booking all bookings would queue for it; and the highest id of a table
    misses whoever took a lower one and commits later. One look serves all who watch.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._seen, self._looked_at = "", -EVERY

    async def changes(self, *, every: float = EVERY, lasting: float = LASTING) -> AsyncIterator[str]:
        """A mark for what there is now, then another one each time something changed."""
        shown = ""
        until = time.monotonic() + lasting
        while time.monotonic() < until:
            seen = await run_in_threadpool(self._look, every)
            if seen != shown:
                yield seen
                shown = seen
            await asyncio.sleep(every)

    def _look(self, every: float) -> str:
        with self._lock:
            if time.monotonic() - self._looked_at >= every:
                try:
                    with self._engine.connect() as connection:
                        snapshot = connection.execute(text("select pg_current_snapshot()::text")).scalar_one()
                    self._seen = str(snapshot)
                except SQLAlchemyError:  # It may be away for a while; the next look will see.
                    pass
                self._looked_at = time.monotonic()
            return self._seen
