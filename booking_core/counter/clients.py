"""The customers of one workshop: those who booked, wait or usually go there. Of others it knows nothing."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select
from sqlalchemy.orm import Session

from booking_core import customers, mailboxes, register
from booking_core.counter.pages import Page, read_page
from booking_core.customers import Customer
from booking_core.errors import UnknownCustomer
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, UserRow, VehicleRow, WaitlistRow
from booking_core.values import UserId, WorkshopId


def known_at(workshop: WorkshopId) -> ColumnElement[bool]:
    """Whether a row of `users` is a customer of this workshop."""
    booked = select(AppointmentRow.id).where(
        AppointmentRow.user_id == UserRow.id,
        AppointmentRow.workshop_id == workshop,
        AppointmentRow.status != AppointmentStatus.EXPIRED,
    )
    waits = select(WaitlistRow.id).where(WaitlistRow.user_id == UserRow.id, WaitlistRow.workshop_id == workshop)
    return or_(UserRow.preferred_workshop_id == workshop, booked.exists(), waits.exists())


def known_here(session: Session, workshop: WorkshopId, users: Collection[UserId]) -> frozenset[UserId]:
    """Those of them who are customers of this workshop."""
    return frozenset(session.scalars(select(UserRow.id).where(UserRow.id.in_(users), known_at(workshop))))


def known_elsewhere(session: Session, workshop: WorkshopId, user: UserId) -> bool:
    """Whether another workshop has something of this customer too."""
    booked = select(AppointmentRow.id).where(
        AppointmentRow.user_id == user,
        AppointmentRow.workshop_id != workshop,
        AppointmentRow.status != AppointmentStatus.EXPIRED,
    )
    waits = select(WaitlistRow.id).where(WaitlistRow.user_id == user, WaitlistRow.workshop_id != workshop)
    return bool(session.scalar(select(or_(booked.exists(), waits.exists()))))


def concerns(workshop: WorkshopId) -> ColumnElement[bool]:
    """Whether a row of `users` is a customer of this workshop, or of none yet: then anybody may help them."""
    anywhere = (
        select(AppointmentRow.id).where(
            AppointmentRow.user_id == UserRow.id, AppointmentRow.status != AppointmentStatus.EXPIRED
        ),
        select(WaitlistRow.id).where(WaitlistRow.user_id == UserRow.id),
    )
    nobodys = and_(UserRow.preferred_workshop_id.is_(None), *(~ties.exists() for ties in anywhere))
    return or_(known_at(workshop), nobodys)


def search(
    session: Session, workshop: WorkshopId, words: str, *, after: int | None = None, limit: int = 20
) -> Page[Customer]:
    """Those of whom each word is part of the name, the phone number, the e-mail or a plate; newest first."""
    rows = select(UserRow.id).where(known_at(workshop), *(_holds(word) for word in words.split()))
    return read_page(
        session, rows, UserRow.id, lambda row: customers.customer(session, row.id), after=after, limit=limit
    )


def _holds(word: str) -> ColumnElement[bool]:
    plates = func.translate(VehicleRow.license_plate, " -", "")
    plate = select(VehicleRow.id).where(VehicleRow.user_id == UserRow.id, _within(plates, word.replace("-", "")))
    number = word.lstrip("+").removeprefix("0")  # 0151 and +49151 are the same number.
    words = (_within(UserRow.name, word), _within(UserRow.email, word), plate.exists())
    return or_(*words, _within(UserRow.phone, number)) if number.isdecimal() else or_(*words)


def _within(column: Any, word: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = func.strpos(func.lower(column), word.lower()) > 0
    return found


def customer(session: Session, workshop: WorkshopId, user: UserId) -> Customer:
    """Raises UnknownCustomer, for another workshop's as for none."""
    if session.scalar(select(UserRow.id).where(UserRow.id == user, known_at(workshop))) is None:
        raise UnknownCustomer(customer=user)
    return customers.customer(session, user)


def meet(
    session: Session, workshop: WorkshopId, *, name: str, phone: str, email: str | None, language: str, now: datetime
) -> UserId:
    """The workshop's customer with this number (E.164), or a new one; what is told now counts.

    Somebody else's customer with the same number stays theirs: only a message from it would prove who they are.
    """
    found = session.scalars(
        select(UserRow.id).where(UserRow.phone == phone, known_at(workshop)).order_by(UserRow.id.desc()).limit(1)
    ).one_or_none()
    if found is None:
        facts = {"phone": phone, "language": language, "created_at": now, "preferred_workshop_id": workshop}
        found = session.execute(insert(UserRow).values(facts).returning(UserRow.id)).scalar_one()
        customers.add_identity(session, found, "phone", phone, now=now)
    customers.learn(session, found, name=name, email=email)
    if email is not None:
        mailboxes.vouch(session, found, now=now)
    return found


def appointments_of(session: Session, workshop: WorkshopId, user: UserId) -> Sequence[Appointment]:
    """All that the customer ever booked here, earliest first."""
    return register.fetch(
        session,
        AppointmentRow.user_id == user,
        AppointmentRow.workshop_id == workshop,
        AppointmentRow.status != AppointmentStatus.EXPIRED,
    )
