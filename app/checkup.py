"""What the bot needs to run, looked at piece by piece."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass

from app import duties
from app.database import engine_for, in_transaction, session_factory
from app.embedded import ServerUnavailable
from app.migrating import current_migration, newest_migration
from app.servers import database_server, redis_server
from app.settings import Settings


@dataclass(frozen=True)
class Finding:
    what: str
    well: bool
    words: str  # what was found or, if all is not well, how to get it


def checkup(settings: Settings) -> Iterator[Finding]:
    """The findings one by one, as some take their time. Starts the embedded servers if those are the ones to use."""
    yield Finding("Python", True, platform.python_version())
    yield Finding("Home", True, str(settings.werkstatt_home))
    yield from _database(settings)
    yield _redis(settings)


def _database(settings: Settings) -> Iterator[Finding]:
    whose = "of DATABASE_URL" if settings.database_url else "embedded"
    try:
        with database_server(settings) as url, engine_for(url) as engine:
            with engine.connect() as connection:
                version = ".".join(map(str, connection.dialect.server_version_info or ()))
            current, newest = current_migration(engine), newest_migration()
            worker = current == newest and in_transaction(session_factory(engine), duties.is_alive)
    except ServerUnavailable as error:
        yield Finding("PostgreSQL", False, str(error))
    else:
        yield Finding("PostgreSQL", True, f"{version}, {whose}")
        if current == newest:
            yield Finding("Migrations", True, f"at {current}, the newest")
            yield Finding("Worker", True, "at work" if worker else "absent; nobody is reminded until: werkstatt worker")
        else:
            yield Finding(
                "Migrations", False, f"at {current or 'none'}, the newest is {newest}. Run: werkstatt migrate"
            )


def _redis(settings: Settings) -> Finding:
    from redis import Redis, RedisError

    whose = "of REDIS_URL" if settings.redis_url else "embedded"
    try:
        with redis_server(settings) as url, Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5) as client:
            client.ping()
    except ServerUnavailable as error:
        return Finding("Redis", False, str(error))
    except (RedisError, ValueError) as error:
        return Finding("Redis", False, f"{error} Correct REDIS_URL, or unset it for an embedded Valkey.")
    return Finding("Redis", True, whose)
