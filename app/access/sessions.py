"""Sessions of staff: known by a cookie, kept by the server, ended by anyone of three clocks or by hand."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from app.access.caller import Caller, Role
from app.access.tokens import fingerprint, new_secret
from booking_core.tables import StaffSessionRow, StaffUserRow

IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)
"""Every request is a sign of life, but not every one needs writing down."""


@dataclass(frozen=True)
class SignedIn:
    """Somebody who signed in. `form_token` is what our own forms send along, and nobody else can know."""

    caller: Caller
    staff: int
    email: str
    wants_code: bool
    form_token: str


def begin(session: Session, staff: int, *, now: datetime) -> str:
    """A new session; the value of its cookie."""
    token = new_secret()
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.expires_at <= now))
    session.execute(
        insert(StaffSessionRow).values(
            staff_id=staff,
            token_hash=fingerprint(token),
            created_at=now,
            last_seen_at=now,
            expires_at=now + LONGEST,
        )
    )
    return token


def signed_in(session: Session, token: str, *, now: datetime) -> SignedIn | None:
    """Who this cookie stands for; None once the session is over or the account is closed."""
    row = session.execute(
        select(StaffSessionRow.id, StaffSessionRow.last_seen_at, StaffUserRow)
        .join(StaffUserRow, StaffUserRow.id == StaffSessionRow.staff_id)
        .where(
            StaffSessionRow.token_hash == fingerprint(token),
            StaffSessionRow.ended_at.is_(None),
            StaffSessionRow.expires_at > now,
            StaffSessionRow.last_seen_at > now - IDLE,
            StaffUserRow.disabled_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    identity, seen, account = row
    if now - seen >= _SEEN_EVERY:
        session.execute(update(StaffSessionRow).where(StaffSessionRow.id == identity).values(last_seen_at=now))
    caller = Caller(Role(account.role), account.workshop_id, f"staff:{account.id}", account.name)
    return SignedIn(caller, account.id, account.email, account.totp_secret is not None, form_token(token))


def end(session: Session, token: str, *, now: datetime) -> None:
    """Sign out."""
    _end(session, StaffSessionRow.token_hash == fingerprint(token), now=now)


def end_all(session: Session, staff: int, *, now: datetime) -> None:
    """Sign somebody out everywhere."""
    _end(session, StaffSessionRow.staff_id == staff, now=now)


def _end(session: Session, which: ColumnElement[bool], *, now: datetime) -> None:
    session.execute(update(StaffSessionRow).where(which, StaffSessionRow.ended_at.is_(None)).values(ended_at=now))


def form_token(token: str) -> str:
    """Made from the cookie, which no foreign page can read."""
    return hmac.digest(token.encode(), b"form", "sha256").hex()
