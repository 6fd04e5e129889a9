"""Who may steer this workshop: API keys and accounts, given out and taken back by its owner."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy.orm import Session

from app.access import accounts, api_keys, passwords
from app.access.accounts import Account
from app.access.api_keys import ApiKey
from app.access.caller import Role
from app.access.passwords import LONGEST
from app.admin.counter import AtCounter
from app.admin.refusals import AT_THE_COUNTER, refusals
from app.admin.types import Id, Moment, Sent, Words
from app.admin.writing import ONCE, Once
from app.api.requests import Email
from booking_core.errors import Unknown

router = APIRouter(tags=["access"], responses=refusals(*AT_THE_COUNTER, "email_taken", "weak_password"))


class NewKey(Sent):
    label: Words = Field(examples=["Kasse am Tresen"])
    role: Role = Field(examples=["adviser"])
    expires_at: Moment | None = Field(None, examples=["2027-12-31T23:59:59+01:00"])


class Issued(BaseModel):
    """`secret` is shown this once, not even to a repeated request."""

    key: ApiKey
    secret: str | None


class NewAccount(Sent):
    """Without `password` one is made up, and shown once."""

    name: Words = Field(examples=["Anna Krause"])
    email: Email = Field(examples=["anna@example.de"])
    role: Role = Field(examples=["adviser"])
    password: Annotated[str, StringConstraints(max_length=LONGEST)] | None = Field(None, examples=[None])


class Created(BaseModel):
    account: Account
    password: str | None


@router.get("/keys")
def list_keys(at: AtCounter) -> list[ApiKey]:
    """The keys of this workshop, newest first; no secret is among them."""
    return list(at(lambda session, now: api_keys.list_keys(session, at.workshop)))


@router.post("/keys", status_code=201, responses=refusals(*ONCE))
def issue_key(at: AtCounter, wish: NewKey, repeatable: Once) -> Issued:
    """A key for this workshop alone."""

    def work(session: Session, now: datetime) -> Issued:
        facts: dict[str, Any] = {"label": wish.label, "workshop": at.workshop, "expires_at": wish.expires_at}
        key, secret = api_keys.issue(session, wish.role, **facts, actor=at.actor, now=now)
        return Issued(key=key, secret=secret)

    return repeatable.once(at, ("key", wish), Issued, work, hidden={"secret"})


@router.delete("/keys/{prefix}", status_code=204)
def revoke_key(at: AtCounter, prefix: Annotated[str, Path(pattern="^wbk_[0-9a-f]{8}$")]) -> None:
    """It is refused from its next use on."""
    if not at(lambda session, now: api_keys.revoke(session, prefix, workshop=at.workshop, actor=at.actor, now=now)):
        raise Unknown(key=prefix)


@router.get("/staff")
def list_staff(at: AtCounter) -> list[Account]:
    """The accounts of this workshop."""
    return list(at(lambda session, now: accounts.list_accounts(session, at.workshop)))


@router.post("/staff", status_code=201, responses=refusals(*ONCE))
def create_staff(at: AtCounter, wish: NewAccount, repeatable: Once) -> Created:
    """An account for this workshop alone."""
    password = wish.password or passwords.new_password()
    kept = passwords.accepted(password, wish.email.lower())

    def work(session: Session, now: datetime) -> Created:
        who: dict[str, Any] = {"name": wish.name, "email": wish.email, "role": wish.role, "workshop": at.workshop}
        account = accounts.create(session, **who, password_hash=kept, actor=at.actor, now=now)
        return Created(account=account, password=None if wish.password else password)

    about = ("staff", wish.model_dump(exclude={"password"}))  # A hash of it would be too easy to guess from.
    return repeatable.once(at, about, Created, work, hidden={"password"})


@router.delete("/staff/{staff_id}", status_code=204)
def disable_staff(at: AtCounter, staff_id: Id) -> None:
    """Close an account, and sign it out everywhere."""
    if not at(lambda session, now: accounts.disable(session, staff_id, workshop=at.workshop, actor=at.actor, now=now)):
        raise Unknown(staff=staff_id)
