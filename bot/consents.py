"""Whether we may write to somebody under an address; what was said last holds."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import consents, customers
from booking_core.consents import Purpose
from booking_core.tables import ChannelIdentityRow, ConsentRow
from bot.messages import Address

REFUSED = "refused: "
"""What the wording begins with when it was not the customer who spoke, but a provider that took nothing for them."""


def record(session: Session, who: Address, *, granted: bool, wording: str, now: datetime) -> None:
    """Note what somebody said; saying it again changes nothing."""
    user = customers.recognise(session, who.channel, who.id, now=now).customer.id
    if consents.holds(session, user, who.channel, Purpose.MESSAGES) is not granted:
        consents.record(session, user, who.channel, Purpose.MESSAGES, granted=granted, wording=wording, now=now)


def refused(session: Session, who: Address, *, reason: str, now: datetime) -> None:
    """Note that a provider takes nothing for them any more."""
    record(session, who, granted=False, wording=REFUSED + reason, now=now)


def heard_from(session: Session, who: Address, *, now: datetime) -> None:
    """Whoever writes can be reached again; what they forbade themselves stays forbidden."""
    newest = _newest(session, who)
    if newest is not None and not newest.granted and newest.wording.startswith(REFUSED):
        record(session, who, granted=True, wording="wrote to us", now=now)


def withdrawn(session: Session, who: Address) -> bool:
    """Whether they forbade us to write to them here, or cannot be reached. Whoever never said a thing did not."""
    newest = _newest(session, who)
    return newest is not None and not newest.granted


def _newest(session: Session, who: Address) -> ConsentRow | None:
    return session.scalar(
        select(ConsentRow)
        .join(ChannelIdentityRow, ChannelIdentityRow.user_id == ConsentRow.user_id)
        .where(
            ChannelIdentityRow.channel == who.channel,
            ChannelIdentityRow.external_id == who.id,
            ConsentRow.channel == who.channel,
            ConsentRow.purpose == Purpose.MESSAGES,
        )
        .order_by(ConsentRow.recorded_at.desc(), ConsentRow.id.desc())
        .limit(1)
    )
