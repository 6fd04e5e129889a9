"""What we owe customers before we take their data, and when they want to hear no more of us."""

from datetime import datetime

from sqlalchemy.orm import Session

from booking_core import consents
from booking_core.consents import Purpose
from bot.consents import heard_from
from bot.events import Said
from bot.memory import Talk
from bot.messages import InboundMessage
from bot.step import Say, say
from bot.understanding.meaning import Intent


def may_answer(session: Session, talk: Talk, message: InboundMessage, said: Said, *, now: datetime) -> bool:
    """Whether the customer wants to hear of us on this channel: not from STOP (that is answered once) until START."""
    channel, user = message.sender.channel, talk.user
    stopped = heard_from(session, user, channel, talk.consent, now=now) is False
    wish = Intent.START if stopped else Intent.STOP
    if said.wants(wish):
        consents.record(session, user, channel, Purpose.MESSAGES, granted=stopped, wording=message.text[:200], now=now)
        return True
    return not stopped


def notice(session: Session, talk: Talk, channel: str, *, now: datetime) -> tuple[Say, ...]:
    """What becomes of the data we are about to ask for; said once on each channel."""
    if talk.noticed or not talk.state.asks_for_data:
        return ()
    telling = say("notice")
    consents.record(session, talk.user, channel, Purpose.NOTICE, granted=True, wording=telling.key, now=now)
    return (telling,)
