"""Runs migrations one process at a time, and gives way to bookings rather than make them wait."""

from collections.abc import Iterable
from contextlib import ExitStack

from alembic import context
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text

from app.servers import database_server
from app.settings import Settings
from booking_core.tables import Base

ONE_AT_A_TIME = 0x57_45_52_4B  # The advisory lock's number; it spells WERK.


def number(_: MigrationContext, __: Iterable[str | None] | Iterable[str] | str, made: list[MigrationScript]) -> None:
    """A new migration has the next number."""
    newest = ScriptDirectory.from_config(context.config).get_current_head()
    for script in made:
        script.rev_id = f"{int(newest or 0) + 1:04}"


def migrate(connection: Connection) -> None:
    # Before the lock timeout, which would hold for this wait too; given back when the connection closes.
    connection.execute(text("select pg_advisory_lock(:number)"), {"number": ONE_AT_A_TIME})
    connection.execute(text("set lock_timeout = '2s'"))
    connection.commit()
    context.configure(
        connection,
        target_metadata=Base.metadata,
        transaction_per_migration=True,
        process_revision_directives=number,
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    context.configure(dialect_name="postgresql", target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with ExitStack() as stack:
        url = context.config.get_main_option("sqlalchemy.url") or stack.enter_context(database_server(Settings()))
        engine = create_engine(url, poolclass=NullPool)
        migrate(stack.enter_context(engine.connect()))
