"""Conversations as staff read them: who has the word, what was said, and what became of each letter."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Select, and_, cast, not_, or_, select, true
from sqlalchemy.orm import Session

from booking_core.counter.clients import concerns
from booking_core.counter.pages import Page, read_page
from booking_core.errors import Unknown
from booking_core.tables import ChannelIdentityRow, ConversationRow, InboxRow, OutboxRow, UserRow
from booking_core.values import UserId, WorkshopId
from bot import handover
from bot.messages import Address
from bot.states import WithPerson


class Keeper(StrEnum):
    """Who has the word: the bot, nobody yet although a person was asked for, or a colleague."""

    BOT = "bot"
    NOBODY = "nobody"
    STAFF = "staff"


@dataclass(frozen=True)
class Conversation:
    """`by` is the actor who has taken it over, `until` when the bot has the word again."""

    id: int
    who: Address
    user: UserId
    customer: str | None
    language: str | None
    keeper: Keeper
    by: str | None
    until: datetime | None
    heard_at: datetime
    last_words: str


@dataclass(frozen=True)
class Line:
    """Something said. `by` is an actor, "customer" or "bot"; `state` and `delivery` are a letter's, with its error."""

    at: datetime
    by: str
    text: str
    choices: Sequence[str] = ()
    state: str | None = None
    delivery: str | None = None
    error: str | None = None


_STATE = ConversationRow.state
_BY: ColumnElement[str | None] = _STATE["fields"]["by"].astext
_UNTIL: ColumnElement[datetime | None] = cast(_STATE["fields"]["until"].astext, DateTime(timezone=True))


def conversations(
    session: Session,
    workshop: WorkshopId,
    *,
    now: datetime,
    keeper: Keeper | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Page[Conversation]:
    """The conversations with this workshop's customers and with those of none yet; the last to write come first."""
    rows = _conversations(workshop, now).where(*_kept_by(keeper, now))
    return read_page(session, rows, rows.selected_columns.id, _conversation, after=after, limit=limit)


def conversation(session: Session, workshop: WorkshopId, identity: int, *, now: datetime) -> Conversation:
    """One of them. Raises Unknown, for another workshop's customer as for none."""
    row = session.execute(_conversations(workshop, now).where(ConversationRow.id == identity)).one_or_none()
    if row is None:
        raise Unknown(conversation=identity)
    return _conversation(row)


def _conversations(workshop: WorkshopId, now: datetime) -> Select[Any]:
    last = (
        select(InboxRow.id, InboxRow.received_at, InboxRow.body)
        .where(InboxRow.channel == ChannelIdentityRow.channel, InboxRow.sender == ChannelIdentityRow.external_id)
        .order_by(InboxRow.id.desc())
        .limit(1)
        .lateral("last")
    )
    return (
        select(
            last.c.id,
            ConversationRow.id.label("conversation"),
            ChannelIdentityRow.channel,
            ChannelIdentityRow.external_id,
            UserRow.id.label("user"),
            UserRow.name,
            ConversationRow.language,
            _with_person(now).label("with_person"),
            _BY.label("by"),
            _UNTIL.label("until"),
            last.c.received_at,
            last.c.body,
        )
        .select_from(ConversationRow)
        .join(ChannelIdentityRow, ChannelIdentityRow.id == ConversationRow.identity_id)
        .join(UserRow, UserRow.id == ChannelIdentityRow.user_id)
        .join(last, true())
        .where(concerns(workshop))
    )


def _with_person(now: datetime) -> ColumnElement[bool]:
    page: ColumnElement[bool] = _STATE["page"].astext.is_not_distinct_from(WithPerson.__name__)
    return and_(page, or_(_UNTIL.is_(None), now < _UNTIL))


def _kept_by(keeper: Keeper | None, now: datetime) -> Sequence[ColumnElement[bool]]:
    match keeper:
        case None:
            return ()
        case Keeper.BOT:
            return (not_(_with_person(now)),)
        case Keeper.NOBODY:
            return (_with_person(now), _BY.is_(None))
        case Keeper.STAFF:
            return (_with_person(now), _BY.is_not(None))


def _conversation(row: Any) -> Conversation:
    kept = row.with_person
    keeper = (Keeper.STAFF if row.by else Keeper.NOBODY) if kept else Keeper.BOT
    return Conversation(
        row.conversation,
        Address(row.channel, row.external_id),
        row.user,
        row.name,
        row.language,
        keeper,
        row.by if kept else None,
        row.until if kept else None,
        row.received_at,
        _words(row.body),
    )


def address_of(session: Session, workshop: WorkshopId, conversation: int) -> Address:
    """With whom it is held. Raises Unknown, for another workshop's customer as for none."""
    row = session.execute(
        select(ChannelIdentityRow.channel, ChannelIdentityRow.external_id)
        .join(ConversationRow, ConversationRow.identity_id == ChannelIdentityRow.id)
        .join(UserRow, UserRow.id == ChannelIdentityRow.user_id)
        .where(ConversationRow.id == conversation, concerns(workshop))
    ).one_or_none()
    if row is None:
        raise Unknown(conversation=conversation)
    return Address(row.channel, row.external_id)


def transcript(session: Session, who: Address, *, before: datetime | None = None, limit: int = 100) -> list[Line]:
    """The last lines said before a moment, oldest first."""
    heard = select(InboxRow).where(InboxRow.channel == who.channel, InboxRow.sender == who.id)
    said = select(OutboxRow).where(OutboxRow.channel == who.channel, OutboxRow.recipient == who.id)
    if before is not None:
        heard, said = heard.where(InboxRow.received_at < before), said.where(OutboxRow.created_at < before)
    lines = [
        *session.scalars(heard.order_by(InboxRow.id.desc()).limit(limit)),
        *session.scalars(said.order_by(OutboxRow.id.desc()).limit(limit)),
    ]
    return list(_told(sorted(lines, key=_moment)[-limit:]))


def _moment(row: InboxRow | OutboxRow) -> datetime:
    return row.received_at if isinstance(row, InboxRow) else row.created_at


def _told(rows: Iterable[InboxRow | OutboxRow]) -> Iterator[Line]:
    """A button that was tapped is told by the words it had in a letter before."""
    labels: dict[str | None, str] = {}
    for row in rows:
        if isinstance(row, OutboxRow):
            labels |= {choice["id"]: choice["label"] for choice in row.body.get("choices", ())}
            yield _said(row)
        else:
            words = labels.get(row.body.get("choice"), _words(row.body))
            yield Line(row.received_at, "customer", words, error=row.error)


def _words(body: Mapping[str, Any]) -> str:
    """Nothing where they are forgotten; a tick for a button, whose own words stand in a letter before."""
    return body.get("text") or ("✓" if body.get("choice") else "")


def _said(row: OutboxRow) -> Line:
    return Line(
        row.created_at,
        handover.author_of(row.dedupe_key) or "bot",
        _words(row.body),
        tuple(choice["label"] for choice in row.body.get("choices", ())),
        row.state,
        row.delivery,
        row.error,
    )
