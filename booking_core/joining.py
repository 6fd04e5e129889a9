"""Two customers who turn out to be one: whatever was noted for either is the one's now."""

from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, case, delete, func, select, update
from sqlalchemy.orm import Session, aliased

from booking_core import audit, customers, ledger, register, reservations
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, Base, UserRow, VehicleRow
from booking_core.values import UserId


def join(session: Session, stays: UserId, goes: UserId, *, proof: str, now: datetime) -> None:
    """Give `stays` all that `goes` has, and forget `goes`; only to be called once it is proved that they are one.

    What `stays` told of themselves wins; `proof` says in the audit how we know.
    """
    if stays == goes:
        return
    for user in sorted((stays, goes)):
        customers.lock(session, user)
    _keep_one_hold(session, stays, goes, now=now)
    _hand_over_cars(session, stays, goes)
    for appointment in register.lock(session, AppointmentRow.user_id == goes):
        ledger.change(session, appointment, f"customer:{stays}", "joined", now=now, user_id=stays)
    _hand_over_rows(session, stays, goes)
    _complete(session, stays, goes)
    for entity, after in ((stays, {"took_over": goes, "proof": proof}), (goes, {"joined": stays, "proof": proof})):
        audit.record(session, f"customer:{stays}", "joined", ("customer", entity), now=now, before=None, after=after)
    session.execute(delete(UserRow).where(UserRow.id == goes))


def _keep_one_hold(session: Session, stays: UserId, goes: UserId, *, now: datetime) -> None:
    """Nobody holds two times; the one they are talking about stays."""
    holds = register.fetch(
        session, AppointmentRow.user_id.in_((stays, goes)), AppointmentRow.status == AppointmentStatus.RESERVED
    )
    if len(holds) > 1:
        [other] = [hold for hold in holds if hold.user == goes]
        reservations.release(session, other.id, goes, now=now)


def _hand_over_cars(session: Session, stays: UserId, goes: UserId) -> None:
    """A car that both spoke of is one car; the appointments made for the other copy are made for it."""
    mine, theirs = aliased(VehicleRow), aliased(VehicleRow)
    same = session.execute(
        select(theirs.id, mine.id)
        .join(mine, mine.license_plate == theirs.license_plate)
        .where(mine.user_id == stays, theirs.user_id == goes)
    ).all()
    for copy, car in same:
        session.execute(update(AppointmentRow).where(AppointmentRow.vehicle_id == copy).values(vehicle_id=car))
        session.execute(delete(VehicleRow).where(VehicleRow.id == copy))


def _hand_over_rows(session: Session, stays: UserId, goes: UserId) -> None:
    """Every table that names a customer, so that none can be forgotten when it is new."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is UserRow.__table__.c.id for key in column.foreign_keys):
                session.execute(update(table).where(column == goes).values({column.name: stays}))


def _complete(session: Session, stays: UserId, goes: UserId) -> None:
    """What was proved of an e-mail address stays proved if it is the address that stays."""
    other = aliased(UserRow)

    def theirs(name: str) -> ScalarSelect[Any]:
        return select(getattr(other, name)).where(other.id == goes).scalar_subquery()

    told = ("name", "email", "phone", "preferred_workshop_id", "restricted_at")
    news: dict[str, Any] = {name: func.coalesce(getattr(UserRow, name), theirs(name)) for name in told}
    same = func.coalesce(UserRow.email, theirs("email")) == theirs("email")
    for name in ("email_proved_at", "email_proof"):
        news[name] = func.coalesce(getattr(UserRow, name), case((same, theirs(name))))
    session.execute(update(UserRow).where(UserRow.id == stays).values(news))
