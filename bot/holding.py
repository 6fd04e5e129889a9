"""A word before a time that is kept for somebody goes to whoever wants it next."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core.register import Appointment
from booking_core.tables import ChannelIdentityRow
from bot import consents, memory, outbox, phrases, views
from bot.messages import Address, Choice, InboundMessage, OutboundMessage
from bot.states import WithPerson
from bot.step import say

WARN_BEFORE = timedelta(minutes=3)


def warn(session: Session, hold: Appointment, *, now: datetime) -> None:
    """Say once how long it is still kept, and repeat what we wait for; nothing if the talk is of something else by now.

    What is asked for and what can be chosen stays as it is.
    """
    who = session.scalar(
        select(ChannelIdentityRow.external_id)
        .where(ChannelIdentityRow.user_id == hold.user, ChannelIdentityRow.channel == hold.channel)
        .order_by(ChannelIdentityRow.id)
        .limit(1)
    )
    if who is None or consents.withdrawn(session, Address(hold.channel, who)):
        return
    address = Address(hold.channel, who)
    talk = memory.open_talk(session, InboundMessage("", address), now=now)
    talked_of = talk.state.draft.held or talk.state.draft.spare
    if talked_of is None or talked_of.appointment != hold.id or isinstance(talk.state, WithPerson):
        return
    held = views.held_of(session, hold, now=now)
    language = phrases.spoken(talk.language)
    says = (say("hold_ends", start=held.start, shop=held.shop, until=held.until), talk.state.question)
    text = "\n".join(phrases.word(one, language, hold.channel) for one in says)
    choices = tuple(Choice(one.id, phrases.label(one, language, hold.channel)) for one in talk.state.choices)
    key = f"hold:{hold.id}:{held.until.timestamp():.0f}"
    outbox.post(session, OutboundMessage(address, text, choices, kind="hold"), key=key, now=now)
