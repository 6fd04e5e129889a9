"""Who allowed us to write to them where; what was said last holds."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import customers
from booking_core.tables import ChannelIdentityRow, ConsentRow
from bot.messages import Address

MESSAGES = "messages"


def record(session: Session, who: Address, *, granted: bool, wording: str, now: datetime) -> None:
    """Note what somebody said, or a provider said for them; saying it again changes nothing."""
    if _newest(session, who) is granted:
        return
    user = customers.recognise(session, who.channel, who.id, now=now).customer.id
    session.add(
        ConsentRow(
            user_id=user, channel=who.channel, purpose=MESSAGES, granted=granted, wording=wording, recorded_at=now
        )
    )
    session.flush()


def withdrawn(session: Session, who: Address) -> bool:
    """Whether they forbade us to write to them here. Whoever never said a thing did not."""
    return _newest(session, who) is False


def _newest(session: Session, who: Address) -> bool | None:
    return session.scalar(
        select(ConsentRow.granted)
        .join(ChannelIdentityRow, ChannelIdentityRow.user_id == ConsentRow.user_id)
        .where(
            ChannelIdentityRow.channel == who.channel,
            ChannelIdentityRow.external_id == who.id,
            ConsentRow.channel == who.channel,
            ConsentRow.purpose == MESSAGES,
        )
        .order_by(ConsentRow.recorded_at.desc(), ConsentRow.id.desc())
        .limit(1)
    )
