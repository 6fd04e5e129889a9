"""How many statements and round trips a turn may cost. Counts do not depend on the machine, as times do."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import courier, mailroom, rounds
from app.database import engine_for, in_transaction, session_factory
from app.demo import SOURCES, fill
from app.throwaway import template_database, throwaway_database
from bot.messages import Address, InboundMessage
from tests.app.post_office import Board
from tests.booking_core.builders import a_garage, berlin
from tests.counting import counted
from tests.faults.workshop import a_customer_by_sms, book, set_time

PETRA = Address("telegram", "4711")
TALK = (
    ("hallo", 16),
    ("Was kostet eine Inspektion?", 10),
    ("Ölwechsel nächste Woche in 50667", 15),
    ("1", 14),
    ("Petra Müller", 6),
    ("K-PM 123", 6),
    ("petra@example.de", 6),
    ("ja", 25),
    ("absagen", 10),
    ("ja", 26),
)
"""What is said, and the round trips its turn may make: a statement each, and two for a transaction.

The first also asks what workshops call their work, which every minute one turn does; the second whether there is but
one workshop, which spares the question where.
"""


@pytest.fixture
def town(server: str) -> Iterator[Engine]:
    """The demo's workshops in a database of the test's own, since whole turns commit."""
    template = template_database(server, kind="demo", fill=fill, sources=SOURCES)
    with throwaway_database(server, template) as url, engine_for(url) as engine:
        yield engine


def test_a_turn_costs_no_more_round_trips_than_it_did(town: Engine) -> None:
    sessions, board = session_factory(town), Board()
    for number, (text, limit) in enumerate(TALK):
        with counted(town) as storing:
            mailroom.take_in(sessions, [InboundMessage(str(number), PETRA, text)], {})
        with counted(town) as turn:
            assert mailroom.answer(sessions, PETRA) == 1
        with counted(town) as carrying:
            assert courier.drain(sessions, {"telegram": board}, recipient=PETRA) == 1
        assert storing.round_trips <= 1
        assert turn.round_trips <= limit, text
        assert carrying.round_trips <= 2
    assert len(board.shown) == len(TALK)


@pytest.mark.parametrize("customers", [2, 20])
def test_many_reminders_cost_as_many_round_trips_as_few(database: Engine, customers: int) -> None:
    sessions, monday = session_factory(database), berlin("2027-03-01 10:00")

    def make_appointments(session: Session) -> None:
        garage = a_garage(session, capacity=customers, horizon_days=900)
        for number in range(customers):
            who = a_customer_by_sms(session, f"+49151{number:08}")
            book(session, garage, who, monday + timedelta(days=1), monday - timedelta(days=3))

    in_transaction(sessions, make_appointments)
    set_time(database, monday + timedelta(minutes=1))
    with counted(database) as writing:
        assert rounds.post_reminders(sessions, {"sms": Board()}) == customers
    assert writing.round_trips == 18
