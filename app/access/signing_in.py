"""Signing in: the try is counted, the password is checked outside of any transaction, then a session begins."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import passwords, second_factor, sessions, throttle
from app.access.errors import CodeWanted, WrongCredentials
from app.clock import real_now
from app.http.transactions import Transactions
from booking_core.tables import StaffUserRow


@dataclass(frozen=True)
class Attempt:
    """What somebody typed; `address` is where from, as far as tries from one place are counted together."""

    email: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    address: str


def sign_in(transact: Transactions, attempt: Attempt) -> str:
    """The value of the new session's cookie. Raises TooManyTries, WrongCredentials or CodeWanted."""
    email = attempt.email.strip().lower()

    def begin(session: Session, _: datetime) -> StaffUserRow | None:
        throttle.count(session, email, attempt.address, now=real_now(session))
        open_account = (StaffUserRow.email == email, StaffUserRow.disabled_at.is_(None))
        return session.scalars(select(StaffUserRow).where(*open_account)).one_or_none()

    account = transact(begin)
    right = passwords.fits(attempt.password, account.password_hash if account else None)
    if not right or account is None:
        raise WrongCredentials
    staff = account.id
    if account.totp_secret is not None and not attempt.code:
        raise CodeWanted

    def finish(session: Session, _: datetime) -> str:
        now = real_now(session)
        second_factor.accept(session, staff, attempt.code, now=now)
        throttle.forget(session, email, attempt.address)
        return sessions.begin(session, staff, now=now)

    return transact(finish)
