"""Telling whoever has not decided yet that the time kept for them will soon be anybody's again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, ChannelIdentityRow, ConversationRow
from bot import consents, memory, outbox, phrases
from bot.messages import Address, Choice, OutboundMessage
from bot.states import WithPerson
from bot.states.thread import Thread
from bot.step import say

AHEAD = timedelta(minutes=3)
"""How long before the end we say so: time enough to answer."""

QUIET = timedelta(minutes=1)
"""Whoever wrote this recently is at it, and need not be told."""


def warn(session: Session, *, now: datetime) -> None:
    """For the clock, each minute: write once to everybody whose hold ends soon and who has gone silent."""
    for row in session.execute(_RUNNING_OUT.where(AppointmentRow.reserved_until.between(now, now + AHEAD))):
        who = Address(row.channel, row.external_id)
        state = _undecided(row)
        if state and row.updated_at <= now - QUIET and not consents.withdrawn(session, who):
            letter = _letter(who, state, row.language or phrases.LANGUAGES[0])
            outbox.post(session, letter, key=f"holding:{row.id}:{row.reserved_until.isoformat()}", now=now)


def moments(session: Session, *, until: datetime) -> Sequence[datetime]:
    """When those should have been told whose holds end before long or have ended: for a clock that leaps."""
    ends = session.scalars(
        select(AppointmentRow.reserved_until)
        .where(AppointmentRow.status == AppointmentStatus.RESERVED, AppointmentRow.reserved_until <= until + AHEAD)
        .order_by(AppointmentRow.reserved_until)
    )
    return [end - AHEAD for end in ends if end is not None]


_RUNNING_OUT = (
    select(
        AppointmentRow.id,
        AppointmentRow.reserved_until,
        ChannelIdentityRow.channel,
        ChannelIdentityRow.external_id,
        ConversationRow.state,
        ConversationRow.language,
        ConversationRow.updated_at,
    )
    .join(ChannelIdentityRow, ChannelIdentityRow.user_id == AppointmentRow.user_id)
    .join(ConversationRow, ConversationRow.identity_id == ChannelIdentityRow.id)
    .where(AppointmentRow.status == AppointmentStatus.RESERVED, ChannelIdentityRow.channel == AppointmentRow.channel)
)


def _undecided(row: Row[*tuple[object, ...]]) -> Thread | None:
    """Where the conversation stands, if it is about this hold and no colleague leads it."""
    state = memory.thaw(row.state)
    if not isinstance(state, Thread) or isinstance(state, WithPerson) or state.draft.held is None:
        return None
    return state if state.draft.held.appointment == row.id else None


def _letter(who: Address, state: Thread, language: str) -> OutboundMessage:
    held = state.draft.held
    assert held is not None  # noqa: S101 - what is undecided is about a time that is held.
    says = (say("hold_ends", start=held.start, until=held.until), state.rephrased)
    text = "\n".join(phrases.word(one, language, who.channel) for one in says)
    choices = tuple(Choice(one.id, phrases.label(one, language, who.channel)) for one in state.choices)
    return OutboundMessage(who, text, choices)
