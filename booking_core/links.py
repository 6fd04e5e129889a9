"""Secrets by which customers prove on one channel that they are the one we know from another."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, insert, or_, update
from sqlalchemy.orm import Session

from booking_core import joining
from booking_core.tables import LinkRow
from booking_core.values import UserId

GOOD_FOR = timedelta(minutes=15)
"""Time enough to look at the other phone, and little for whoever finds it later."""

_DIGITS = 6
_BYTES = 24


def issue_token(session: Session, owner: UserId, *, now: datetime) -> str:
    """A token of 192 random bits for a link ("https://t.me/…?start=TOKEN"): whoever opens it in time is `owner`.

    It is made of letters, digits, "-" and "_", and its 32 signs fit into what Telegram carries.
    """
    token = secrets.token_urlsafe(_BYTES)
    _keep(session, owner, None, token, now=now)
    return token


def issue_code(session: Session, owner: UserId, claimant: UserId, *, now: datetime) -> str:
    """Six digits to be sent to `owner`, good for `claimant` alone; an earlier code of theirs is good no more."""
    session.execute(delete(LinkRow).where(LinkRow.claimant_id == claimant))
    code = f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"
    _keep(session, owner, claimant, code, now=now)
    return code


def redeem_token(session: Session, token: str, user: UserId, *, now: datetime) -> bool:
    """Join the owner of the token to `user`, who brought it; False if it is wrong, used or too old, all alike."""
    return _redeem(session, None, token, user, proof="link", now=now)


def redeem_code(session: Session, code: str, claimant: UserId, *, now: datetime) -> bool:
    """The same for a code that was made for this claimant. The caller limits how often one may try."""
    return _redeem(session, claimant, code, claimant, proof="code", now=now)


def _keep(session: Session, owner: UserId, claimant: UserId | None, secret: str, *, now: datetime) -> None:
    session.execute(delete(LinkRow).where(or_(LinkRow.expires_at <= now, LinkRow.used_at.is_not(None))))
    session.execute(
        insert(LinkRow).values(
            user_id=owner, claimant_id=claimant, secret_hash=_hash(claimant, secret), expires_at=now + GOOD_FOR
        )
    )


def _redeem(session: Session, claimant: UserId | None, secret: str, user: UserId, *, proof: str, now: datetime) -> bool:
    """Used up in one statement, so that of two who bring it at once one is too late."""
    owner = session.scalar(
        update(LinkRow)
        .where(
            LinkRow.secret_hash == _hash(claimant, secret),
            LinkRow.claimant_id.is_(None) if claimant is None else LinkRow.claimant_id == claimant,
            LinkRow.used_at.is_(None),
            LinkRow.expires_at > now,
        )
        .values(used_at=now)
        .returning(LinkRow.user_id)
    )
    if owner is not None:
        joining.join(session, user, owner, proof=proof, now=now)
    return owner is not None


def _hash(claimant: UserId | None, secret: str) -> str:
    return sha256(f"{claimant or ''}:{secret}".encode()).hexdigest()
