"""Whoever had an appointment hears what the workshop did with it."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import mailboxes, placements, register
from booking_core.counter import bookings
from booking_core.tables import AppointmentRow, OutboxRow
from bot import notices
from bot.messages import Happening
from tests.transcript import Stage


def booked(stage: Stage) -> register.Appointment:
    stage.say("Max", "Ölwechsel am Freitag um 10 in 50667")
    stage.say("Max", "Max Muster, K-AB 1234, max@example.de")
    stage.say("Max", "ja")
    [appointment] = register.fetch(stage.session, AppointmentRow.status == "confirmed")
    return appointment


def test_a_customer_hears_in_the_chat_and_by_mail_that_the_workshop_moved_or_cancelled(workshops: Session) -> None:
    stage = Stage(workshops)
    before = booked(stage)
    place, now = before.workshop, stage.now
    mailboxes.prove(workshops, mailboxes.ask(workshops, before.user), now=now)
    later = placements.slot_at(workshops, place, before.services, before.start + timedelta(hours=2), now=now).start
    moved = bookings.move(workshops, place, before.id, later, actor="staff:1", now=now)
    for _ in range(2):
        notices.tell(workshops, moved, Happening.MOVED, now=now)
    assert "12:00 Uhr" in stage.listen("Max").text
    gone = bookings.cancel(workshops, place, before.id, actor="staff:1", now=now)
    notices.tell(workshops, gone, Happening.CANCELLED, now=now)
    assert "leider absagen" in stage.listen("Max").text
    mails = workshops.scalars(select(OutboxRow.body).where(OutboxRow.channel == "email").order_by(OutboxRow.id)).all()
    assert [mail["entry"]["happening"] for mail in mails] == ["booked", "moved", "cancelled"]


def test_a_booking_by_phone_was_heard_on_the_phone(workshops: Session) -> None:
    stage = Stage(workshops)
    before = booked(stage)
    notices.tell(workshops, before, Happening.BOOKED, now=stage.now)
    assert not stage.listen("Max").text
