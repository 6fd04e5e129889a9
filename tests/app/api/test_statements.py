"""How many round trips to the database a request may cost. These numbers should only fall."""

from tests.app.api.house import House, somebody
from tests.counting import counted


def test_what_a_guests_requests_cost(house: House) -> None:
    cost = {}
    with counted(house.engine) as tally:
        held = house.hold("2026-12-14T08:00")
    cost["hold"] = tally.round_trips
    with counted(house.engine) as tally:
        booked = house.book("2026-12-14T10:00", customer=somebody())
    cost["book"] = tally.round_trips
    with counted(house.engine) as tally:
        house.show(booked)
    cost["show"] = tally.round_trips
    for one in (held, booked):
        house.client.delete(one.path, headers=one.may_change)
    assert cost == {"hold": 13, "book": 21, "show": 7}
