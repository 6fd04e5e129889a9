"""E-mails that confirm what was agreed in the chat, with an entry for the customer's own calendar."""

from datetime import datetime

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import Session

from booking_core import customers, mailboxes, register, wire
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, ChannelIdentityRow, ConversationRow, OutboxRow, UserRow, table_of
from bot import outbox, phrases, views
from bot.facts import Booking
from bot.messages import Address, CalendarEntry, Happening, Link, OutboundMessage
from bot.outbox import LETTER
from bot.step import Say, say

KIND = "confirmation"
CHANNEL = "email"
PATH = "/mailbox"
"""Where the secret is shown that a mail brought."""


_USERS, _IDENTITIES, _TALKS = (table_of(row).c for row in (UserRow, ChannelIdentityRow, ConversationRow))
_SPOKEN = (
    select(_TALKS.language)
    .join_from(table_of(ConversationRow), table_of(ChannelIdentityRow), _IDENTITIES.id == _TALKS.identity_id)
    .where(_IDENTITIES.user_id == _USERS.id, _TALKS.language.is_not(None))
    .order_by(_TALKS.updated_at.desc())
    .limit(1)
    .scalar_subquery()
)
_READER = select(
    _USERS.name,
    _USERS.email,
    func.coalesce(_SPOKEN, _USERS.language).label("language"),
    _USERS.email_proved_at.is_not(None).label("proved"),
    exists().where(LETTER.channel == CHANNEL, LETTER.recipient == _USERS.email).label("written_to"),
).where(_USERS.id == bindparam("user"))
"""Who reads our mail, in the language last spoken with them."""


def post(
    session: Session,
    appointment: Appointment,
    happening: Happening,
    *,
    now: datetime,
    booking: Booking | None = None,
) -> None:
    """Confirm by e-mail if we know an address; once per version of the appointment, however often it is asked for.

    `booking` is the appointment as customers see it, where the caller has looked that up.

    An address may be somebody else's: it gets one mail, and more once its owner proved that they read it.
    """
    reader = wire.row(session, _READER, {"user": appointment.user})
    if reader.email is None or (reader.written_to and not reader.proved):
        return
    customers.add_identity(session, appointment.user, CHANNEL, reader.email, now=now)
    booking = booking or views.booking_of(session, appointment, now=now)

    def word(one: Say) -> str:
        return phrases.word(one, phrases.spoken(reader.language), CHANNEL)

    subject, text = _says(happening, booking=booking, shop=booking.shop, name=reader.name or "")
    entry = CalendarEntry(
        uid=f"{appointment.code}@werkstatt-bot",
        sequence=appointment.ical_sequence,
        happening=happening,
        start=appointment.start,
        end=appointment.end,
        title=word(say("calendar_title", booking=booking, shop=booking.shop)),
        place=f"{booking.shop.name}, {booking.shop.address}, {booking.shop.plz} {booking.shop.city}",
        details=word(say("calendar_details", booking=booking, shop=booking.shop)),
    )
    secret = None if reader.proved else mailboxes.ask(session, appointment.user)
    message = OutboundMessage(
        Address(CHANNEL, reader.email),
        word(text),
        kind=KIND,
        subject=word(subject),
        entry=entry,
        link=Link(word(say("mail_prove")), f"{PATH}/{secret}") if secret else None,
    )
    outbox.post(session, message, key=f"{KIND}:{appointment.id}:{appointment.version}", now=now)


def prove(session: Session, secret: str, *, now: datetime) -> bool:
    """From now on this mailbox gets mail, first what it missed; False for a secret that nobody was sent."""
    user = mailboxes.prove(session, secret, now=now)
    if user is None:
        return False
    for appointment in register.fetch(session, AppointmentRow.user_id == user, AppointmentRow.end_time > now):
        if happening := _missed(session, appointment):
            post(session, appointment, happening, now=now)
    return True


def _missed(session: Session, appointment: Appointment) -> Happening | None:
    """What last became of an appointment, as far as it matters to who was told of it by mail, or was not."""
    if appointment.status is AppointmentStatus.CONFIRMED:
        return Happening.MOVED if appointment.ical_sequence else Happening.BOOKED
    told = select(OutboxRow.id).where(OutboxRow.dedupe_key.startswith(f"{KIND}:{appointment.id}:")).limit(1)
    cancelled = appointment.status is AppointmentStatus.CANCELLED
    return Happening.CANCELLED if cancelled and session.scalar(told) is not None else None


def _says(happening: Happening, **facts: object) -> tuple[Say, Say]:
    """The subject and the text."""
    match happening:
        case Happening.BOOKED:
            return say("mail_booked_subject", **facts), say("mail_booked", **facts)
        case Happening.MOVED:
            return say("mail_moved_subject", **facts), say("mail_moved", **facts)
        case Happening.EXTENDED:
            return say("mail_extended_subject", **facts), say("mail_extended", **facts)
        case Happening.CANCELLED:
            return say("mail_cancelled_subject", **facts), say("mail_cancelled", **facts)
