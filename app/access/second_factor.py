"""Codes of an authenticator (TOTP): optional, and each accepted once."""

from datetime import datetime

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.errors import WrongCredentials
from booking_core.tables import StaffUserRow

STEP = 30
"""Seconds a code is shown; the one before and the one after count too, for clocks that are a little off."""


def new_secret() -> str:
    return pyotp.random_base32()


def link(secret: str, email: str) -> str:
    """What an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="werkstatt-bot")


def accept(session: Session, staff: int, code: str, *, now: datetime) -> None:
    """Accept a code for an account that wants one. Raises WrongCredentials, also for one that was accepted before."""
    account = _locked(session, staff)
    if account.totp_secret is not None:
        account.totp_step = _step_of(account.totp_secret, code, now=now, after=account.totp_step)


def enable(session: Session, staff: int, secret: str, code: str, *, now: datetime) -> None:
    """Want codes from now on; this one proves that the authenticator has the secret. Raises WrongCredentials."""
    account = _locked(session, staff)
    account.totp_step = _step_of(secret, code, now=now, after=None)
    account.totp_secret = secret


def disable(session: Session, staff: int, code: str, *, now: datetime) -> None:
    """Want no codes any more; this is the last one. Raises WrongCredentials."""
    accept(session, staff, code, now=now)
    account = _locked(session, staff)
    account.totp_secret = account.totp_step = None


def _locked(session: Session, staff: int) -> StaffUserRow:
    return session.scalars(
        select(StaffUserRow).where(StaffUserRow.id == staff).with_for_update(),
        execution_options={"populate_existing": True},
    ).one()


def _step_of(secret: str, code: str, *, now: datetime, after: int | None) -> int:
    current = int(now.timestamp()) // STEP
    codes = pyotp.TOTP(secret, interval=STEP)
    for step in (current - 1, current, current + 1):
        if (after is None or step > after) and pyotp.utils.strings_equal(codes.at(step * STEP), code):
            return step
    raise WrongCredentials
