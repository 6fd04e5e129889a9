"""The walks through the API that its description shows: a guest's, and a day of staff."""

from tests.app.api.tour import Tour
from tests.app.api.walks import evening, guest, house, inbox, morning, office, sessions


def walk_of_staff(tour: Tour) -> None:
    ask = office.opened(tour)
    sessions.walk(tour)
    for part in (morning, inbox, house, evening):
        part.walk(ask)


WALKS = {"api_examples.json": guest.walk, "staff_api_examples.json": walk_of_staff}
"""By the file in `app/data/` that keeps what was answered."""
