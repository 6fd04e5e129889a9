"""A booking made elsewhere is found by its code and one thing more, and nobody learns which codes there are."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from booking_core import claims, customers, reservations
from booking_core.appointments import confirm
from booking_core.register import Appointment
from tests.booking_core.builders import NOW, a_customer, a_garage


def a_booking(session: Session) -> Appointment:
    """Made by Petra Müller for K-PM 123."""
    petra = a_customer(session, "Petra Müller")
    customers.learn(session, petra, phone="+491701234567")
    golf = customers.add_vehicle(session, petra, plate="K-PM 123", now=NOW)
    hold = reservations.hold_slot(session, a_garage(session).slot("2026-11-26 10:00"), petra, channel="sms", now=NOW)
    return confirm(session, hold.id, petra, vehicle=golf, now=NOW)


@pytest.mark.parametrize("proof", ["K-PM 123", "k pm123", "Müller", "petra müller", "+49 170 1234567"])
def test_the_plate_the_name_or_the_phone_proves_it(session: Session, proof: str) -> None:
    booking, claimant = a_booking(session), a_customer(session)
    assert claims.find(session, booking.code, ["hm", proof], claimant, now=NOW) == booking


@pytest.mark.parametrize("proof", ["", "Petra", "K-PM 12", "M", "mueller", "+49170123456"])
def test_anything_else_does_not(session: Session, proof: str) -> None:
    booking, claimant = a_booking(session), a_customer(session)
    assert claims.find(session, booking.code, [proof], claimant, now=NOW) is None


def test_a_code_that_does_not_exist_gets_the_same_answer(session: Session) -> None:
    a_booking(session)
    assert claims.find(session, "0000-0000-0000", ["Müller"], a_customer(session), now=NOW) is None


def test_after_five_tries_even_the_truth_is_not_heard_for_an_hour(session: Session) -> None:
    booking, claimant = a_booking(session), a_customer(session)
    for _ in range(claims.TRIES):
        assert claims.find(session, booking.code, ["guess"], claimant, now=NOW) is None
    almost = NOW + claims.PERIOD - timedelta(seconds=1)
    assert claims.find(session, booking.code, ["Müller"], claimant, now=almost) is None
    assert claims.find(session, booking.code, ["Müller"], a_customer(session), now=almost) == booking
    assert claims.find(session, booking.code, ["Müller"], claimant, now=almost + claims.PERIOD) == booking


def test_a_booking_without_name_car_and_phone_cannot_be_claimed(session: Session) -> None:
    nobody = customers.recognise(session, "telegram", "7", now=NOW).customer.id
    slot = a_garage(session).slot("2026-11-26 10:00")
    hold = reservations.hold_slot(session, slot, nobody, channel="telegram", now=NOW)
    assert claims.find(session, hold.code, ["", "7"], a_customer(session), now=NOW) is None
