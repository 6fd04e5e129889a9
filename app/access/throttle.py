"""Tries to sign in are counted before they are judged, so that many at once do not count as one."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from app.access.errors import TooManyTries
from booking_core import locks
from booking_core.tables import SignInTryRow

WINDOW = timedelta(minutes=15)
TRIES = 5
"""Of one account from one address. An account alone is never locked, or anybody could lock its owner out."""

TRIES_OF_ADDRESS = 30


def count(session: Session, email: str, address: str, *, now: datetime) -> None:
    """Count a try, or raise TooManyTries; the caller commits before looking at the password."""
    locks.own_keys(session, f"sign-in:{address}")
    session.execute(delete(SignInTryRow).where(SignInTryRow.tried_at <= now - WINDOW))
    from_here = select(func.count(), func.min(SignInTryRow.tried_at)).where(SignInTryRow.address == address)
    for query, most in ((from_here.where(SignInTryRow.email == email), TRIES), (from_here, TRIES_OF_ADDRESS)):
        tries, oldest = session.execute(query).one()
        if tries >= most:
            raise TooManyTries(1 + int((oldest + WINDOW - now).total_seconds()))
    session.execute(insert(SignInTryRow).values(email=email, address=address, tried_at=now))


def forget(session: Session, email: str, address: str) -> None:
    """They were who they said they are."""
    session.execute(delete(SignInTryRow).where(SignInTryRow.email == email, SignInTryRow.address == address))
