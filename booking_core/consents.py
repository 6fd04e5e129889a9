"""What customers agreed to or took back, per channel and purpose; nothing is overwritten."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from booking_core.tables import ConsentRow
from booking_core.values import UserId


class Purpose(StrEnum):
    """What a consent is about. A notice is not agreed to, but that it was given is recorded the same way."""

    NOTICE = "notice"
    MESSAGES = "messages"


def record(
    session: Session, user: UserId, channel: str, purpose: Purpose, *, granted: bool, wording: str, now: datetime
) -> None:
    """Remember what was said; `wording` is what the customer read or wrote."""
    session.execute(
        insert(ConsentRow).values(
            user_id=user, channel=channel, purpose=purpose, granted=granted, wording=wording, recorded_at=now
        )
    )


def holds(session: Session, user: UserId, channel: str, purpose: Purpose) -> bool | None:
    """What was said last; None if nothing ever was."""
    return session.scalar(
        select(ConsentRow.granted)
        .where(ConsentRow.user_id == user, ConsentRow.channel == channel, ConsentRow.purpose == purpose)
        .order_by(ConsentRow.recorded_at.desc(), ConsentRow.id.desc())
        .limit(1)
    )
