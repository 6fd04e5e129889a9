"""Whether we may write to somebody under an address; what was said last holds."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from booking_core import consents, customers
from booking_core.consents import REFUSED, Consent, Purpose
from booking_core.tables import ChannelIdentityRow, ConsentRow, UserRow, table_of
from booking_core.values import UserId
from bot.messages import Address


def record(session: Session, who: Address, *, granted: bool, wording: str, now: datetime) -> None:
    """Note what somebody said; saying it again changes nothing."""
    user = customers.recognise(session, who.channel, who.id, now=now).customer.id
    if consents.holds(session, user, who.channel, Purpose.MESSAGES) is not granted:
        consents.record(session, user, who.channel, Purpose.MESSAGES, granted=granted, wording=wording, now=now)


def refused(session: Session, who: Address, *, reason: str, now: datetime) -> None:
    """Note that a provider takes nothing for them any more."""
    record(session, who, granted=False, wording=REFUSED + reason, now=now)


def heard_from(session: Session, user: UserId, channel: str, newest: Consent | None, *, now: datetime) -> bool | None:
    """Whether they want to hear of us, now that they write; None if they never said. `newest` is what they said last.

    Whoever writes can be reached again; what they forbade themselves stays forbidden.
    """
    if newest is not None and not newest.granted and newest.wording.startswith(REFUSED):
        consents.record(session, user, channel, Purpose.MESSAGES, granted=True, wording="wrote to us", now=now)
        return True
    return newest.granted if newest else None


_CONSENTS = table_of(ConsentRow).c


def newest_of(user: ColumnElement[UserId], channel: ColumnElement[str], purpose: Purpose) -> ColumnElement[Any]:
    """What was said last about this, as [granted, wording]; null if nothing ever was."""
    return (
        select(func.jsonb_build_array(_CONSENTS.granted, _CONSENTS.wording, type_=JSONB))
        .where(_CONSENTS.user_id == user, _CONSENTS.channel == channel, _CONSENTS.purpose == purpose)
        .order_by(_CONSENTS.recorded_at.desc(), _CONSENTS.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def withdrawn_at(channel: ColumnElement[str], who: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether they forbade us to write to them here, or cannot be reached. Whoever never said a thing did not."""
    theirs = table_of(ChannelIdentityRow).alias()
    newest = (
        select(_CONSENTS.granted)
        .join_from(table_of(ConsentRow), theirs, theirs.c.user_id == _CONSENTS.user_id)
        .where(
            theirs.c.channel == channel,
            theirs.c.external_id == who,
            _CONSENTS.channel == channel,
            _CONSENTS.purpose == Purpose.MESSAGES,
        )
        .order_by(_CONSENTS.recorded_at.desc(), _CONSENTS.id.desc())
        .limit(1)
    )
    return newest.scalar_subquery().is_(False)


_WITHDRAWN = select(withdrawn_at(bindparam("channel"), bindparam("who")))


def withdrawn(session: Session, who: Address) -> bool:
    """The same of one address."""
    return session.scalar(_WITHDRAWN, {"channel": who.channel, "who": who.id}) is True


def restricted_at(channel: ColumnElement[str], who: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether they, or staff for them, had us leave their data alone (Art. 18, 21 GDPR)."""
    theirs, owner, mailbox = (table_of(row).alias() for row in (ChannelIdentityRow, UserRow, UserRow))
    named = select(owner.c.restricted_at).where(
        theirs.c.channel == channel, theirs.c.external_id == who, owner.c.id == theirs.c.user_id
    )
    mailed = (
        select(mailbox.c.restricted_at)
        .where(channel == "email", mailbox.c.email == who, mailbox.c.restricted_at.is_not(None))
        .limit(1)
    )
    return or_(*(one.scalar_subquery().is_not(None) for one in (named, mailed)))
