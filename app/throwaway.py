"""Databases for one use: copied from a template within milliseconds, dropped when their user is done or dead."""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from app.migrating import MIGRATIONS, migrate

TEMPLATE, COPY = "werkstatt_template_", "werkstatt_once_"
BUILDING = 0x42_41_55


def template_database(server: str, *, kind: str, fill: Callable[[Engine], None], sources: Iterable[Path] = ()) -> str:
    """The name of a migrated database, filled with data; made unless there is one from the same sources.

    `server` is the URL of any database on the server, the same for everybody; `sources` are the files besides the
    migrations that decide what the data is. A new template replaces the older ones of its kind.
    """
    prefix = f"{TEMPLATE}{kind}_"
    digest = hashlib.sha256()
    for source in sorted([*(MIGRATIONS / "versions").glob("*.py"), *sources]):
        digest.update(source.read_bytes())
    name = prefix + digest.hexdigest()[:16]
    with _administration(server) as admin:
        admin.execute(text("select pg_advisory_lock(:key)"), {"key": BUILDING})
        known = _databases(admin, prefix)
        if name not in known:
            for stale in known:
                _try_to_drop(admin, stale)
            _build(admin, server, name, fill)
    return name


@contextmanager
def throwaway_database(server: str, template: str) -> Iterator[str]:
    """The URL of a copy of the template that is ours alone and vanishes afterwards."""
    name = COPY + secrets.token_hex(8)
    with _administration(server) as admin:
        _sweep(admin)
        # As long as this connection lives so does its lock, by which others see that the copy is still in use.
        admin.execute(text("select pg_advisory_lock(hashtext(:name))"), {"name": name})
        admin.execute(text(f'create database "{name}" template "{template}"'))
        try:
            yield _beside(server, name)
        finally:
            _drop(admin, name)


def _build(admin: Connection, server: str, name: str, fill: Callable[[Engine], None]) -> None:
    unfinished = f"{TEMPLATE}unfinished"
    _drop(admin, unfinished)
    admin.execute(text(f'create database "{unfinished}"'))
    engine = create_engine(_beside(server, unfinished), poolclass=NullPool)
    migrate(engine)
    fill(engine)
    admin.execute(text(f'alter database "{unfinished}" rename to "{name}"'))


def _sweep(admin: Connection) -> None:
    """Drop the copies of those who died before they could."""
    for name in _databases(admin, COPY):
        if admin.execute(text("select pg_try_advisory_lock(hashtext(:name))"), {"name": name}).scalar():
            _drop(admin, name)
            admin.execute(text("select pg_advisory_unlock(hashtext(:name))"), {"name": name})


def _databases(admin: Connection, prefix: str) -> list[str]:
    query = text("select datname from pg_database where starts_with(datname, :prefix)")
    return list(admin.execute(query, {"prefix": prefix}).scalars())


def _drop(admin: Connection, name: str) -> None:
    admin.execute(text(f'drop database if exists "{name}" with (force)'))


def _try_to_drop(admin: Connection, name: str) -> None:
    try:
        admin.execute(text(f'drop database "{name}"'))
    except DBAPIError:  # Somebody is copying it; the next one to build a template will get it.
        return


@contextmanager
def _administration(server: str) -> Iterator[Connection]:
    engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with closing(engine.connect()) as connection:
        yield connection


def _beside(server: str, name: str) -> str:
    return make_url(server).set(database=name).render_as_string(hide_password=False)
