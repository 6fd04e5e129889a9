"""Staff in a conversation: they take it over, and give it back."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from bot import memory, outbox, phrases
from bot.messages import Address, InboundMessage, OutboundMessage
from bot.states import Idle, WithPerson
from bot.step import say

_ANSWER = "answer:"


def take_over(session: Session, who: Address, *, by: str, until: datetime, now: datetime) -> None:
    """From now on the bot says nothing there, until it is released, called by the customer, or it is `until`."""
    talk = memory.open_talk(session, _nothing_from(who), now=now)
    talk.state = WithPerson(talk.state.draft, until=until, by=by)
    memory.keep(session, talk, now=now)


def answer(session: Session, who: Address, text: str, *, by: str, until: datetime, now: datetime) -> None:
    """Say something in the bot's place, which takes the conversation over."""
    take_over(session, who, by=by, until=until, now=now)
    letter = OutboundMessage(who, text, kind="staff")
    outbox.post(session, letter, key=f"{_ANSWER}{by}:{secrets.token_hex(8)}", now=now)


def author_of(key: str) -> str | None:
    """Whose answer the letter with this key is; None if it is the bot's."""
    return key.removeprefix(_ANSWER).rpartition(":")[0] if key.startswith(_ANSWER) else None


def release(session: Session, who: Address, *, now: datetime) -> None:
    """The bot goes on where it was interrupted, and says so; nothing happens where it was not."""
    talk = memory.open_talk(session, _nothing_from(who), now=now)
    if isinstance(talk.state, WithPerson):
        language = phrases.spoken(talk.language)
        talk.state = Idle(talk.state.draft)
        letter = OutboundMessage(who, phrases.word(say("here_again"), language, who.channel))
        outbox.post(session, letter, key=f"release:{talk.id}:{now.isoformat()}", now=now)
        memory.keep(session, talk, now=now)


def _nothing_from(who: Address) -> InboundMessage:
    return InboundMessage("", who)
