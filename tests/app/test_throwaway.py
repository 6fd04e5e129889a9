"""Databases for one use: quick to get, alone in the world, gone afterwards."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url, text

from app.migrating import current_migration, newest_migration
from app.throwaway import COPY, TEMPLATE, template_database, throwaway_database


def databases(server: str, prefix: str) -> set[str]:
    query = text("select datname from pg_database where starts_with(datname, :prefix)")
    with create_engine(server, poolclass=NullPool).connect() as connection:
        return set(connection.execute(query, {"prefix": prefix}).scalars())


def test_it_is_a_migrated_copy_and_gone_afterwards(server: str, template: str) -> None:
    with throwaway_database(server, template) as url:
        name = make_url(url).database
        assert name in databases(server, COPY)
        assert current_migration(create_engine(url, poolclass=NullPool)) == newest_migration()
    assert name not in databases(server, COPY)


def test_it_goes_even_while_somebody_is_connected(server: str, template: str) -> None:
    with throwaway_database(server, template) as url:
        connection = create_engine(url, poolclass=NullPool).connect()
        connection.execute(text("select 1"))
    assert make_url(url).database not in databases(server, COPY)
    connection.invalidate()


def test_what_the_dead_left_is_swept_and_what_the_living_use_is_not(server: str, template: str) -> None:
    orphan = f"{COPY}orphan"
    with create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT").connect() as admin:
        admin.execute(text(f'create database "{orphan}"'))
    with throwaway_database(server, template) as living, throwaway_database(server, template):
        left = databases(server, COPY)
        assert orphan not in left
        assert make_url(living).database in left


def test_a_template_is_filled_once_for_the_same_sources(server: str, tmp_path: Path) -> None:
    fillings = []
    source = tmp_path / "data.toml"

    def fill(engine: Engine) -> None:
        fillings.append(engine)

    source.write_text(str(tmp_path))
    first = template_database(server, kind="filled", fill=fill, sources=[source])
    again = template_database(server, kind="filled", fill=fill, sources=[source])
    assert first == again
    assert len(fillings) == 1
    source.write_text("other words")
    assert template_database(server, kind="filled", fill=fill, sources=[source]) != first


def test_a_filling_that_fails_leaves_no_template(server: str, tmp_path: Path) -> None:
    source = tmp_path / "data.toml"
    source.write_text(str(tmp_path))
    known = databases(server, TEMPLATE)

    def fill(engine: Engine) -> None:
        raise ValueError("bad data")

    with pytest.raises(ValueError, match="bad data"):
        template_database(server, kind="filled", fill=fill, sources=[source])
    assert databases(server, TEMPLATE) - known <= {f"{TEMPLATE}unfinished"}
