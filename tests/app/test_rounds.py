"""What a worker does on its rounds, each thing seen at work."""

from datetime import timedelta

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app import duties, rounds
from app.clock import set_clock
from app.database import session_factory
from booking_core.reservations import hold_slot
from booking_core.tables import AppointmentRow, InboxRow, OutboxRow
from bot import inbox, outbox
from bot.messages import Address, InboundMessage, OutboundMessage
from tests.booking_core.builders import NOW, a_customer, a_garage, berlin
from tests.transcript import Stage


def at(engine: Engine, **later: int) -> None:
    with Session(engine) as session, session.begin():
        set_clock(session, NOW + timedelta(**later))


def test_dead_holds_are_tidied_up_and_appointments_without_reminders_get_them(database: Engine) -> None:
    with Session(database) as session, session.begin():
        hold_slot(session, a_garage(session).slot("2026-11-26 10:00"), a_customer(session), channel="sms", now=NOW)
    at(database, minutes=11)
    assert rounds.expire_holds(session_factory(database), {}) == 1
    assert rounds.plan_reminders(session_factory(database), {}) == 0
    with Session(database) as session:
        assert session.scalar(select(AppointmentRow.status)) == "expired"


def test_whoever_is_about_to_lose_a_time_is_told_once(database: Engine) -> None:
    with Session(database) as session, session.begin():
        a_garage(session)
        set_clock(session, NOW)
        Stage(session, now=NOW, channel="sms").say("petra", "Ölwechsel am Donnerstag um 10 in 50667")
    at(database, minutes=8)
    for _ in range(2):
        rounds.warn_holders(session_factory(database), {})
    with Session(database) as session:
        told = session.scalars(select(OutboxRow.body).where(OutboxRow.kind == "hold")).all()
    assert ["10:10" in body["text"] for body in told] == [True]


def test_words_are_forgotten_when_nobody_needs_them(database: Engine) -> None:
    with Session(database) as session, session.begin():
        inbox.hear(session, InboundMessage("1", Address("sms", "+4915"), "geheim"), now=NOW)
        outbox.post(session, OutboundMessage(Address("sms", "+4915"), "geheim"), key="1", now=NOW)
        session.execute(text("UPDATE outbox SET state = 'sent'"))
    for days, kept in ((29, 2), (31, 1), (91, 0)):
        at(database, days=days)
        rounds.forget(session_factory(database), {})
        with Session(database) as session:
            bodies = [*session.scalars(select(InboxRow.body)), *session.scalars(select(OutboxRow.body))]
        assert len([body for body in bodies if body]) == kept


def test_a_worker_shows_that_it_lives(database: Engine) -> None:
    sessions = session_factory(database)
    with Session(database) as session, session.begin():
        set_clock(session, berlin("2026-11-23 10:00"))
        assert not duties.is_alive(session)
    assert duties.perform(duties.DUTIES["fetch missed"], sessions, {})
    with Session(database) as session:
        assert duties.is_alive(session)
        assert "fetch missed" not in {duty.name for duty in duties.pending(session)}
    at(database, minutes=3)
    with Session(database) as session:
        assert not duties.is_alive(session)
