"""An appointment shows itself to whoever can prove that it is theirs, and to nobody else."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core.appointments import confirm
from booking_core.customers import add_vehicle, learn
from booking_core.errors import UnknownAppointment
from booking_core.ownership import as_written, prove
from booking_core.register import Appointment
from booking_core.reservations import hold_slot
from booking_core.tables import AppointmentRow
from booking_core.values import UserId
from tests.booking_core.builders import NOW, a_customer, a_garage

PROOF = "a token of its own"


def booked(session: Session, user: UserId, *, plate: str | None = None, token: str | None = PROOF) -> Appointment:
    slot = a_garage(session).slot("2026-11-26 10:00")
    hold = hold_slot(session, slot, user, channel="web", proof=token, now=NOW)
    car = add_vehicle(session, user, plate=plate, now=NOW) if plate else None
    return confirm(session, hold.id, user, now=NOW, vehicle=car)


def assert_refused(session: Session, code: str, proof: str) -> None:
    with pytest.raises(UnknownAppointment) as refusal:
        prove(session, code, proof)
    assert refusal.value.facts == {}


def test_its_token_opens_it_and_no_other(session: Session) -> None:
    appointment, other = (booked(session, a_customer(session), token=token) for token in (PROOF, "another"))
    assert prove(session, appointment.code, PROOF) == appointment
    assert_refused(session, appointment.code, PROOF[:-1])
    assert_refused(session, other.code, PROOF)


def test_the_token_itself_is_not_kept(session: Session) -> None:
    appointment = booked(session, a_customer(session))
    assert session.scalar(select(AppointmentRow.proof_hash)) not in (None, PROOF)
    assert_refused(session, appointment.code, str(session.scalar(select(AppointmentRow.proof_hash))))


@pytest.mark.parametrize(
    "proof",
    ["Müller", "mueller", " Petra MÜLLER ", "K-AB 1234", "kab1234", "+491701234567", "0170 1234567", "0049170/1234567"],
)
def test_what_only_its_customer_knows_opens_it_too(session: Session, proof: str) -> None:
    petra = a_customer(session, "Petra Müller")
    learn(session, petra, phone="+491701234567")
    appointment = booked(session, petra, plate="K-AB 1234")
    assert prove(session, appointment.code, proof) == appointment


@pytest.mark.parametrize("proof", ["", " ", "Petra", "Möller", "+", "0", "K-AB 1235", "1701234567", "\udce4", "-"])
def test_anything_else_does_not(session: Session, proof: str) -> None:
    petra = a_customer(session, "Petra Müller")
    learn(session, petra, phone="+491701234567")
    assert_refused(session, booked(session, petra, plate="K-AB 1234").code, proof)


@pytest.mark.parametrize("proof", ["", " ", "None", "-", "+"])
def test_of_a_customer_nobody_knows_there_is_nothing_to_guess(session: Session, proof: str) -> None:
    assert_refused(session, booked(session, a_customer(session, ""), token=None).code, proof)


def test_a_code_that_is_nobodys_is_refused_the_same(session: Session) -> None:
    for code in ("7KQ4-M2XN-P9RT", "", "'; drop", "ä\x00"):
        assert_refused(session, code, "Müller")


def test_a_code_may_be_typed_as_people_do(session: Session) -> None:
    assert as_written(" o7ql m2xn-p9rti") == "07Q1-M2XN-P9RT-1"
    appointment = booked(session, a_customer(session, "Jo Li"))
    assert prove(session, appointment.code.lower().replace("-", " "), "Li") == appointment
