"""Somebody says that a booking made elsewhere is theirs: its code and one thing more that only they would know."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from booking_core import customers, register
from booking_core.register import Appointment
from booking_core.tables import AppointmentRow, ClaimRow, UserRow, VehicleRow
from booking_core.values import UserId

TRIES = 5
PERIOD = timedelta(hours=1)

_SIGNS = re.compile(r"[\W_]+")
_SHORTEST = 2


def may_try(session: Session, claimant: UserId, *, now: datetime) -> bool:
    """Count one more try of this customer; whether it is among the first five of the hour."""
    customers.lock(session, claimant)
    session.execute(delete(ClaimRow).where(ClaimRow.user_id == claimant, ClaimRow.tried_at <= now - PERIOD))
    session.execute(insert(ClaimRow).values(user_id=claimant, tried_at=now))
    tries = session.scalar(select(func.count()).where(ClaimRow.user_id == claimant))
    return tries is not None and tries <= TRIES


def find(session: Session, code: str, told: Iterable[str], claimant: UserId, *, now: datetime) -> Appointment | None:
    """The appointment with this code, if one of the things told is its car's plate, or its owner's name or phone.

    None for a wrong code, a wrong proof and too many tries alike: nobody learns which codes there are.
    """
    allowed = may_try(session, claimant, now=now)
    found = register.fetch(session, AppointmentRow.public_code == code)
    known = {fact for appointment in found for fact in _facts(session, appointment)}
    proved = {_plain(words) for words in told} & known
    return found[0] if allowed and proved else None


def _facts(session: Session, appointment: Appointment) -> set[str]:
    """What its owner would know: full and last name, phone, the car's plate."""
    plates = session.scalars(select(VehicleRow.license_plate).where(VehicleRow.id == appointment.vehicle))
    name, phone = session.execute(select(UserRow.name, UserRow.phone).where(UserRow.id == appointment.user)).one()
    last_name = name.split()[-1:] if name else []
    facts = {_plain(fact) for fact in (name, phone, *last_name, *plates) if fact}
    return {fact for fact in facts if len(fact) >= _SHORTEST}


def _plain(words: str) -> str:
    """Only letters and digits count: "k ab-123" is "K-AB 123"."""
    return _SIGNS.sub("", words).casefold()
