"""The migrations say what the models say, and can be taken back."""

import itertools
import re
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event, inspect, text
from sqlalchemy.exc import OperationalError

from app.migrating import alembic_config, current_migration, migrate, newest_migration
from booking_core.tables import Base

FATAL = 12
"""The table before which the server's end of the line is killed."""


def test_models_and_migrations_agree(engine: Engine) -> None:
    with engine.connect() as connection:
        differences: list[Any] = compare_metadata(MigrationContext.configure(connection), Base.metadata)
    assert differences == []


def test_checks_agree_too(engine: Engine, database: Engine) -> None:
    """Alembic does not compare check constraints, so the database compares what it made of either."""
    with database.begin() as connection:
        connection.execute(text("drop schema public cascade"))
        connection.execute(text("create schema public"))
        Base.metadata.create_all(connection)
    assert checks(engine) == checks(database)


def checks(engine: Engine) -> list[tuple[str, str, str]]:
    query = """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
        where contype = 'c' and connamespace = 'public'::regnamespace order by 1, 2
    """
    with engine.connect() as connection:
        return [(table, name, rule) for table, name, rule in connection.execute(text(query))]


def test_every_step_can_be_taken_back_and_taken_again(database: Engine) -> None:
    command.downgrade(alembic_config(database), "base")
    assert inspect(database).get_table_names() == ["alembic_version"]
    assert current_migration(database) is None
    migrate(database)
    assert current_migration(database) == newest_migration()


def test_a_database_that_is_there_already_is_left_alone(engine: Engine) -> None:
    migrate(engine)
    assert current_migration(engine) == newest_migration()


def test_migrations_form_one_numbered_line(engine: Engine) -> None:
    scripts = ScriptDirectory.from_config(alembic_config(engine))
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert revisions == sorted(revisions, reverse=True)
    assert all(re.fullmatch(r"\d{4}", revision) for revision in revisions)
    assert revisions[0] == newest_migration()


def test_a_migration_gives_way_rather_than_make_a_booking_wait(database: Engine) -> None:
    command.downgrade(alembic_config(database), "-1")
    with database.begin() as connection:
        connection.execute(text("lock table alembic_version in access exclusive mode"))
        with pytest.raises(Exception, match="lock timeout"):
            command.upgrade(alembic_config(database), "head")


def test_a_migration_that_is_killed_in_the_middle_is_taken_up_where_it_was(database: Engine) -> None:
    """Each is one transaction: those before the kill stay, and of the one it hit there is nothing."""
    config, statements = alembic_config(database), itertools.count()
    command.downgrade(config, "base")

    def kill(_: object, cursor: Any, statement: str, *__: object) -> None:
        if statement.lstrip().upper().startswith("CREATE TABLE") and next(statements) == FATAL:
            cursor.execute("select pg_terminate_backend(pg_backend_pid())")

    event.listen(Engine, "before_cursor_execute", kill)
    try:
        with pytest.raises(OperationalError):
            command.upgrade(config, "head")
    finally:
        event.remove(Engine, "before_cursor_execute", kill)
    reached = current_migration(database)
    assert reached is not None
    assert reached < newest_migration()
    migrate(database)
    assert current_migration(database) == newest_migration()
