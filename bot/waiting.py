"""Telling those who waited that a time is free, and theirs for a while."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import customers, offers, waitlist
from booking_core.offers import Offered
from booking_core.tables import ChannelIdentityRow
from booking_core.values import WorkshopId
from bot import memory, outbox, phrases, views
from bot.draft import Draft
from bot.messages import Address, Choice, InboundMessage, OutboundMessage
from bot.states import Confirming, WithPerson
from bot.step import say


def offer_all(session: Session, *, now: datetime) -> None:
    """For the clock: whatever became free anywhere, also by holds and offers that ran out."""
    for workshop in waitlist.awaited(session):
        offer_freed(session, workshop, now=now)


def offer_freed(session: Session, workshop: WorkshopId, *, now: datetime) -> None:
    """Ask the first in the list whom a free time of this workshop would suit; one word accepts it."""
    for offered in offers.offer_freed(session, workshop, now=now):
        _tell(session, offered, now=now)


def _tell(session: Session, offered: Offered, *, now: datetime) -> None:
    hold = offered.hold
    who = session.scalars(
        select(ChannelIdentityRow.external_id)
        .where(ChannelIdentityRow.user_id == hold.user, ChannelIdentityRow.channel == offered.channel)
        .order_by(ChannelIdentityRow.id)
        .limit(1)
    ).one()
    address = Address(offered.channel, who)
    talk = memory.open_talk(session, InboundMessage("", address), now=now)
    held = views.held_of(session, hold, now=now)
    draft = Draft(services=tuple(job.code for job in held.jobs), shops=(held.shop,), held=held)
    asking = Confirming(draft.meeting(views.client_of(customers.customer(session, hold.user))))
    talk.state = replace(talk.state, draft=asking.draft) if isinstance(talk.state, WithPerson) else asking
    memory.keep(session, talk, now=now)
    language = phrases.spoken(talk.language)
    news = say("time_became_free", until=held.until)
    text = "\n".join(phrases.word(one, language, address.channel) for one in (news, asking.question))
    choices = tuple(Choice(one.id, phrases.label(one, language, address.channel)) for one in asking.choices)
    letter = OutboundMessage(address, text, choices, kind="waitlist")
    outbox.post(session, letter, key=f"waitlist:{hold.id}", now=now)
