"""The threads of a process that answers: some think, some carry letters, one makes its rounds."""

import logging
import threading
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Self

from sqlalchemy.orm import Session

from app import courier, mailroom
from app.clock import database_now
from app.courier import Courier, Sessions
from app.database import in_transaction
from app.heap import settle
from app.mailroom import Turn
from booking_core.values import WorkshopId
from bot import outbox, turn
from bot.menu import menus
from bot.messages import Address, InboundMessage
from bot.readiness import get_ready
from channels.channel import Channel, News

log = logging.getLogger(__name__)

THINKERS = 2
"""More would not think faster, as they share one interpreter, but keep webhooks waiting for it."""

CARRIERS = 10
"""Per channel, so that one provider that hangs holds up no other; they come when there is more than one can carry."""

ROUND = 2.0
"""Seconds between two rounds. What a dead process left undone waits a little longer than that."""

MISSED_EVERY, MISSED_SINCE = timedelta(hours=1), timedelta(hours=2)


class Office:
    """Takes in news, has it answered, and sends what is due, also what others have left lying.

    Only the database knows what there is to do; the threads may die at any moment.
    """

    def __init__(
        self,
        sessions: Sessions,
        channels: Mapping[str, Channel],
        *,
        turn: Turn = turn.answer,
        every: float = ROUND,
    ) -> None:
        """Make a round `every` so many seconds."""
        self._sessions, self._channels, self._turn = sessions, channels, turn
        self._thinkers = ThreadPoolExecutor(THINKERS, "thinker")
        self._carriers = {name: ThreadPoolExecutor(CARRIERS, f"carrier-{name}") for name in channels}
        self._couriers = {
            name: Courier(sessions, {name: channel}, help_wanted=partial(self.carry, name))
            for name, channel in channels.items()
        }
        self._queued: set[object] = set()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._every = every
        self._rounds = threading.Thread(target=self._make_rounds, name="rounds", daemon=True)
        self._missed_at: datetime | None = None

    def __enter__(self) -> Self:
        for name, channel in self._channels.items():
            self._carriers[name].submit(_show_menus, channel)
        self._rounds.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Finish what was begun; what is only queued stays in the database."""
        self._closing.set()
        self._rounds.join()
        for pool in (self._thinkers, *self._carriers.values()):
            pool.shutdown(cancel_futures=True)

    def prepare(self) -> None:
        """Load what understanding needs, beside whatever else is going on."""
        self._thinkers.submit(get_ready).add_done_callback(lambda _: settle())

    def receive(self, news: list[News]) -> None:
        """Store the news; once this returns it is safe, and will be answered."""
        for message in mailroom.take_in(self._sessions, news, self._channels):
            name = message.sender.channel
            if message.handle is not None:
                self._carriers[name].submit(_acknowledge, self._channels[name], message)
            self._answer(message.sender)

    def _answer(self, sender: Address) -> None:
        def turn(session: Session, message: InboundMessage, *, now: datetime) -> Collection[WorkshopId]:
            freed = self._turn(session, message, now=now)
            if sender.channel in self._channels:  # We carry the answer ourselves; nobody need be woken for it.
                session.info.get(outbox.POSTED, set()).discard(sender.channel)
            return freed

        def work() -> None:
            if mailroom.answer(self._sessions, sender, turn=turn):
                self.carry(sender.channel, sender)

        self._queue(self._thinkers, ("answer", sender), work)

    def carry(self, name: str, recipient: Address | None = None) -> None:
        """Send what is due on a channel, or to one person there; nothing where the channel is none of ours."""
        if channel := self._channels.get(name):
            to_one = partial(courier.drain, self._sessions, {name: channel}, recipient=recipient)
            work = to_one if recipient else self._couriers[name].drain
            self._queue(self._carriers[name], ("carry", name, recipient), work)

    def _queue(self, pool: ThreadPoolExecutor, job: object, work: Callable[[], object]) -> None:
        """Unless the same job waits already: it will find this work too. One that has begun may just have missed it."""

        def run() -> None:
            with self._lock:
                self._queued.discard(job)
            work()

        with self._lock:
            if job in self._queued or self._closing.is_set():
                return
            self._queued.add(job)
        pool.submit(run).add_done_callback(_log_failure)

    def _make_rounds(self) -> None:
        while not self._closing.wait(self._every):
            try:
                self.make_round()
            except Exception as error:  # The database may be away; the next round will see.
                log.error("a round failed", extra={"error": type(error).__name__})

    def make_round(self) -> None:
        """Have done what is due and nobody is at."""
        for sender in mailroom.overdue(self._sessions):
            self._answer(sender)
        for name, channel in self._channels.items():
            clear = partial(courier.clear_doubts, self._sessions, {name: channel})
            self._queue(self._carriers[name], ("doubts", name), clear)
            self.carry(name)
        self._look_for_missed()

    def _look_for_missed(self) -> None:
        now = in_transaction(self._sessions, database_now)
        if self._missed_at is not None and now - self._missed_at < MISSED_EVERY:
            return
        self._missed_at = now
        for name, channel in self._channels.items():
            fetch = partial(self._take_in_missed, channel, now - MISSED_SINCE)
            self._queue(self._carriers[name], ("missed", name), fetch)

    def _take_in_missed(self, channel: Channel, since: datetime) -> None:
        self.receive(list(channel.missed(since)))


def _acknowledge(channel: Channel, message: InboundMessage) -> None:
    if not channel.rest:
        channel.acknowledge(message)


def _show_menus(channel: Channel) -> None:
    try:
        channel.show_menus(menus())
    except Exception as error:  # Not with its words, which may hold a token.
        log.warning("a channel shows no menu", extra={"channel": channel.name, "error": type(error).__name__})


def _log_failure(done: Future[None]) -> None:
    if not done.cancelled() and (error := done.exception()):
        log.error("work left for the next round", exc_info=error)
