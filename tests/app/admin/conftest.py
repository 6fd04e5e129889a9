"""A house for the tests of one file."""

from collections.abc import Iterator

import pytest

from app.database import engine_for
from app.throwaway import throwaway_database
from tests.app.admin.house import House, a_house


@pytest.fixture(scope="module")
def house(server: str, template: str) -> Iterator[House]:
    with throwaway_database(server, template) as url, engine_for(url, pool_size=20) as engine, a_house(engine) as house:
        yield house
