"""A database for the demo alone: what happens on its phones leaves everybody else's data as it is."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import NullPool, create_engine, make_url, text

NAME = "werkstatt_demo"
RUNNING = 0x44_45_4D_4F


class DemoRuns(Exception):
    """A demo is running on this database server already."""


@contextmanager
def demo_database(server: str) -> Iterator[str]:
    """The URL of the demo's database beside this one, made if need be. Raises DemoRuns: two would answer each other."""
    engine = create_engine(server, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with closing(engine.connect()) as admin:
        if not admin.scalar(text("select pg_try_advisory_lock(:key)"), {"key": RUNNING}):
            raise DemoRuns
        if not admin.scalar(text("select count(*) from pg_database where datname = :name"), {"name": NAME}):
            admin.execute(text(f'create database "{NAME}"'))
        yield make_url(server).set(database=NAME).render_as_string(hide_password=False)
