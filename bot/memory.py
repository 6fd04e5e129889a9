"""What a conversation remembers between two messages: its frozen state, under the lock of its row."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from booking_core import customers
from booking_core.customers import Customer
from booking_core.tables import ChannelIdentityRow, ConversationRow
from bot import states
from bot.messages import Address, InboundMessage
from bot.step import State

FORGET_AFTER = timedelta(hours=12)
"""A half-finished booking of yesterday is not gone on with as if nothing had happened."""

PAGES: Mapping[str, type[State]] = {name: getattr(states, name) for name in states.__all__}


@dataclass
class Talk:
    """A conversation, locked until the transaction ends.

    `lost` says that what was stored could not be read, `returned` that a person had it and their time is over, `linked`
    whether the link they came by made them one with somebody we know; None without a link.
    """

    id: int
    customer: Customer
    state: State
    language: str | None
    lost: bool = False
    returned: bool = False
    linked: bool | None = None


def open_talk(session: Session, message: InboundMessage, *, now: datetime) -> Talk:
    """The sender's conversation, begun on first contact. Lock first, then load: the other turn may just change it."""
    sender = message.sender
    known = customers.recognise(
        session, sender.channel, sender.id, now=now, language=message.language, name=message.name
    )
    if message.phone:
        customers.learn(session, known.customer.id, phone=message.phone)
    session.execute(
        insert(ConversationRow).values(identity_id=known.identity_id, updated_at=now).on_conflict_do_nothing()
    )
    row = session.execute(
        select(ConversationRow.id, ConversationRow.state, ConversationRow.language, ConversationRow.updated_at)
        .where(ConversationRow.identity_id == known.identity_id)
        .with_for_update()
    ).one()
    state = thaw(row.state)
    talk = Talk(row.id, known.customer, state or states.Idle(), row.language or message.language, lost=state is None)
    if isinstance(state, states.WithPerson):
        talk.returned = state.until is not None and state.until <= now
        talk.state = states.Idle(state.draft) if talk.returned else state
    elif now - row.updated_at >= FORGET_AFTER:
        talk.state, talk.lost = (state and state.left_alone(now)) or states.Idle(), False
    return talk


def keep(session: Session, talk: Talk, *, now: datetime) -> None:
    """Store where the conversation stands, and the customer's language for letters to come."""
    if talk.language and talk.language != talk.customer.language:
        customers.learn(session, talk.customer.id, language=talk.language)
    session.execute(
        update(ConversationRow)
        .where(ConversationRow.id == talk.id)
        .values(state=freeze(talk.state), language=talk.language, updated_at=now)
    )


def state_of(session: Session, address: Address) -> State:
    """Where a conversation stands, for those who only look."""
    stored = session.scalar(
        select(ConversationRow.state)
        .join(ChannelIdentityRow, ChannelIdentityRow.id == ConversationRow.identity_id)
        .where(ChannelIdentityRow.channel == address.channel, ChannelIdentityRow.external_id == address.id)
    )
    return thaw(stored or {}) or states.Idle()


def freeze(state: State) -> dict[str, Any]:
    """A state as JSON, tagged with the name of its class."""
    return {"page": type(state).__name__, "fields": _adapter(type(state)).dump_python(state, mode="json")}


def thaw(stored: Mapping[str, Any]) -> State | None:
    """The state again, the first one if nothing is stored; None if we cannot read what is."""
    if not stored:
        return states.Idle()
    page = PAGES.get(stored.get("page", ""))
    try:
        return _adapter(page).validate_python(stored.get("fields")) if page else None
    except ValidationError:
        return None


@cache
def _adapter(page: type[State]) -> TypeAdapter[State]:
    return TypeAdapter(page)
