"""All that is stored about a customer, for them to open: a letter with a link that is good for a day."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import customers
from booking_core.personal import requests
from booking_core.tables import ChannelIdentityRow
from booking_core.values import UserId
from bot import outbox, phrases
from bot.messages import Address, Link, OutboundMessage
from bot.step import say

PATH = "/my-data"
"""Below our public address."""


def post(session: Session, user: UserId, channel: str, *, now: datetime) -> None:
    """Write it where they wrote from last on this channel."""
    here = session.scalar(
        select(ChannelIdentityRow.external_id)
        .where(ChannelIdentityRow.user_id == user, ChannelIdentityRow.channel == channel)
        .order_by(ChannelIdentityRow.id.desc())
        .limit(1)
    )
    if here is None:
        return
    secret = requests.offer_export(session, user, actor=f"customer:{user}", now=now)
    language = customers.customer(session, user).language
    language = phrases.spoken(language)
    words, label = (phrases.word(one, language, channel) for one in (say("data_file"), say("data_file_link")))
    letter = OutboundMessage(Address(channel, here), words, link=Link(label, f"{PATH}/{secret}"))
    outbox.post(session, letter, key=f"data:{user}:{now.isoformat()}", now=now)
