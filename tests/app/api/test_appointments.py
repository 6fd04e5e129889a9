"""Booking as a guest: hold, confirm, look, move, cancel."""

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from booking_core.appointments import confirm
from booking_core.customers import learn
from booking_core.reservations import hold_slot
from booking_core.tables import AppointmentRow, AuditRow, OutboxRow, UserRow
from tests.app.api.house import PETRA, House, Mine, fresh_key, mine, refused, somebody
from tests.booking_core.builders import NOW, a_customer

GOLF = {"plate": "k-ab 1234", "make": "VW", "model": "Golf", "year": 2019}


def prove_mailboxes(house: House) -> None:
    """Everybody followed the link in their first mail; before that there is no second one."""
    with house.engine.begin() as connection:
        connection.execute(text("UPDATE users SET email_proved_at = now() WHERE email IS NOT NULL"))


def letters(house: House, one: Mine) -> list[tuple[str, str, str]]:
    with Session(house.engine) as session:
        appointment = session.scalars(select(AppointmentRow.id).where(AppointmentRow.public_code == one.code)).one()
        keys = OutboxRow.dedupe_key.startswith(f"confirmation:{appointment}:")
        rows = session.scalars(select(OutboxRow).where(keys).order_by(OutboxRow.id))
        return [(row.channel, row.recipient, row.body["entry"]["happening"]) for row in rows]


def test_a_guest_books_in_one_go(house: House) -> None:
    guest = somebody()
    booked = house.book("2026-11-24T10:00", vehicle=GOLF, customer=guest)
    shown = booked.shown
    assert (shown["status"], shown["channel"]) == ("confirmed", "web")
    assert (shown["start"], shown["end"]) == ("2026-11-24T10:00:00+01:00", "2026-11-24T11:00:00+01:00")
    assert (shown["price_cents"], [one["code"] for one in shown["services"]]) == (8900, ["oil-change"])
    assert shown["vehicle"] == {"plate": "K-AB 1234", "make": "VW", "model": "Golf", "year": 2019}
    assert shown["changeable_until"] == "2026-11-23T10:00:00+01:00"
    assert shown["reserved_until"] is None
    assert letters(house, booked) == [("email", guest["email"], "booked")]
    again = house.show(booked)
    assert again.json() == {name: fact for name, fact in shown.items() if name != "proof"}
    assert again.headers["ETag"] == booked.etag


def test_nobody_is_told_who_the_customer_is(house: House) -> None:
    answer = house.show(house.book("2026-11-24T12:00")).text
    assert not any(secret in answer for secret in PETRA.values())


def test_without_an_e_mail_address_nothing_is_sent(house: House) -> None:
    customer = {"name": "Jo", "phone": "+4922198765"}
    assert letters(house, house.book("2026-11-24T13:00", customer=customer)) == []


def test_a_hold_is_kept_for_ten_minutes_and_then_confirmed(house: House) -> None:
    held = house.hold("2026-11-25T08:00")
    assert held.shown["status"] == "reserved"
    assert held.shown["reserved_until"] > "2026-11-23T10:09"
    guest = somebody()
    body = {"hold": held.code, "customer": guest, "vehicle": GOLF}
    answer = house.client.post("/api/appointments", json=body, headers=held.headers | fresh_key())
    booked = mine(answer)
    assert answer.headers["Location"] == held.path
    assert (booked.code, booked.headers, booked.shown["status"]) == (held.code, held.headers, "confirmed")
    assert letters(house, booked) == [("email", guest["email"], "booked")]


def test_a_hold_wants_its_own_proof(house: House) -> None:
    held, other = house.hold("2026-11-25T09:00"), house.hold("2026-11-25T10:00")
    body = {"hold": held.code, "customer": PETRA}
    without = house.client.post("/api/appointments", json=body, headers=fresh_key())
    assert refused(without) == (401, "unauthenticated")
    foreign = house.client.post("/api/appointments", json=body, headers=other.headers | fresh_key())
    assert refused(foreign) == (404, "unknown_appointment")


def test_a_hold_from_a_chat_is_for_the_chat_to_confirm(house: House) -> None:
    with Session(house.engine) as session, session.begin():
        held = hold_slot(session, house.garage.slot("2026-11-25 11:00"), a_customer(session), channel="sms", now=NOW)
    body = {"hold": held.code, "customer": PETRA}
    key = fresh_key() | {"Appointment-Proof": "Mueller"}
    answer = house.client.post("/api/appointments", json=body, headers=key)
    assert refused(answer) == (404, "unknown_appointment")


def test_an_appointment_from_a_chat_shows_itself_to_its_customer(house: House) -> None:
    with Session(house.engine) as session, session.begin():
        petra = a_customer(session, "Petra Müller")
        learn(session, petra, phone="+491701234567")
        held = hold_slot(session, house.garage.slot("2026-11-25 12:00"), petra, channel="sms", now=NOW)
        confirm(session, held.id, petra, now=NOW)
    for proof in ("Müller".encode(), b"Mueller", "Müller".encode("latin-1"), b"0170 1234567"):
        answer = house.client.get(f"/api/appointments/{held.code}", headers=[(b"Appointment-Proof", proof)])
        assert answer.json()["channel"] == "sms"


def test_a_time_is_sold_once(house: House) -> None:
    house.book("2026-11-26T08:00")
    house.hold("2026-11-26T08:00")
    assert refused(house.try_to_book("2026-11-26T08:00")) == (409, "slot_taken")
    assert refused(house.try_to_hold("2026-11-26T08:15")) == (409, "slot_taken")


def test_a_time_that_is_no_time_is_refused_with_its_reason(house: House) -> None:
    for start, reason in (
        ("2026-11-28T08:00", "closed"),
        ("2026-11-26T08:07", "off_grid"),
        ("2026-11-20T08:00", "past"),
        ("0001-01-01T00:00", "past"),
        ("9999-12-31T23:59", "horizon"),
        ("2026-12-25T10:00", "holiday"),
    ):
        answer = house.try_to_book(start)
        assert refused(answer) == (409, "not_bookable")
        assert answer.json()["reason"] == reason


def test_a_refusal_leaves_no_guest_behind(house: House) -> None:
    with Session(house.engine) as session:
        before = session.scalars(select(UserRow.id)).all()
        refused(house.try_to_book("2026-11-28T08:00"))
        assert session.scalars(select(UserRow.id)).all() == before


def test_an_appointment_moves(house: House) -> None:
    guest = somebody()
    booked = house.book("2026-11-26T10:00", customer=guest)
    prove_mailboxes(house)
    answer = house.client.patch(booked.path, json={"start": "2026-11-27T08:00:00+01:00"}, headers=booked.may_change)
    assert (answer.status_code, answer.json()["start"]) == (200, "2026-11-27T08:00:00+01:00")
    assert answer.headers["ETag"] != booked.etag
    assert answer.json() == house.show(booked).json()
    assert letters(house, booked)[1:] == [("email", guest["email"], "moved")]
    assert "2026-11-26T10:00:00+01:00" in [one["start"] for one in house.slots("2026-11-26")["slots"]]


def test_moving_to_where_it_is_tells_nobody(house: House) -> None:
    booked = house.book("2026-11-27T10:00", customer=somebody())
    prove_mailboxes(house)
    same = house.client.patch(booked.path, json={"start": booked.shown["start"]}, headers=booked.may_change)
    assert (same.status_code, same.headers["ETag"]) == (200, booked.etag)
    assert len(letters(house, booked)) == 1


def test_an_appointment_is_cancelled_once(house: House) -> None:
    guest = somebody()
    booked = house.book("2026-11-27T12:00", customer=guest)
    prove_mailboxes(house)
    answer = house.client.delete(booked.path, headers=booked.may_change)
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    again = house.client.delete(booked.path, headers=booked.headers | {"If-Match": "*"})
    assert (again.status_code, again.json()) == (200, answer.json())
    assert letters(house, booked)[1:] == [("email", guest["email"], "cancelled")]
    moved = house.client.patch(
        booked.path, json={"start": "2026-11-27T08:00:00+01:00"}, headers=booked.headers | {"If-Match": "*"}
    )
    assert refused(moved) == (409, "wrong_status")
    assert moved.json()["appointment_status"] == "cancelled"


def test_a_hold_is_given_up_without_a_word(house: House) -> None:
    held = house.hold("2026-11-27T14:00")
    assert house.client.delete(held.path, headers=held.may_change).json()["status"] == "cancelled"
    assert letters(house, held) == []


def test_shortly_before_the_workshop_wants_a_call(house: House) -> None:
    booked = house.book("2026-11-23T15:00")
    assert refused(house.client.delete(booked.path, headers=booked.may_change)) == (409, "too_late")


def test_everything_is_written_down(house: House) -> None:
    booked = house.book("2026-11-27T15:00")
    with Session(house.engine) as session:
        row = session.scalars(select(AppointmentRow).where(AppointmentRow.public_code == booked.code)).one()
        entries = select(AuditRow.action).where(AuditRow.entity_type == "appointment", AuditRow.entity_id == row.id)
        assert session.scalars(entries.order_by(AuditRow.sequence)).all() == ["held", "confirmed"]
        assert row.version == 2
