"""The two servers we lean on: one's own where the settings name one, embedded otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.embedded import Postgres, Valkey, shared
from app.settings import Settings


@contextmanager
def database_server(settings: Settings) -> Iterator[str]:
    """The database's URL, good until the end of the block; raises ServerUnavailable."""
    if settings.database_url:
        yield settings.database_url
    else:
        with shared(Postgres(), settings.werkstatt_home) as url:
            yield url


@contextmanager
def redis_server(settings: Settings) -> Iterator[str]:
    """The URL of Redis, good until the end of the block; raises ServerUnavailable."""
    if settings.redis_url:
        yield settings.redis_url
    else:
        with shared(Valkey(), settings.werkstatt_home) as url:
            yield url
