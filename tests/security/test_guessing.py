"""Codes cannot be guessed: not by chance, and not by asking often."""

import os
import random
from collections import Counter

import httpx
import pytest
from sqlalchemy.orm import Session

from booking_core import claims, ownership
from booking_core.errors import UnknownAppointment
from booking_core.holds import new_code
from booking_core.reservations import hold_slot
from tests.app.api.conftest import house  # noqa: F401
from tests.app.api.house import House, refused
from tests.booking_core.builders import NOW, a_customer, a_garage

GUESSES = int(os.environ.get("GUESSES", "10000"))


def test_ten_thousand_guesses_find_nothing(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    held = hold_slot(session, garage.slot("2026-11-24 10:00"), petra, channel="sms", now=NOW)
    dice, found = random.Random(8), 0
    for _ in range(GUESSES):
        letters = "".join(dice.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=12))
        try:
            ownership.prove(session, letters, "Müller")
            found += 1
        except UnknownAppointment:
            continue
    assert found == 0
    assert ownership.prove(session, held.code, "Müller").id == held.id


def test_codes_come_from_sixty_random_bits() -> None:
    codes = [new_code() for _ in range(20_000)]
    assert len(set(codes)) == len(codes)
    letters = Counter("".join(codes).replace("-", ""))
    assert len(letters) == 32
    assert max(letters.values()) < 1.1 * min(letters.values())


def test_in_a_chat_an_hour_has_five_guesses(session: Session) -> None:
    garage, petra, stranger = a_garage(session), a_customer(session), a_customer(session, "Eve")
    held = hold_slot(session, garage.slot("2026-11-24 10:00"), petra, channel="sms", now=NOW)
    answers = [claims.find(session, held.code, [f"guess {number}"], stranger, now=NOW) for number in range(5)]
    assert [*answers, claims.find(session, held.code, ["Müller"], stranger, now=NOW)] == [None] * 6


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_foreign_and_missing_codes_answer_alike(house: House, method: str) -> None:  # noqa: F811
    theirs = house.book("2026-12-01T08:00")

    def guess(code: str) -> tuple[httpx.Response, tuple[int, str]]:
        headers = {"Appointment-Proof": "guess", "X-Request-ID": "the-same-one", "If-Match": "*"}
        answer = house.client.request(method, f"/api/appointments/{code}", headers=headers)
        return answer, refused(answer)

    (foreign, told), (missing, also) = guess(theirs.code), guess(new_code())
    assert told == also == (404, "unknown_appointment")
    assert foreign.content == missing.content
