"""A database that many write to at once."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.database import engine_for
from app.throwaway import throwaway_database
from tests.booking_core.builders import a_garage


@pytest.fixture
def busy(server: str, template: str) -> Iterator[Engine]:
    """A database of the test's own with a connection for every thread, and a workshop."""
    with throwaway_database(server, template) as url, engine_for(url, pool_size=20) as engine:
        with Session(engine) as session, session.begin():
            a_garage(session)
        yield engine
