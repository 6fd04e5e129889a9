"""Customers: recognised by the channel they write on, and what they told us about themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, delete, exists, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from booking_core import wire
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, ChannelIdentityRow, ConversationRow, UserRow, VehicleRow, table_of
from booking_core.values import UserId, VehicleId, WorkshopId

NUMBERED = frozenset({"sms", "whatsapp"})
"""Channels whose names are phone numbers."""

SILENCE = timedelta(days=180)
"""After that a number may have another owner."""


@dataclass(frozen=True)
class Car:
    """A customer's car; whatever is unknown is None."""

    id: VehicleId
    plate: str | None
    make: str | None
    model: str | None
    year: int | None


@dataclass(frozen=True)
class Customer:
    """What we know of a customer, `returning` once they have had an appointment; cars in the order we heard of them."""

    id: UserId
    name: str | None
    email: str | None
    phone: str | None
    language: str
    returning: bool
    vehicles: tuple[Car, ...]


@dataclass(frozen=True)
class Recognised:
    """A customer, and the identity on the channel through which we know them."""

    identity_id: int
    customer: Customer


def recognise(
    session: Session,
    channel: str,
    external_id: str,
    *,
    now: datetime,
    language: str | None = None,
    name: str | None = None,
) -> Recognised:
    """Whoever writes under this name on this channel; made on first contact, once even when two messages race.

    Numbers are given to other people: after half a year of silence whoever writes under one is somebody new, who
    proves what was theirs. `language` and `name` are the channel's hints and count on first contact only. On channels
    whose names are phone numbers the number is kept, since the message itself proves it.
    """
    known = _identity(session, channel, external_id)
    if known is not None and channel in NUMBERED:
        known = _still_theirs(session, channel, known, now=now)
    if known is None:
        _make(session, channel, external_id, now=now, language=language or "de", name=name)
        known = _identity(session, channel, external_id)
    assert known is not None  # noqa: S101 - made one statement ago, and identities are never deleted.
    identity, user = known
    return Recognised(identity, customer(session, user))


_IDENTITIES = table_of(ChannelIdentityRow).c
_IDENTITY = select(_IDENTITIES.id, _IDENTITIES.user_id).where(
    _IDENTITIES.channel == bindparam("channel"), _IDENTITIES.external_id == bindparam("external_id")
)


def _identity(session: Session, channel: str, external_id: str) -> tuple[int, UserId] | None:
    row = wire.row(session, _IDENTITY, {"channel": channel, "external_id": external_id})
    return (row.id, row.user_id) if row else None


def may_be_another(channel: str, spoke_at: datetime, *, now: datetime) -> bool:
    """Whether whoever was known under this name may have given it up since they spoke."""
    return channel in NUMBERED and spoke_at < now - SILENCE


def _still_theirs(
    session: Session, channel: str, known: tuple[int, UserId], *, now: datetime
) -> tuple[int, UserId] | None:
    spoke = session.scalar(select(ConversationRow.updated_at).where(ConversationRow.identity_id == known[0]))
    if spoke is None or not may_be_another(channel, spoke, now=now):
        return known
    _let_go(session, known)
    return None


def _let_go(session: Session, known: tuple[int, UserId]) -> None:
    """The number is nobody's; what its owner booked is theirs, to be found by its code and a proof."""
    identity, user = known
    session.execute(delete(ConversationRow).where(ConversationRow.identity_id == identity))
    number = session.scalar(
        delete(ChannelIdentityRow).where(ChannelIdentityRow.id == identity).returning(ChannelIdentityRow.external_id)
    )
    session.execute(update(UserRow).where(UserRow.id == user, UserRow.phone == number).values(phone=None))


def _make(session: Session, channel: str, external_id: str, *, now: datetime, language: str, name: str | None) -> None:
    phone = external_id if channel in NUMBERED and external_id.startswith("+") else None
    with session.begin_nested() as attempt:
        user = UserRow(language=language, name=name, phone=phone, created_at=now)
        session.add(user)
        session.flush()
        made = session.execute(
            insert(ChannelIdentityRow)
            .values(user_id=user.id, channel=channel, external_id=external_id, verified_at=now, created_at=now)
            .on_conflict_do_nothing()
            .returning(ChannelIdentityRow.id)
        ).scalar_one_or_none()
        if made is None:  # The other first message won; its user stays, ours goes.
            attempt.rollback()


_ADD_IDENTITY = text("""
    INSERT INTO channel_identities (user_id, channel, external_id, created_at)
    VALUES (:user, :channel, :external_id, :now)
        ON CONFLICT DO NOTHING RETURNING id
""")


def add_identity(session: Session, user: UserId, channel: str, external_id: str, *, now: datetime) -> None:
    """A name that the customer told us and has not proved; if it is somebody's already, it stays theirs."""
    wire.send(session, _ADD_IDENTITY, {"user": user, "channel": channel, "external_id": external_id, "now": now})


_USERS, _CARS, _VISITS = (table_of(row).c for row in (UserRow, VehicleRow, AppointmentRow))
_ONLY_HELD = (AppointmentStatus.RESERVED, AppointmentStatus.EXPIRED)
_HAS_BOOKED = exists().where(_VISITS.user_id == _USERS.id, _VISITS.status.not_in(_ONLY_HELD))
_CUSTOMER = (
    select(
        *(_USERS.name, _USERS.email, _USERS.phone, _USERS.language, _HAS_BOOKED.label("returning")),
        *(_CARS.id, _CARS.license_plate, _CARS.make, _CARS.model, _CARS.year),
    )
    .outerjoin_from(table_of(UserRow), table_of(VehicleRow), _CARS.user_id == _USERS.id)
    .where(_USERS.id == bindparam("user"))
    .order_by(_CARS.id)
)


def customer(session: Session, user: UserId) -> Customer:
    """What we know of this customer now."""
    rows = wire.send(session, _CUSTOMER, {"user": user})
    name, email, phone, language, returning = rows[0][:5]
    cars = tuple(Car(*row[5:]) for row in rows if row[5] is not None)
    return Customer(user, name, email, phone, language, returning, cars)


_LOCK = select(_USERS.id).where(_USERS.id == bindparam("user")).with_for_update(key_share=True)


def restrict(session: Session, user: UserId, *, at: datetime | None) -> None:
    """From now on nothing is sent to them but answers; None lifts it."""
    session.execute(update(UserRow).where(UserRow.id == user).values(restricted_at=at))


def lock(session: Session, user: UserId) -> None:
    """One booking at a time per customer, on whichever channels they write."""
    session.execute(_LOCK, {"user": user})


def learn(
    session: Session,
    user: UserId,
    *,
    name: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    language: str | None = None,
) -> None:
    """Remember what the customer told us; None leaves what we knew. `phone` is E.164; a new e-mail is not proved."""
    told = {"name": name, "email": email, "phone": phone, "language": language}
    news: dict[str, Any] = {column: value for column, value in told.items() if value is not None}
    if email is not None:
        same = UserRow.email == email
        news["email_proved_at"] = case((same, UserRow.email_proved_at))
        news["email_proof"] = case((same, UserRow.email_proof))
    if news:
        session.execute(update(UserRow).where(UserRow.id == user).values(news))


def prefer(session: Session, user: UserId, workshop: WorkshopId) -> None:
    """Remember where the customer goes, to be offered next time."""
    session.execute(update(UserRow).where(UserRow.id == user).values(preferred_workshop_id=workshop))


_PREFERRED = select(_USERS.preferred_workshop_id).where(_USERS.id == bindparam("user"))


def preferred_workshop(session: Session, user: UserId) -> WorkshopId | None:
    [(workshop,)] = wire.send(session, _PREFERRED, {"user": user})
    preferred: WorkshopId | None = workshop
    return preferred


def add_vehicle(
    session: Session,
    user: UserId,
    *,
    plate: str | None = None,
    make: str | None = None,
    model: str | None = None,
    year: int | None = None,
    now: datetime,
) -> VehicleId:
    """The customer's car with this plate, updated by what is told now; without a plate always a new one."""
    told = {"make": make, "model": model, "year": year}
    news = {column: value for column, value in told.items() if value is not None}
    statement = insert(VehicleRow).values(user_id=user, license_plate=plate, created_at=now, **told)
    return session.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "license_plate"], set_={"license_plate": plate, **news}
        ).returning(VehicleRow.id)
    ).scalar_one()
