"""The same booking on every chat channel: webhook in, provider's API out, appointment in PostgreSQL."""

import pytest
from sqlalchemy import Engine

from tests.app.town import CUSTOMERS, a_town, answer_to


@pytest.mark.parametrize("channel", CUSTOMERS)
def test_a_booking(database: Engine, channel: str) -> None:
    with a_town(database) as town:
        customer = CUSTOMERS[channel](town)
        print(answer_to(customer, "Moin, Ölwechsel in 50667 bitte, so bald wie möglich"))
        print(answer_to(customer, choose=":"))
        print(answer_to(customer, "K-AB 1234"))
        print(answer_to(customer, "petra@example.de"))
        print(answer_to(customer, "Petra Müller"))
        print(answer_to(customer, choose="uch"))
        print(answer_to(customer, "meine Termine"))
    assert 0
