"""A shift of work in one process: Celery's worker and beat in threads, and beside them loops that need no Redis."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery import beat, worker
from celery.worker import state

from app import duties, rounds
from app.bell import Bell, unheard
from app.database import in_transaction
from app.office import Office
from app.worker import celery, ring
from app.workplace import Workplace, settle_in

log = logging.getLogger(__name__)

ROUND = 0.5
"""Seconds between two looks for work that nobody rang for."""

THREADS = 4
LEAVING_S = 10


@contextmanager
def shift(here: Workplace, redis_url: str | None) -> Iterator[None]:
    """Work until the end of the block; without Redis by the loops alone."""
    settle_in(here)
    closing = threading.Event()
    making_rounds = threading.Thread(target=_do_duties, args=(here, closing), name="duties", daemon=True)
    # What is written here is carried here; where there is Redis, others are called to help.
    with Office(here.sessions, here.channels, every=ROUND) as office, Bell(ring if redis_url else unheard) as bell:
        bell.listen_to(here.sessions, carry=office.carry)
        making_rounds.start()
        try:
            if redis_url is None:
                yield
            else:
                with _celery(redis_url):
                    yield
        finally:
            closing.set()
            making_rounds.join()


def _do_duties(here: Workplace, closing: threading.Event) -> None:
    while not closing.wait(ROUND):
        try:
            for duty in in_transaction(here.sessions, duties.pending):
                duties.perform(duty, here.sessions, here.channels)
            # Many may be due at once: then every worker writes some. Last, so that one that fails holds up no duty.
            rounds.post_reminders(here.sessions, here.channels)
        except Exception as error:  # The database may be away; the next round will see.
            log.error("a round of duties failed", extra={"error": type(error).__name__})


@contextmanager
def _celery(redis_url: str) -> Iterator[None]:
    """Stops what it can within some seconds: a worker that looks for a lost Redis hears nothing else."""
    celery.conf.broker_url = redis_url
    celery.loader.import_default_modules()
    celery.finalize()
    hands: Any = worker.WorkController(
        app=celery,
        pool="threads",
        concurrency=THREADS,
        without_heartbeat=True,
        without_mingle=True,
        without_gossip=True,
    )
    working = threading.Thread(target=hands.start, name="celery", daemon=True)
    clock: Any = beat.EmbeddedService(celery, thread=True, scheduler_cls="celery.beat:Scheduler")
    clock.daemon = True
    working.start()
    clock.start()
    try:
        yield
    finally:
        clock.service.stop()
        state.should_stop = 0
        hands.stop()
        working.join(LEAVING_S)
        state.should_stop = None
