"""The demo's workshops, for conversations on a real calendar."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.database import engine_for
from app.demo import SOURCES, fill
from app.throwaway import template_database, throwaway_database


@pytest.fixture(scope="session")
def demo(server: str) -> Iterator[Engine]:
    """A database with the demo's workshops, this worker's own."""
    template = template_database(server, kind="demo", fill=fill, sources=SOURCES)
    with throwaway_database(server, template) as url, engine_for(url) as engine:
        yield engine


@pytest.fixture
def workshops(demo: Engine) -> Iterator[Session]:
    """The demo's workshops with an empty calendar; whatever is booked is taken back after the test."""
    with demo.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()
