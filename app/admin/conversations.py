"""Conversations: who has the word, what was said, taking over, answering, giving back."""

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.admin.counter import AtCounter, Counter
from app.admin.paging import InPages
from app.admin.refusals import AT_THE_COUNTER, refusals
from app.admin.types import After, Id, Limit, Listed, LongWords, Moment, Sent
from app.admin.writing import ONCE, Once
from booking_core import audit
from booking_core.counter.pages import Page
from bot import correspondence, handover
from bot.correspondence import Conversation, Keeper, Line
from bot.messages import Address
from channels.window import WINDOW

router = APIRouter(tags=["conversations"], responses=refusals(*AT_THE_COUNTER))

Minutes = Annotated[
    int, Field(strict=True, ge=1, le=1440, examples=[120], description="After which the bot has the word again")
]


class ConversationShown(BaseModel):
    """`open_until` is when WhatsApp takes no free text any more; null where there is no such limit."""

    id: int
    channel: str
    address: str
    customer_id: int
    customer: str | None
    language: str | None
    keeper: Keeper
    by: str | None
    until: datetime | None
    heard_at: datetime
    last_words: str
    open_until: datetime | None


class TakeOver(Sent):
    minutes: Minutes = 120


class Answer(TakeOver):
    text: LongWords = Field(examples=["Hier ist Anna aus der Werkstatt. Ich schaue gleich nach."])


@router.get("/conversations")
def list_conversations(
    at: AtCounter,
    pages: InPages,
    keeper: Annotated[Keeper | None, Query(description="`nobody`: a person was asked for")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Listed[ConversationShown]:
    """With this workshop's customers and those who have not chosen one; the last to write come first."""
    page = at(
        lambda session, now: correspondence.conversations(
            session, at.workshop, now=now, keeper=keeper, after=after, limit=limit
        )
    )
    return pages(Page([shown(one) for one in page.items], page.after))


@router.get("/conversations/{conversation_id}/lines")
def read_conversation(
    at: AtCounter,
    conversation_id: Id,
    before: Annotated[Moment | None, Query(description="`at` of the earliest line you have")] = None,
    limit: Limit = 50,
) -> list[Line]:
    """The last lines said, oldest first, and what became of each letter."""

    def read(session: Session, now: datetime) -> list[Line]:
        who = correspondence.address_of(session, at.workshop, conversation_id)
        return correspondence.transcript(session, who, before=before, limit=limit)

    return at(read)


@router.post("/conversations/{conversation_id}/take-over", status_code=204)
def take_over(at: AtCounter, conversation_id: Id, wish: TakeOver) -> None:
    """The bot says nothing there from now on, until it is released, called, or the time is over."""

    def work(session: Session, now: datetime) -> None:
        until = now + timedelta(minutes=wish.minutes)
        who = _entered(session, at, conversation_id, "taken over", now=now)
        handover.take_over(session, who, by=at.actor, until=until, now=now)

    at(work)


@router.post("/conversations/{conversation_id}/answers", status_code=204, responses=refusals(*ONCE))
def answer(at: AtCounter, conversation_id: Id, wish: Answer, repeatable: Once) -> None:
    """Say something in the bot's place, which takes the conversation over."""

    def work(session: Session, now: datetime) -> dict[str, Any]:
        until = now + timedelta(minutes=wish.minutes)
        who = _entered(session, at, conversation_id, "answered", now=now)
        handover.answer(session, who, wish.text, by=at.actor, until=until, now=now)
        return {}

    repeatable.once(at, ("answer", conversation_id, wish), dict, work)


@router.post("/conversations/{conversation_id}/release", status_code=204)
def release(at: AtCounter, conversation_id: Id) -> None:
    """The bot goes on where it was interrupted, and says so."""

    def work(session: Session, now: datetime) -> None:
        handover.release(session, _entered(session, at, conversation_id, "released", now=now), now=now)

    at(work)


def _entered(session: Session, at: Counter, conversation: int, action: str, *, now: datetime) -> Address:
    """With whom it is held; that somebody steps in is written down."""
    who = correspondence.address_of(session, at.workshop, conversation)
    facts = {"workshop": at.workshop}
    audit.record(session, at.actor, action, ("conversation", conversation), now=now, before=None, after=facts)
    return who


def shown(one: Conversation) -> ConversationShown:
    limited = one.who.channel == "whatsapp"
    return ConversationShown(
        id=one.id,
        channel=one.who.channel,
        address=one.who.id,
        customer_id=one.user,
        customer=one.customer,
        language=one.language,
        keeper=one.keeper,
        by=one.by,
        until=one.until,
        heard_at=one.heard_at,
        last_words=one.last_words,
        open_until=one.heard_at + WINDOW if limited else None,
    )
