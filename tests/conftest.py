"""One server for all tests, one migrated template, one copy of it per worker; each test is rolled back."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.database import engine_for
from app.embedded import Postgres, Valkey, shared, temporary_home
from app.settings import with_our_driver
from app.throwaway import template_database, throwaway_database

HOME = pytest.StashKey[Path]()

# How busy the machine is says nothing about the code.
settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Whoever directs the tests decides where their server lives; the workers find it there."""
    if worker := getattr(config, "workerinput", None):
        config.stash[HOME] = Path(worker["home"])
    else:
        stack = ExitStack()
        config.stash[HOME] = stack.enter_context(temporary_home())
        config.add_cleanup(stack.close)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    node.workerinput["home"] = str(node.config.stash[HOME])


@pytest.fixture(scope="session")
def server(pytestconfig: pytest.Config) -> Iterator[str]:
    """The URL of a database on the server, not to be written to: DATABASE_URL's or an embedded one's."""
    if url := os.environ.get("DATABASE_URL"):
        yield with_our_driver(url)
    else:
        with shared(Postgres(durable=False), pytestconfig.stash[HOME]) as url:
            yield url


@pytest.fixture(scope="session")
def redis_url(pytestconfig: pytest.Config) -> Iterator[str]:
    """The URL of Redis, for tests that leave only keys of their own: REDIS_URL's or an embedded one's."""
    if url := os.environ.get("REDIS_URL"):
        yield url
    else:
        with shared(Valkey(durable=False), pytestconfig.stash[HOME]) as url:
            yield url


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """The name of the migrated, empty database that all others are copies of."""
    return template_database(server, kind="empty", fill=lambda engine: None)


@pytest.fixture(scope="session")
def engine(server: str, template: str) -> Iterator[Engine]:
    """This worker's database; what is committed here stays for the tests that follow."""
    with throwaway_database(server, template) as url, engine_for(url) as engine:
        yield engine


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session that may commit and roll back as it likes: the test's own transaction is never committed."""
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()


@pytest.fixture
def database(server: str, template: str) -> Iterator[Engine]:
    """A database of the test's own, for real commits and many connections."""
    with throwaway_database(server, template) as url, engine_for(url) as engine:
        yield engine
