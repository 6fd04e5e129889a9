"""The engine and the transaction: all that the upper floors need to know of the database's ways."""

import random
import select
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker

from app.telemetry import tracing

T = TypeVar("T")

TIMEOUTS = {"lock_timeout": "5s", "statement_timeout": "15s", "idle_in_transaction_session_timeout": "30s"}
RETRIES = 3
POOL_SIZE = 20
"""Connections that a process keeps; SQLAlchemy opens ten more when all are in use."""

KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
SERIALIZATION_FAILURE, DEADLOCK_DETECTED = "40001", "40P01"


def connect(url: str, *, pool_size: int = 5) -> Engine:
    """An engine whose connections wait for nothing for ever and speak UTC."""
    options = " ".join(f"-c {name}={value}" for name, value in (TIMEOUTS | {"timezone": "UTC"}).items())
    engine = create_engine(
        url,
        pool_size=pool_size,
        hide_parameters=True,  # They are people's words and numbers, and errors end in logs.
        connect_args={"options": options, "connect_timeout": 5, "application_name": "werkstatt", **KEEPALIVE},
    )
    event.listen(engine, "checkout", _look_at_the_line)
    tracing.follow(engine)
    return engine


def _look_at_the_line(connection: psycopg.Connection[Any], *_: object) -> None:
    """Take no connection out of the pool that the server has closed: then there is something to read on it.

    To ask the server itself each time would cost a round trip for every transaction.
    """
    line = select.poll()
    line.register(connection.fileno(), select.POLLIN)
    if line.poll(0):
        raise InvalidatePoolError("the server has closed the connection")


@contextmanager
def engine_for(url: str, *, pool_size: int = 5) -> Iterator[Engine]:
    """An engine as of `connect`, whose connections are closed at the end of the block."""
    engine = connect(url, pool_size=pool_size)
    try:
        yield engine
    finally:
        engine.dispose()


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose rows stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


def in_transaction(sessions: Callable[[], Session], work: Callable[[Session], T]) -> T:
    """Do the work in one transaction and commit it; a deadlock or serialization failure begins it anew, three times.

    The work must leave nothing outside of the database that a second run would spoil.
    """
    return _with_retries(partial(_commit, sessions, work))


def at_once(sessions: Callable[[], Session], work: Callable[[Session], T]) -> T:
    """The same for work that is one statement, or whose statements may each stand alone: each commits by itself.

    It saves the two round trips of a transaction's begin and end.
    """
    return _with_retries(partial(_commit, sessions, work, isolation_level="AUTOCOMMIT"))


def _commit(sessions: Callable[[], Session], work: Callable[[Session], T], **options: Any) -> T:
    with sessions() as session, session.begin():
        if options:
            session.connection(execution_options=options)
        return work(session)


def _with_retries(attempt: Callable[[], T]) -> T:
    for number in range(RETRIES):
        try:
            return attempt()
        except DBAPIError as error:
            if not _may_succeed_next_time(error):
                raise
        time.sleep(random.uniform(0, 0.02 * 2**number))
    return attempt()


def _may_succeed_next_time(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in {SERIALIZATION_FAILURE, DEADLOCK_DETECTED}
