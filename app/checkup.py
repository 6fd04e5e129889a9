"""What the bot needs to run, looked at piece by piece."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app import duties
from app.database import engine_for, in_transaction, session_factory
from app.embedded import ServerUnavailable
from app.migrating import current_migration, newest_migration
from app.servers import database_server, redis_server
from app.settings import Settings
from booking_core import audit
from booking_core.tables import StaffUserRow, WorkshopRow
from channels import open_channels
from channels.agreements import without_agreement
from channels.channel import Misconfigured


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
    yield _channels(settings)


def _database(settings: Settings) -> Iterator[Finding]:
    whose = "of DATABASE_URL" if settings.database_url else "embedded"
    try:
        with database_server(settings) as url, engine_for(url) as engine:
            with engine.connect() as connection:
                version = ".".join(map(str, connection.dialect.server_version_info or ()))
            current, newest = current_migration(engine), newest_migration()
            worker = current == newest and in_transaction(session_factory(engine), duties.is_alive)
            inside = list(_inside(engine)) if current == newest else []
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
        yield from inside


def _inside(engine: Engine) -> Iterator[Finding]:
    """What a house needs besides its tables; one that is just being built has none of it yet, and that is well."""
    with Session(engine) as session:
        workshops = session.scalar(select(func.count()).select_from(WorkshopRow)) or 0
        staff = session.scalar(select(func.count()).where(StaffUserRow.disabled_at.is_(None))) or 0
        broken = audit.broken_links(session)
    yield Finding("Workshops", True, str(workshops or "none yet. Run: werkstatt import workshops FILE"))
    yield Finding("Staff", True, f"{staff} may sign in" if staff else "nobody yet. Run: werkstatt staff create")
    if broken:
        yield Finding("Audit log", False, f"changed after it was written, at {', '.join(map(str, broken[:5]))}")
    else:
        yield Finding("Audit log", True, "every entry vouches for the one before it")


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


def _channels(settings: Settings) -> Finding:
    """Which are set up, and whether anybody has looked at what their providers do with customers' data."""
    try:
        with open_channels(settings) as opened:
            names = list(opened)
    except Misconfigured as error:
        return Finding("Channels", False, str(error))
    unagreed = without_agreement(names, settings.agreements)
    wanting = f"; AGREEMENTS does not name {', '.join(unagreed)}: see docs/Privacy.md" if unagreed else ""
    return Finding("Channels", True, (", ".join(names) or "none yet") + wanting)
