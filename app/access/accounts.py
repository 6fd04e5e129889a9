"""The accounts of staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access import passwords, sessions, throttle
from app.access.caller import Role
from app.access.errors import EmailTaken, WrongCredentials
from app.clock import real_now
from app.http.transactions import Transactions
from booking_core import audit
from booking_core.tables import StaffUserRow
from booking_core.values import WorkshopId


@dataclass(frozen=True)
class Account:
    """An account as colleagues may see it."""

    id: int
    name: str
    email: str
    role: Role
    workshop: WorkshopId | None
    wants_code: bool
    disabled_at: datetime | None


def create(
    session: Session,
    *,
    name: str,
    email: str,
    role: Role,
    workshop: WorkshopId | None,
    password_hash: str,
    actor: str,
    now: datetime,
) -> Account:
    """A new account. Raises EmailTaken."""
    row = session.scalars(
        insert(StaffUserRow)
        .values(
            name=name,
            email=email.lower(),
            role=role,
            workshop_id=workshop,
            password_hash=password_hash,
            created_at=now,
        )
        .on_conflict_do_nothing()
        .returning(StaffUserRow)
    ).one_or_none()
    if row is None:
        raise EmailTaken
    facts = {"workshop": workshop, "role": role}
    audit.record(session, actor, "created", ("staff", row.id), now=now, before=None, after=facts)
    return _shown(row)


def list_accounts(session: Session, workshop: WorkshopId | None) -> Sequence[Account]:
    """The accounts of one workshop, or all there are."""
    rows = session.scalars(select(StaffUserRow).where(_within(workshop)).order_by(StaffUserRow.id))
    return [_shown(row) for row in rows]


def disable(session: Session, staff: int, *, workshop: WorkshopId | None, actor: str, now: datetime) -> bool:
    """Close an account and sign it out everywhere; whether there is such a one."""
    row = session.scalars(
        select(StaffUserRow).where(StaffUserRow.id == staff, _within(workshop)).with_for_update()
    ).one_or_none()
    if row is None:
        return False
    if row.disabled_at is None:
        row.disabled_at = now
        facts = {"workshop": row.workshop_id, "role": row.role}
        audit.record(session, actor, "disabled", ("staff", staff), now=now, before=facts, after=None)
    sessions.end_all(session, staff, now=now)
    return True


def check_password(transact: Transactions, staff: int, password: str, address: str) -> None:
    """Raise WrongCredentials unless it is theirs; tries count like those to sign in."""

    def begin(session: Session, _: datetime) -> str:
        account = session.get_one(StaffUserRow, staff)
        throttle.count(session, account.email, address, now=real_now(session))
        return account.password_hash

    kept = transact(begin)
    if not passwords.fits(password, kept):
        raise WrongCredentials


def change_password(session: Session, staff: int, password_hash: str, *, actor: str, now: datetime) -> None:
    """Take a new password, and sign out everywhere: whoever knew the old one is out."""
    row = session.scalars(select(StaffUserRow).where(StaffUserRow.id == staff).with_for_update()).one()
    row.password_hash = password_hash
    facts = {"workshop": row.workshop_id}
    audit.record(session, actor, "password changed", ("staff", staff), now=now, before=None, after=facts)
    sessions.end_all(session, staff, now=now)


def _within(workshop: WorkshopId | None) -> ColumnElement[bool]:
    return true() if workshop is None else StaffUserRow.workshop_id == workshop


def _shown(row: StaffUserRow) -> Account:
    return Account(
        row.id, row.name, row.email, Role(row.role), row.workshop_id, row.totp_secret is not None, row.disabled_at
    )
