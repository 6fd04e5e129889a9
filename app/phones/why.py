"""Why the bot answered as it did: what it made of the words, where the talk stands, and which times it refused."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core.refusals import Reason
from booking_core.slots import find_slots
from booking_core.tables import ChannelIdentityRow, ConversationRow
from booking_core.values import Period
from bot import memory
from bot.draft import Draft
from bot.jargon import jargon
from bot.messages import Address
from bot.understanding import understand
from bot.understanding.dates import windows_of
from bot.understanding.explaining import Because, explain
from bot.understanding.meaning import Expecting, When
from bot.understanding.telling import as_data

STEP = timedelta(minutes=30)
LONGEST_LOOK = timedelta(hours=11)
"""How much of a wish is looked into: a working day."""


@dataclass(frozen=True)
class Question:
    """A message as it met the bot: what had been asked, and in which language."""

    text: str
    now: datetime
    expecting: Expecting
    language: str | None


@dataclass(frozen=True)
class Verdict:
    """Starts, local to the workshop, that share a fate: no reason means that they are free."""

    first: datetime
    last: datetime
    reason: Reason | None
    detail: str | None


@dataclass(frozen=True)
class Why:
    """`facts` is what was understood, `wish` what the conversation knows by now; both without what is unknown."""

    question: Question | None
    because: Sequence[Because]
    facts: dict[str, Any]
    state: str
    expecting: Expecting
    wish: dict[str, Any]
    shop: str | None
    verdicts: Sequence[Verdict]


def ask(session: Session, who: Address, text: str, *, now: datetime) -> Question:
    """Note how a message will meet the bot; to be called before it does."""
    language = session.scalar(
        select(ConversationRow.language)
        .join(ChannelIdentityRow, ChannelIdentityRow.id == ConversationRow.identity_id)
        .where(ChannelIdentityRow.channel == who.channel, ChannelIdentityRow.external_id == who.id)
    )
    return Question(text, now, memory.state_of(session, who).expecting, language)


def explained(session: Session, who: Address, question: Question | None, *, now: datetime) -> Why:
    """All there is to say about the last message and what followed from it."""
    state = memory.state_of(session, who)
    draft = state.draft
    because: Sequence[Because] = ()
    facts: dict[str, Any] = {}
    if question:
        asked: dict[str, Any] = {"now": question.now, "language": question.language, "expecting": question.expecting}
        own = jargon(session, now=now)
        because = explain(question.text, **asked, words=own)
        facts = _known(as_data(understand(question.text, **asked, words=own), now=question.now))
    return Why(
        question,
        because,
        facts,
        type(state).__name__,
        state.expecting,
        _wish(draft, now),
        draft.shops[0].name if draft.shops else None,
        list(_verdicts(session, draft, now=now)),
    )


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if fact not in (None, [], "", False)}


def _wish(draft: Draft, now: datetime) -> dict[str, Any]:
    return _known(
        {
            "services": list(draft.services),
            "plz": draft.plz,
            "city": draft.city,
            "workshops": [shop.name for shop in draft.shops],
            "held": draft.held and draft.held.start,
            "name": draft.name,
            "plate": draft.vehicle.plate,
            "email": draft.email,
        }
    )


def _verdicts(session: Session, draft: Draft, *, now: datetime) -> Iterator[Verdict]:
    """What became of each half hour of the wish, neighbours of one fate together."""
    if not draft.services or not draft.shops:
        return
    shop = draft.shops[0]
    fates = []
    for start in _starts(draft.when or When(), now):
        found = find_slots(
            session, draft.services, workshops=[shop.id], windows=[Period(start, start + STEP)], now=now, limit=1
        )
        reason = found.why_not
        fates.append((start, reason.reason if reason else None, reason.detail if reason else None))
    for (reason_, detail), group in groupby(fates, key=lambda fate: fate[1:]):
        starts = [start for start, _, _ in group]
        yield Verdict(starts[0], starts[-1], reason_, detail)


def _starts(when: When, now: datetime) -> Iterator[datetime]:
    """The half hours of the first day that was wished for."""
    for window in windows_of(when, now=now)[:1]:
        start = max(window.start or now, now)
        start -= timedelta(minutes=start.minute % 30, seconds=start.second, microseconds=start.microsecond)
        end = min(window.end or start + LONGEST_LOOK, start + LONGEST_LOOK)
        yield start
        while (start := start + STEP) < end:
            yield start
