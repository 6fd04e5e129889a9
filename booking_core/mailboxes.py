"""Whether a mailbox is its customer's: anybody can tell any address, but only its owner reads what comes there."""

import secrets
from datetime import datetime
from hashlib import sha256

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from booking_core import wire
from booking_core.tables import UserRow
from booking_core.values import UserId

_BYTES = 24
_ASK = text("UPDATE users SET email_proof = :proof WHERE id = :user RETURNING id")


def ask(session: Session, user: UserId) -> str:
    """A secret for a mail to the customer's address, good until their next one: whoever shows it reads the mailbox."""
    secret = secrets.token_urlsafe(_BYTES)
    wire.send(session, _ASK, {"user": user, "proof": _hash(secret)})
    return secret


def prove(session: Session, secret: str, *, now: datetime) -> UserId | None:
    """Whose mailbox this proves; None for a secret that nobody was sent. Showing it again proves nothing new."""
    proved = update(UserRow).where(UserRow.email_proof == _hash(secret), UserRow.email.is_not(None))
    return session.scalar(proved.values(email_proved_at=now).returning(UserRow.id))


def vouch(session: Session, user: UserId, *, now: datetime) -> None:
    """Staff took the address down from its owner, and answer for it."""
    session.execute(update(UserRow).where(UserRow.id == user, UserRow.email.is_not(None)).values(email_proved_at=now))


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
