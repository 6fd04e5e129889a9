"""Finding a workshop by number, town or postcode."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from booking_core.directory import all_workshops, named_like, nearest_workshops, workshop, workshops_in
from booking_core.errors import UnknownWorkshop
from booking_core.values import WorkshopId
from tests.booking_core.builders import BERLIN, a_garage

KOELN, BONN, MUENCHEN = (50.938, 6.957), (50.735, 7.102), (48.139, 11.566)


def at(session: Session, point: tuple[float, float], **columns: Any) -> WorkshopId:
    return a_garage(session, lat=point[0], lng=point[1], **columns).workshop


def test_a_workshop_is_told_as_customers_see_it(session: Session) -> None:
    identity = a_garage(session, name="Kfz Beispiel", min_notice=90, cancel_cutoff=600).workshop
    place = workshop(session, identity)
    assert (place.name, place.address, place.plz, place.city) == ("Kfz Beispiel", "Musterstraße 1", "50667", "Köln")
    assert (place.min_notice, place.cancel_cutoff) == (timedelta(minutes=90), timedelta(hours=10))
    assert place.zone is BERLIN
    assert place.opening_hours["mon"] == [["08:00", "17:00"]]
    assert place.distance_km is None
    assert all_workshops(session) == [place]


def test_an_unknown_workshop_is_refused(session: Session) -> None:
    with pytest.raises(UnknownWorkshop):
        workshop(session, WorkshopId(0))


def test_the_nearest_comes_first_with_its_distance(session: Session) -> None:
    far, near, nearer = (at(session, point) for point in (MUENCHEN, BONN, KOELN))
    found = nearest_workshops(session, "50667")
    assert [place.id for place in found] == [nearer, near, far]
    assert [place.distance_km for place in found] == [pytest.approx(km, abs=2) for km in (0.7, 25, 456)]


def test_no_more_are_told_than_asked_for(session: Session) -> None:
    at(session, MUENCHEN)
    near, nearer = at(session, BONN), at(session, KOELN)
    assert [place.id for place in nearest_workshops(session, "50667", limit=1)] == [nearer]
    assert [place.id for place in nearest_workshops(session, "50667", limit=2)] == [nearer, near]


def test_pages_follow_each_other_without_gap_or_repetition(session: Session) -> None:
    everywhere = [at(session, point) for point in (MUENCHEN, BONN, KOELN, BONN, KOELN)]
    seen: list[WorkshopId] = []
    while page := nearest_workshops(session, "50667", limit=2, after=seen[-1] if seen else None):
        seen += [place.id for place in page]
    assert seen == [place.id for place in nearest_workshops(session, "50667")]
    assert sorted(seen) == everywhere
    assert [place.id for place in all_workshops(session, after=everywhere[1], limit=2)] == everywhere[2:4]


def test_the_corner_of_a_box_is_not_nearer_than_what_lies_just_outside_it(session: Session) -> None:
    """The first lies in the box around the first circle, but farther away than the second, which lies outside of it."""
    at(session, (50.9405 + 0.21, 6.9441 + 0.33))
    straight = at(session, (50.9405 + 0.24, 6.9441))
    assert [place.id for place in nearest_workshops(session, "50667", limit=1)] == [straight]


def test_nonsense_is_near_nothing(session: Session) -> None:
    at(session, KOELN)
    assert nearest_workshops(session, "00000") == []


@pytest.mark.parametrize("spelling", ["Köln", "köln", "KOELN", "Koeln", "koln", "  Köln "])
def test_a_town_may_be_spelt_as_people_do(session: Session, spelling: str) -> None:
    here = at(session, KOELN, city="Köln")
    at(session, BONN, city="Bonn")
    assert [place.id for place in workshops_in(session, spelling)] == [here]


def test_hyphens_and_sharp_s_do_not_matter(session: Session) -> None:
    here = at(session, KOELN, city="Gießen Klein-Linden")
    assert [place.id for place in workshops_in(session, "giessen-klein linden")] == [here]
    assert workshops_in(session, "Gießen-Nord") == []


def test_a_workshop_may_be_named_after_its_quarter(session: Session) -> None:
    here, also = (at(session, KOELN, name=name) for name in ("Werkstatt Ehrenfeld", "Garage am EHRENFELD"))
    at(session, KOELN, name="100 % Auto")
    assert [place.id for place in named_like(session, "ehrenfeld", limit=5)] == [here, also]
    assert [place.id for place in named_like(session, "ehrenfeld", limit=1)] == [here]
    assert named_like(session, "1_0 %", limit=5) == []
