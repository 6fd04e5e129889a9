"""What is forgotten by which day, and that whoever is killed in the middle leaves only the rest to be done."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.orm import Session

from app import rounds
from app.clock import set_clock
from app.database import session_factory
from booking_core import customers, demand
from booking_core.counter import bookings
from booking_core.tables import (
    AppointmentRow,
    ChannelIdentityRow,
    DeliveryReportRow,
    IdempotencyKeyRow,
    InboxRow,
    OutboxRow,
    RefusedWishRow,
    SignInTryRow,
    UserRow,
    VehicleRow,
)
from bot import correspondence, retention
from bot.messages import Address, InboundMessage
from bot.turn import take_turn
from tests.booking_core.builders import NOW, Garage, a_garage, berlin

PETRA = Address("telegram", "77")


def after(engine: Engine, days: int) -> None:
    with Session(engine) as session, session.begin():
        set_clock(session, NOW + timedelta(days=days))
    rounds.forget(session_factory(engine), {})


@pytest.fixture
def garage(database: Engine) -> Garage:
    """Petra wrote, was refused something, and came once; Eve only wrote."""
    with Session(database) as session, session.begin():
        garage = a_garage(session)
        for who in (PETRA, Address("telegram", "eve")):
            take_turn(session, InboundMessage(who.id, who, "Moin, hier ist Petra"), now=NOW)
        user = customers.recognise(session, *_name(PETRA), now=NOW).customer.id
        customers.learn(session, user, name="Petra", phone="+4915112345678")
        car = customers.add_vehicle(session, user, plate="K-PM 1", now=NOW)
        start = berlin("2026-11-24 10:00")
        booked = bookings.book(session, garage.workshop, user, [garage.service], start, actor="staff:1", now=NOW)
        session.execute(text("UPDATE appointments SET vehicle_id = :car"), {"car": car})
        session.execute(text("UPDATE outbox SET state = 'sent'"))
        demand.note_refusal(session, user, garage.workshop, ["oil-change"], [], "full", now=NOW)
        report = {"channel": "sms", "provider_id": "1", "status": "sent", "received_at": NOW}
        session.execute(insert(DeliveryReportRow).values(report))
        session.execute(insert(IdempotencyKeyRow).values(key="1", request_hash="", answer={}, created_at=NOW))
        session.execute(insert(SignInTryRow).values(email="a@b.de", address="192.0.2.1", tried_at=NOW))
        assert booked.id
    return garage


def _name(who: Address) -> tuple[str, str]:
    return who.channel, who.id


def words(engine: Engine) -> tuple[int, int]:
    """How many messages in and out still have their words."""
    with Session(engine) as session:
        heard, said = (
            session.scalars(select(table.body).where(table.body != text("'{}'::jsonb"))).all()
            for table in (InboxRow, OutboxRow)
        )
    return len(heard), len(said)


def count(engine: Engine, table: type) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_by_which_day_what_is_forgotten(database: Engine, garage: Garage) -> None:
    after(database, 8)
    assert count(database, SignInTryRow) == 0, "networks' addresses after a week"
    after(database, 29)
    assert words(database) == (2, 2)
    after(database, 31)
    assert words(database) == (0, 1), "Eve, who never booked, is gone; of Petra's words ours are left"
    with Session(database) as session:
        assert session.scalars(select(ChannelIdentityRow.external_id)).all() == ["77"]
        assert session.scalars(select(RefusedWishRow.user_id)).all() == [None]
    after(database, 32)
    assert count(database, IdempotencyKeyRow) == 0
    after(database, 91)
    assert words(database) == (0, 0)
    after(database, 399)
    kept = count(database, InboxRow)
    after(database, 402)
    assert (kept, count(database, InboxRow), count(database, OutboxRow)) == (2, 0, 0)
    assert count(database, DeliveryReportRow) == 0


def test_who_came_is_known_for_three_years_and_the_plate_stands_on_its_bill_for_eight(
    database: Engine, garage: Garage
) -> None:
    def known() -> tuple[str | None, str | None, list[str | None]]:
        with Session(database) as session:
            petra = session.execute(
                select(UserRow.name, UserRow.phone).join(AppointmentRow, AppointmentRow.user_id == UserRow.id)
            ).one()
            return petra.name, petra.phone, list(session.scalars(select(VehicleRow.license_plate)))

    after(database, 3 * 365)
    assert known() == ("Petra", "+4915112345678", ["K-PM 1"])
    after(database, 3 * 365 + 4)
    assert known() == (None, None, ["K-PM 1"])
    after(database, 8 * 365)
    assert known() == (None, None, ["K-PM 1"]), "to the end of 2034"
    after(database, 8 * 365 + 50)
    assert known() == (None, None, [])
    assert count(database, AppointmentRow) == 1, "how many cars came is kept"


class Killed(BaseException):
    """The process is gone."""


def test_a_job_killed_in_the_middle_goes_on_where_it_was(
    database: Engine, garage: Garage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(session: Session, now: object) -> int:
        raise Killed

    steps = retention.STEPS
    monkeypatch.setattr(retention, "STEPS", (*steps[:1], dies, *steps[1:]))
    with pytest.raises(Killed):
        after(database, 91)
    assert words(database) == (0, 2), "the first step is done and stays done"
    monkeypatch.setattr(retention, "STEPS", steps)
    after(database, 91)
    assert words(database) == (0, 0)


def test_many_rows_are_forgotten_some_at_a_time(
    database: Engine, garage: Garage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 1)
    after(database, 91)
    assert words(database) == (0, 0)


def test_a_conversation_whose_words_are_forgotten_can_still_be_looked_at(database: Engine, garage: Garage) -> None:
    after(database, 91)
    with Session(database) as session:
        customers.prefer(session, customers.recognise(session, *_name(PETRA), now=NOW).customer.id, garage.workshop)
        lines = correspondence.transcript(session, PETRA)
        page = correspondence.conversations(session, garage.workshop, now=NOW)
    assert [line.text for line in lines] == ["", ""]
    assert [one.last_words for one in page.items] == [""]
