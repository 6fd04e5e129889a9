"""What customers agreed to or took back, per channel and purpose; nothing is overwritten."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session

from booking_core.tables import ConsentRow, table_of
from booking_core.values import UserId

REFUSED = "refused: "
"""What the wording begins with when it was not the customer who spoke, but a provider that took nothing for them."""


class Purpose(StrEnum):
    """What a consent is about. A notice is not agreed to, but that it was given is recorded the same way."""

    NOTICE = "notice"
    MESSAGES = "messages"


@dataclass(frozen=True)
class Consent:
    """What was said last, and in what words."""

    granted: bool
    wording: str


def record(
    session: Session, user: UserId, channel: str, purpose: Purpose, *, granted: bool, wording: str, now: datetime
) -> None:
    """Remember what was said; `wording` is what the customer read or wrote."""
    session.execute(
        insert(ConsentRow).values(
            user_id=user, channel=channel, purpose=purpose, granted=granted, wording=wording, recorded_at=now
        )
    )


_CONSENTS = table_of(ConsentRow).c
_NEWEST = (
    select(_CONSENTS.granted, _CONSENTS.wording)
    .where(
        _CONSENTS.user_id == bindparam("user"),
        _CONSENTS.channel == bindparam("channel"),
        _CONSENTS.purpose == bindparam("purpose"),
    )
    .order_by(_CONSENTS.recorded_at.desc(), _CONSENTS.id.desc())
    .limit(1)
)


def newest(session: Session, user: UserId, channel: str, purpose: Purpose) -> Consent | None:
    """None if nothing ever was said."""
    row = session.execute(_NEWEST, {"user": user, "channel": channel, "purpose": purpose}).one_or_none()
    return Consent(row.granted, row.wording) if row else None


def holds(session: Session, user: UserId, channel: str, purpose: Purpose) -> bool | None:
    """What was said last; None if nothing ever was."""
    said = newest(session, user, channel, purpose)
    return said.granted if said else None
