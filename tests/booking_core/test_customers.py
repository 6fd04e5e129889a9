"""A customer is whoever writes on a channel, and what they told us."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from booking_core import appointments, demand, links, reasons, reservations, waitlist
from booking_core.customers import add_vehicle, customer, learn, prefer, preferred_workshop, recognise
from booking_core.personal.erasure import erase
from booking_core.tables import AppointmentRow, ChannelIdentityRow, RefusedWishRow, UserRow
from booking_core.values import UserId
from tests.booking_core.builders import NOW, a_garage


def test_a_first_message_makes_a_customer_and_the_next_one_finds_them(session: Session) -> None:
    first = recognise(session, "telegram", "4711", now=NOW, language="en", name="Petra")
    again = recognise(session, "telegram", "4711", now=NOW, language="de", name="Paul")
    assert again == first
    assert (first.customer.name, first.customer.language) == ("Petra", "en")


def test_a_phone_channel_proves_the_phone_number(session: Session) -> None:
    assert recognise(session, "sms", "+491511234567", now=NOW).customer.phone == "+491511234567"
    assert recognise(session, "telegram", "+491511234567", now=NOW).customer.phone is None


def test_what_the_customer_tells_is_remembered_and_silence_forgets_nothing(session: Session) -> None:
    user = recognise(session, "telegram", "4711", now=NOW).customer.id
    learn(session, user, name="Petra Müller", email="petra@example.org")
    learn(session, user, phone="+491511234567", language="en")
    learn(session, user)
    known = customer(session, user)
    assert (known.name, known.email, known.phone, known.language) == (
        "Petra Müller",
        "petra@example.org",
        "+491511234567",
        "en",
    )


def test_a_plate_is_one_car_whatever_is_told_of_it_later(session: Session) -> None:
    user = recognise(session, "telegram", "4711", now=NOW).customer.id
    golf = add_vehicle(session, user, plate="K-AB 123", make="VW", now=NOW)
    assert add_vehicle(session, user, plate="K-AB 123", model="Golf", year=2019, now=NOW) == golf
    add_vehicle(session, user, make="Opel", now=NOW)
    first, second = customer(session, user).vehicles
    assert (first.make, first.model, first.year) == ("VW", "Golf", 2019)
    assert (second.make, second.plate) == ("Opel", None)


def test_two_first_messages_at_once_make_one_customer(database: Engine) -> None:
    racers = 8
    start = Barrier(racers)

    def write(_: int) -> UserId:
        with Session(database) as session, session.begin():
            session.execute(select(1))
            start.wait()
            return recognise(session, "telegram", "4711", now=NOW).customer.id

    with ThreadPoolExecutor(racers) as pool:
        users = set(pool.map(write, range(racers)))
    assert len(users) == 1
    with Session(database) as session:
        assert session.scalar(select(func.count(ChannelIdentityRow.id))) == 1
        assert session.scalar(select(func.count(UserRow.id))) == 1


def test_what_need_not_be_kept_is_forgotten(session: Session) -> None:
    garage, user = a_garage(session), recognise(session, "telegram", "4711", now=NOW, name="Petra").customer.id
    learn(session, user, email="petra@example.org")
    prefer(session, user, garage.workshop)
    add_vehicle(session, user, plate="K-PM 1", now=NOW)
    assert preferred_workshop(session, user) == garage.workshop
    erase(session, user, actor="system", now=NOW)
    known = customer(session, user)
    assert (known.name, known.email, known.vehicles) == (None, None, ())
    assert preferred_workshop(session, user) is None
    assert recognise(session, "telegram", "4711", now=NOW).customer.id != user, "whoever writes again is somebody new"


def test_whoever_is_forgotten_waits_for_nothing_and_gave_no_reason(session: Session) -> None:
    garage, petra = a_garage(session), recognise(session, "telegram", "4711", now=NOW).customer.id
    hold = reservations.hold_slot(session, garage.slot("2026-11-26 10:00"), petra, channel="telegram", now=NOW)
    appointments.confirm(session, hold.id, petra, now=NOW)
    appointments.cancel(session, hold.id, petra, now=NOW)
    reasons.note_reason(session, hold.id, petra, "krank", now=NOW)
    waitlist.join(session, petra, garage.workshop, ["oil-change"], [], channel="telegram", now=NOW)
    demand.note_refusal(session, petra, garage.workshop, ["oil-change"], [], "full", now=NOW)
    token = links.issue_token(session, petra, now=NOW)
    erase(session, petra, actor="system", now=NOW)
    assert session.scalars(select(AppointmentRow.cancel_reason)).all() == [None]
    assert waitlist.entries(session, petra) == []
    assert session.scalars(select(RefusedWishRow.user_id)).all() == [None], "the demand is kept, nobody's"
    assert not links.redeem_token(session, token, petra, now=NOW)
