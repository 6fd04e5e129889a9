"""Staff with kind defaults."""

from datetime import datetime
from functools import cache

from sqlalchemy.orm import Session

from app.access import accounts, passwords
from app.access.accounts import Account
from app.access.caller import Role
from booking_core.values import WorkshopId
from tests.booking_core.builders import NOW

PASSWORD = "hebt-jede-Bühne"  # noqa: S105 - nobody's


@cache
def password_hash() -> str:
    return passwords.hashed(PASSWORD)


def a_colleague(
    session: Session,
    role: Role = Role.ADVISER,
    *,
    email: str = "anna@example.de",
    workshop: WorkshopId | None = None,
    now: datetime = NOW,
) -> Account:
    return accounts.create(
        session,
        name="Anna",
        email=email,
        role=role,
        workshop=workshop,
        password_hash=password_hash(),
        actor="system",
        now=now,
    )
