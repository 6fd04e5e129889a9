"""Telling customers what the workshop did with their appointment, where we last talked and by e-mail."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import customers
from booking_core.register import Appointment
from booking_core.tables import ChannelIdentityRow, ConversationRow
from booking_core.values import UserId
from bot import confirmations, outbox, phrases, views
from bot.messages import Address, Happening, OutboundMessage
from bot.step import Say, say

KIND = "notice"


def tell(session: Session, appointment: Appointment, happening: Happening, *, now: datetime) -> None:
    """Once per version of the appointment. Of a booking they know already, since they were on the phone."""
    confirmations.post(session, appointment, happening, now=now)
    who = _spoken_with(session, appointment.user)
    if who is None or happening is Happening.BOOKED:
        return
    language = customers.customer(session, appointment.user).language
    known = phrases.spoken(language)
    text = phrases.word(_says(session, appointment, happening, now=now), known, who.channel)
    key = f"{KIND}:{appointment.id}:{appointment.version}"
    outbox.post(session, OutboundMessage(who, text, kind=KIND), key=key, now=now)


def _says(session: Session, appointment: Appointment, happening: Happening, *, now: datetime) -> Say:
    booking = views.booking_of(session, appointment, now=now)
    if happening is Happening.CANCELLED:
        return say("staff_cancelled", booking=booking, shop=booking.shop)
    return say("staff_moved", booking=booking, shop=booking.shop)


def _spoken_with(session: Session, user: UserId) -> Address | None:
    row = session.execute(
        select(ChannelIdentityRow.channel, ChannelIdentityRow.external_id)
        .join(ConversationRow, ConversationRow.identity_id == ChannelIdentityRow.id)
        .where(ChannelIdentityRow.user_id == user)
        .order_by(ConversationRow.updated_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else Address(row.channel, row.external_id)
