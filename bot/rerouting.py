"""The way around a channel that refuses a letter for good."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core.tables import ChannelIdentityRow, UserRow
from bot import consents, outbox, reminding
from bot.messages import Address, OutboundMessage

ORDER = ("telegram", "relay", "whatsapp", "sms", "email")
"""The cheapest first."""

AGAIN, FORMAL = "~again", "~template"
"""What the key of a letter ends with that goes out once more, as it was or as its template; more often it does not."""


def reroute(
    session: Session, key: str, message: OutboundMessage, *, channels: Collection[str], now: datetime
) -> Address | None:
    """Post the message on the customer's next channel of those there are; None if there is none left.

    The key grows by each channel that was tried, so that no two refusals send it round in a circle. Replies stay where
    they were asked for, and confirmations only repeat what was said there.
    """
    first, *tried = key.split(">")
    past = {message.recipient.channel, *tried}
    if message.kind in {"reply", "confirmation"} or outbox.outdated(session, key):
        return None
    for channel in ORDER:
        if channel in channels and channel not in past and (there := _address(session, message.recipient, channel)):
            if message.kind == reminding.KIND:
                again = reminding.on_another_way(session, first.partition("~")[0], there, now=now)
            else:
                again = replace(message, recipient=there, choices=())
            next_key, about = ">".join((first, *tried, channel)), outbox.about(session, key)
            outbox.post(session, again, key=next_key, now=now, about=about)
            return there
    return None


def repeat(
    session: Session, key: str, message: OutboundMessage, *, now: datetime, after: timedelta = timedelta()
) -> None:
    """Post the message once more in its place; one that was repeated already stays where it is."""
    again = f"{key.removesuffix(AGAIN)}{AGAIN}"
    outbox.post(session, message, key=again, now=now, after=after, about=outbox.about(session, key))


def formalise(session: Session, key: str, message: OutboundMessage, *, now: datetime) -> None:
    """Post the message in its place as the approved template of its kind."""
    formal = replace(message, as_template=True)
    outbox.post(session, formal, key=f"{key}{FORMAL}", now=now, about=outbox.about(session, key))


def _address(session: Session, who: Address, channel: str) -> Address | None:
    """Where the same person is reached on another channel, if they allow it."""
    user = (
        select(ChannelIdentityRow.user_id)
        .where(ChannelIdentityRow.channel == who.channel, ChannelIdentityRow.external_id == who.id)
        .scalar_subquery()
    )
    if channel == "email":
        id = session.scalar(select(UserRow.email).where(UserRow.id == user, UserRow.email_proved_at.is_not(None)))
    else:
        id = session.scalar(
            select(ChannelIdentityRow.external_id)
            .where(ChannelIdentityRow.user_id == user, ChannelIdentityRow.channel == channel)
            .order_by(ChannelIdentityRow.id.desc())
            .limit(1)
        )
    there = Address(channel, id) if id else None
    return None if there is None or consents.withdrawn(session, there) else there
