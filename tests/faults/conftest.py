"""A house for each file of tests; what its tests leave behind stays, and has to be in order."""

from collections.abc import Iterator

import pytest

from app.database import engine_for
from app.throwaway import throwaway_database
from tests.faults.house import House, a_house


@pytest.fixture(scope="module")
def built(server: str, template: str) -> Iterator[House]:
    with throwaway_database(server, template) as url, engine_for(url) as engine, a_house(engine) as house:
        yield house


@pytest.fixture
def house(built: House) -> Iterator[House]:
    """The house, with nobody at work in it before and after."""
    yield built
    built.end_all()
    built.twilio.mood.planned.clear()
    built.telegram.mood.planned.clear()
