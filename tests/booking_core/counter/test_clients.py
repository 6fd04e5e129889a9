"""Customers as one workshop knows them."""

import pytest
from sqlalchemy.orm import Session

from booking_core import customers, waitlist
from booking_core.counter import bookings, clients
from booking_core.errors import UnknownCustomer
from booking_core.reservations import expire_holds, hold_slot
from booking_core.values import HOLD_FOR, UserId, WorkshopId
from tests.booking_core.builders import NOW, Garage, a_customer, a_garage, berlin, reads_their_mail


def met(session: Session, garage: Garage, name: str, phone: str, email: str | None = None) -> UserId:
    return clients.meet(session, garage.workshop, name=name, phone=phone, email=email, language="de", now=NOW)


def found(session: Session, workshop: WorkshopId, words: str) -> list[str | None]:
    return [customer.name for customer in clients.search(session, workshop, words).items]


def test_customers_are_found_by_any_part_of_what_we_know(session: Session) -> None:
    garage = a_garage(session)
    petra = met(session, garage, "Petra Müller", "+4915112345678", "petra@example.de")
    customers.add_vehicle(session, petra, plate="K-AB 1234", now=NOW)
    met(session, garage, "Paul Schmidt", "+4922198765")
    everybody = ["Paul Schmidt", "Petra Müller"]
    for words in ("petra", "MÜLLER", "0151 12345678", "+49151", "petra@", "K-AB 1234", "kab1234", "müller 0151"):
        assert found(session, garage.workshop, words.replace("0151 1", "01511")) == ["Petra Müller"], words
    assert found(session, garage.workshop, "") == everybody
    assert found(session, garage.workshop, "petra schmidt") == []


def test_a_list_of_customers_has_pages(session: Session) -> None:
    garage = a_garage(session)
    for number in range(5):
        met(session, garage, f"Kunde {number}", f"+491511234567{number}")
    first = clients.search(session, garage.workshop, "kunde", limit=3)
    second = clients.search(session, garage.workshop, "kunde", after=first.after, limit=3)
    assert [one.name for one in (*first.items, *second.items)] == [f"Kunde {number}" for number in (4, 3, 2, 1, 0)]
    assert second.after is None


def test_customers_of_another_workshop_are_nobody_here(session: Session) -> None:
    ours, theirs = a_garage(session), a_garage(session)
    petra = met(session, theirs, "Petra Müller", "+4915112345678")
    assert found(session, ours.workshop, "") == []
    for user in (petra, UserId(petra + 1000)):
        with pytest.raises(UnknownCustomer):
            clients.customer(session, ours.workshop, user)
    assert clients.customer(session, theirs.workshop, petra).name == "Petra Müller"


def test_whoever_booked_waits_or_usually_comes_is_a_customer(session: Session) -> None:
    garage = a_garage(session)
    booked, waits, prefers, stranger = (a_customer(session, name) for name in ("Bo", "Wa", "Pre", "Stranger"))
    start = berlin("2026-11-24 10:00")
    made = bookings.book(session, garage.workshop, booked, [garage.service], start, actor="staff:1", now=NOW)
    waitlist.join(session, waits, garage.workshop, ["oil-change"], [], channel="sms", now=NOW)
    customers.prefer(session, prefers, garage.workshop)
    hold_slot(session, garage.slot("2026-11-24 12:00"), stranger, channel="sms", now=NOW)
    expire_holds(session, now=NOW + HOLD_FOR)
    assert found(session, garage.workshop, "") == ["Pre", "Wa", "Bo"]
    assert list(clients.appointments_of(session, garage.workshop, booked)) == [made]


def test_who_calls_again_is_the_same_customer(session: Session) -> None:
    garage = a_garage(session)
    petra = met(session, garage, "Petra", "+4915112345678", "petra@example.de")
    assert met(session, garage, "Petra Müller", "+4915112345678") == petra
    known = clients.customer(session, garage.workshop, petra)
    assert (known.name, known.email) == ("Petra Müller", "petra@example.de")
    assert reads_their_mail(session, known.id)


def test_a_number_that_another_workshop_knows_tells_us_nothing_about_its_owner(session: Session) -> None:
    ours, theirs = a_garage(session), a_garage(session)
    met(session, theirs, "Petra Müller", "+4915112345678", "petra@example.de")
    somebody = met(session, ours, "P.", "+4915112345678")
    assert clients.customer(session, ours.workshop, somebody).email is None
