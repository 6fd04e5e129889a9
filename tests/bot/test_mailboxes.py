"""An address that nobody proved gets a single mail."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import appointments, customers, joining, register, reservations
from booking_core.personal import erasure
from booking_core.register import Appointment
from booking_core.tables import AppointmentRow, OutboxRow, UserRow
from booking_core.values import UserId
from bot import confirmations
from bot.messages import Happening, OutboundMessage
from bot.outbox import message_of
from tests.booking_core.builders import NOW, Garage, a_customer, a_garage, reads_their_mail

THURSDAY, FRIDAY = "2026-11-26 10:00", "2026-11-27 10:00"


def a_customer_with_mail(session: Session, email: str = "petra@example.de") -> UserId:
    user = a_customer(session)
    customers.learn(session, user, email=email)
    return user


def booked(session: Session, garage: Garage, user: UserId, when: str = THURSDAY) -> Appointment:
    hold = reservations.hold_slot(session, garage.slot(when), user, channel="sms", now=NOW)
    appointment = appointments.confirm(session, hold.id, user, now=NOW)
    confirmations.post(session, appointment, Happening.BOOKED, now=NOW)
    return appointment


def mails(session: Session) -> list[OutboundMessage]:
    rows = session.scalars(select(OutboxRow).where(OutboxRow.channel == "email").order_by(OutboxRow.id))
    return [message_of(row) for row in rows]


def entries(session: Session) -> list[tuple[Happening, int]]:
    return [(mail.entry.happening, mail.entry.sequence) for mail in mails(session) if mail.entry]


def secret_of(mail: OutboundMessage) -> str:
    assert mail.link is not None
    return mail.link.path.removeprefix(f"{confirmations.PATH}/")


def test_the_only_mail_to_an_address_says_how_to_get_more(session: Session) -> None:
    garage, petra = a_garage(session), a_customer_with_mail(session)
    appointment = booked(session, garage, petra)
    moved = appointments.move(session, appointment.id, garage.slot(FRIDAY), petra, now=NOW)
    confirmations.post(session, moved, Happening.MOVED, now=NOW)
    assert entries(session) == [(Happening.BOOKED, 0)]

    secret = secret_of(mails(session)[0])
    assert confirmations.prove(session, secret, now=NOW)
    assert entries(session) == [(Happening.BOOKED, 0), (Happening.MOVED, 1)]
    assert mails(session)[1].link is None
    assert confirmations.prove(session, secret, now=NOW)
    assert len(mails(session)) == 2


def test_who_proves_the_address_late_hears_what_was_cancelled_and_what_was_never_told(session: Session) -> None:
    garage, petra = a_garage(session), a_customer_with_mail(session)
    first, second = booked(session, garage, petra), booked(session, garage, petra, FRIDAY)
    secret = secret_of(mails(session)[0])
    cancelled = appointments.cancel(session, first.id, petra, now=NOW)
    confirmations.post(session, cancelled, Happening.CANCELLED, now=NOW)
    assert confirmations.prove(session, secret, now=NOW)
    assert entries(session)[1:] == [(Happening.CANCELLED, 1), (Happening.BOOKED, 0)]

    appointments.cancel(session, second.id, petra, now=NOW)
    assert confirmations.prove(session, secret, now=NOW)
    assert entries(session)[3:] == [(Happening.CANCELLED, 1)]


def test_what_was_cancelled_untold_is_not_told_afterwards(session: Session) -> None:
    garage, petra = a_garage(session), a_customer_with_mail(session)
    booked(session, garage, petra)
    second = booked(session, garage, petra, FRIDAY)
    appointments.cancel(session, second.id, petra, now=NOW)
    assert confirmations.prove(session, secret_of(mails(session)[0]), now=NOW)
    assert len(mails(session)) == 1


def test_an_address_that_two_customers_name_gets_one_mail_altogether(session: Session) -> None:
    garage = a_garage(session, lifts=2)
    for _ in range(2):
        booked(session, garage, a_customer_with_mail(session))
    assert len(mails(session)) == 1


def test_a_secret_is_good_for_the_address_it_was_sent_to(session: Session) -> None:
    garage, petra = a_garage(session), a_customer_with_mail(session)
    booked(session, garage, petra)
    secret = secret_of(mails(session)[0])
    assert not confirmations.prove(session, "guessed", now=NOW)
    customers.learn(session, petra, email="other@example.de")
    assert not confirmations.prove(session, secret, now=NOW)
    booked(session, garage, petra, FRIDAY)
    assert confirmations.prove(session, secret_of(mails(session)[1]), now=NOW)
    customers.learn(session, petra, email="other@example.de")
    assert session.scalar(select(UserRow.email_proved_at)) == NOW
    for one in register.fetch(session, AppointmentRow.user_id == petra):
        appointments.cancel(session, one.id, petra, now=NOW)
    erasure.erase(session, petra, actor="system", now=NOW)
    assert session.execute(select(UserRow.email_proved_at, UserRow.email_proof)).one() == (None, None)


def test_two_customers_who_become_one_keep_what_either_proved(session: Session) -> None:
    garage, here, there = a_garage(session), a_customer(session), a_customer_with_mail(session)
    booked(session, garage, there)
    secret = secret_of(mails(session)[0])
    joining.join(session, here, there, proof="code", now=NOW)
    assert confirmations.prove(session, secret, now=NOW)
    assert reads_their_mail(session, here)
    third = a_customer_with_mail(session)
    joining.join(session, third, here, proof="code", now=NOW)
    assert reads_their_mail(session, third)
    fourth = a_customer_with_mail(session, "other@example.de")
    joining.join(session, fourth, third, proof="code", now=NOW)
    assert not reads_their_mail(session, fourth)
