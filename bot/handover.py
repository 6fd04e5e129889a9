"""Staff in a conversation: they take it over, and give it back."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot import memory, outbox, phrases
from bot.messages import Address, InboundMessage, OutboundMessage
from bot.states import Idle, WithPerson
from bot.step import say


def take_over(session: Session, who: Address, *, until: datetime, now: datetime) -> None:
    """From now on the bot says nothing there, until it is released, called by the customer, or it is `until`."""
    talk = memory.open_talk(session, _nothing_from(who), now=now)
    talk.state = WithPerson(talk.state.draft, until=until)
    memory.keep(session, talk, now=now)


def release(session: Session, who: Address, *, now: datetime) -> None:
    """The bot goes on where it was interrupted, and says so; nothing happens where it was not."""
    talk = memory.open_talk(session, _nothing_from(who), now=now)
    if isinstance(talk.state, WithPerson):
        language = talk.language or phrases.LANGUAGES[0]
        talk.state = Idle(talk.state.draft)
        letter = OutboundMessage(who, phrases.word(say("here_again"), language, who.channel))
        outbox.post(session, letter, key=f"release:{talk.id}:{now.isoformat()}", now=now)
        memory.keep(session, talk, now=now)


def _nothing_from(who: Address) -> InboundMessage:
    return InboundMessage("", who)
