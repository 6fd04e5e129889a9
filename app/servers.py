"""The two servers we lean on: one's own where the settings name one, embedded otherwise."""

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

from app.embedded import Postgres, ServerUnavailable, Valkey, shared
from app.embedded.server import Server
from app.settings import Settings

log = logging.getLogger(__name__)


@contextmanager
def database_server(settings: Settings) -> Iterator[str]:
    """The URL of a database that answers, good until the end of the block; raises ServerUnavailable."""
    if settings.database_url:
        _knock(settings.database_url)
        yield settings.database_url
    else:
        with shared(Postgres(), settings.werkstatt_home) as url:
            yield url


@contextmanager
def redis_server(settings: Settings) -> Iterator[str]:
    """The URL of Redis, good until the end of the block; raises ServerUnavailable only for an embedded one.

    One's own may be away for a while: nothing is lost without it, things only take longer.
    """
    if settings.redis_url:
        yield settings.redis_url
    else:
        with shared(Valkey(), settings.werkstatt_home) as url:
            yield url


@contextmanager
def optional_redis(settings: Settings) -> Iterator[str | None]:
    """The URL as above, None where there is no embedded one: a bell is good to have, and not needed."""
    with ExitStack() as stack:
        try:
            url: str | None = stack.enter_context(redis_server(settings))
        except ServerUnavailable as error:
            log.warning("working without Redis", extra={"error": type(error).__name__})
            url = None
        yield url


@contextmanager
def started_early(settings: Settings) -> Iterator[None]:
    """Embedded servers start beside whatever else is done in the block; whoever wants one asks for it as always."""
    servers: list[Server] = []
    if settings.database_url is None:
        servers.append(Postgres())
    if settings.redis_url is None:
        servers.append(Valkey())
    leaving = threading.Event()

    def use(server: Server) -> None:
        with suppress(ServerUnavailable), shared(server, settings.werkstatt_home):
            leaving.wait()

    users = [threading.Thread(target=use, args=(server,), daemon=True) for server in servers]
    for user in users:
        user.start()
    try:
        yield
    finally:
        leaving.set()
        for user in users:
            user.join()


def _knock(url: str) -> None:
    from sqlalchemy import NullPool, create_engine
    from sqlalchemy.exc import ArgumentError, OperationalError

    try:
        create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 5}).connect().close()
    except (ArgumentError, OperationalError) as error:
        reason = " ".join(str(getattr(error, "orig", error)).split())
        raise ServerUnavailable(
            f"The database does not answer: {reason} Correct DATABASE_URL, or unset it for an embedded PostgreSQL."
        ) from error
