"""What a conversation remembers between two messages: its frozen state, under the lock of its row."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import (
    ARRAY,
    BigInteger,
    DateTime,
    Text,
    bindparam,
    case,
    column,
    exists,
    false,
    func,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Session

from booking_core import customers, wire
from booking_core.consents import Consent, Purpose
from booking_core.tables import ChannelIdentityRow, ConversationRow, UserRow, WorkshopRow, table_of
from booking_core.values import UserId
from bot import consents, states
from bot.messages import Address, InboundMessage
from bot.step import State

FORGET_AFTER = timedelta(hours=12)
"""A half-finished booking of yesterday is not gone on with as if nothing had happened."""

PAGES: Mapping[str, type[State]] = {name: getattr(states, name) for name in states.__all__}


@dataclass
class Talk:
    """A conversation, locked until the transaction ends.

    `consent` is what they last said of our messages on this channel, `noticed` whether they know what becomes of their
    data, `familiar` whether the house would say du to them, who have not spoken German yet. `lost` says that what was
    stored could not be read, `returned` that a person had it and their time is over, `linked` whether the link they
    came by made them one with somebody we know; None without a link.
    """

    id: int
    user: UserId
    state: State
    language: str | None
    known_language: str
    consent: Consent | None = None
    noticed: bool = False
    familiar: bool = False
    lost: bool = False
    returned: bool = False
    linked: bool | None = None


_TALKS, _IDENTITIES, _USERS = (table_of(row).c for row in (ConversationRow, ChannelIdentityRow, UserRow))
_SPEAKS_GERMAN = _TALKS.language.like("de%")
_HOUSE_IS_FAMILIAR = select(func.bool_and(WorkshopRow.familiar)).scalar_subquery()
_THREADS = (
    select(
        _TALKS.id,
        _TALKS.state,
        _TALKS.language,
        _TALKS.updated_at,
        _IDENTITIES.user_id,
        _USERS.language.label("known_language"),
        consents.newest_of(_IDENTITIES.user_id, _IDENTITIES.channel, Purpose.MESSAGES).label("consent"),
        consents.newest_of(_IDENTITIES.user_id, _IDENTITIES.channel, Purpose.NOTICE)[0].as_boolean().label("noticed"),
        case((_SPEAKS_GERMAN, false()), else_=_HOUSE_IS_FAMILIAR).label("familiar"),
    )
    .join(_IDENTITIES.id.table, _IDENTITIES.id == _TALKS.identity_id)
    .join(_USERS.id.table, _USERS.id == _IDENTITIES.user_id)
    .with_for_update(of=_TALKS.id.table)
)
_LOCKED = _THREADS.where(_IDENTITIES.channel == bindparam("channel"), _IDENTITIES.external_id == bindparam("who"))
_NAMES = (
    func.unnest(bindparam("channels", type_=ARRAY(Text)), bindparam("whos", type_=ARRAY(Text)))
    .table_valued("channel", "who")
    .render_derived()
)
_NAMED = tuple_(_IDENTITIES.channel, _IDENTITIES.external_id).in_(select(_NAMES.c.channel, _NAMES.c.who))
_ALL_LOCKED = _THREADS.add_columns(_IDENTITIES.channel, _IDENTITIES.external_id).where(_NAMED).order_by(_TALKS.id)
_ALL_BEGUN = (
    insert(_TALKS.id.table)
    .from_select(
        ["identity_id", "updated_at"],
        select(_IDENTITIES.id, bindparam("now", type_=DateTime(timezone=True))).where(
            _NAMED, ~exists().where(_TALKS.identity_id == _IDENTITIES.id)
        ),
    )
    .on_conflict_do_nothing()
)


def open_talk(session: Session, message: InboundMessage, *, now: datetime) -> Talk:
    """The sender's conversation, begun on first contact."""
    sender = message.sender
    who = {"channel": sender.channel, "who": sender.id}
    row = wire.row(session, _LOCKED, who)
    if row is None or customers.may_be_another(sender.channel, row.updated_at, now=now):
        _begin(session, message, now=now)
        row = wire.row(session, _LOCKED, who)
    if message.phone:
        customers.learn(session, row.user_id, phone=message.phone)
    return _talk(row, message.language, now=now)


def open_talks(session: Session, addresses: Collection[Address], *, now: datetime) -> dict[Address, Talk]:
    """The conversations of all these, locked in one order by whoever wants several."""
    names = {"channels": [one.channel for one in addresses], "whos": [one.id for one in addresses]}
    if not addresses:
        return {}
    session.execute(_ALL_BEGUN, names | {"now": now})
    rows = wire.rows(session, _ALL_LOCKED, names)
    known = {
        Address(row.channel, row.external_id): _talk(row, None, now=now)
        for row in rows
        if not customers.may_be_another(row.channel, row.updated_at, now=now)
    }
    return known | {one: open_talk(session, InboundMessage("", one), now=now) for one in addresses if one not in known}


def _talk(row: Any, language: str | None, *, now: datetime) -> Talk:
    """`language` is spoken where none was yet."""
    state = thaw(row.state)
    language = row.language or language
    talk = Talk(row.id, row.user_id, state or states.Idle(), language, row.known_language, lost=state is None)
    talk.consent, talk.noticed = Consent(*row.consent) if row.consent else None, bool(row.noticed)
    talk.familiar = bool(row.familiar)
    if isinstance(state, states.WithPerson):
        talk.returned = state.until is not None and state.until <= now
        talk.state = states.Idle(state.draft) if talk.returned else state
    elif now - row.updated_at >= FORGET_AFTER:
        talk.state, talk.lost = (state and state.left_alone(now)) or states.Idle(), False
    return talk


def _begin(session: Session, message: InboundMessage, *, now: datetime) -> None:
    """Once, even when two first messages race."""
    sender = message.sender
    known = customers.recognise(
        session, sender.channel, sender.id, now=now, language=message.language, name=message.name
    )
    begun = insert(ConversationRow).values(identity_id=known.identity_id, updated_at=now)
    session.execute(begun.on_conflict_do_nothing())


_KEPT = (
    func.jsonb_to_recordset(bindparam("talks", type_=JSONB))
    .table_valued(column("id", BigInteger), column("state", JSONB), column("language", Text))
    .render_derived(name="kept", with_types=True)
)
_KEEP = (
    update(_TALKS.id.table)
    .where(_TALKS.id == _KEPT.c.id)
    .values(state=_KEPT.c.state, language=_KEPT.c.language, updated_at=bindparam("now", type_=DateTime(timezone=True)))
    .returning(_TALKS.id)
)


def keep(session: Session, talk: Talk, *, now: datetime) -> None:
    """Store where the conversation stands, and the customer's language for letters to come."""
    keep_all(session, [talk], now=now)


def keep_all(session: Session, talks: Collection[Talk], *, now: datetime) -> None:
    """The same of several, on one way to the database."""
    for talk in talks:
        if talk.language and talk.language != talk.known_language:
            customers.learn(session, talk.user, language=talk.language)
    kept = [{"id": talk.id, "state": freeze(talk.state), "language": talk.language} for talk in talks]
    if kept:
        wire.send(session, _KEEP, {"talks": json.dumps(kept), "now": now})


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
