"""A workshop that is served, and somebody who calls its API."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from app.clock import set_clock
from app.database import engine_for
from app.http.rates import Rate, Rates
from app.http.site import Site
from app.throwaway import throwaway_database
from app.web import create_app
from tests.app.api.house import House
from tests.app.serving import client_of
from tests.booking_core.builders import NOW, a_garage, a_service

PLENTY = Rates(*(Rate(name, 100_000, 60) for name in ("default", "staff", "booking")))


@pytest.fixture(scope="module")
def house(server: str, template: str) -> Iterator[House]:
    """A workshop with two lifts on a Monday morning; each test takes a day of its own."""
    with throwaway_database(server, template) as url, engine_for(url) as engine:
        with Session(engine) as session, session.begin():
            set_clock(session, NOW)
            garage = a_garage(session, lifts=2, max_open_appointments=50, horizon_days=120)
            wheels = a_service(session, garage.workshop, "tyre-change", minutes=30, name="Reifenwechsel", price=4500)
        with client_of(create_app(engine, {}, Site(rates=PLENTY))) as client:
            yield House(engine, client, garage, wheels)
