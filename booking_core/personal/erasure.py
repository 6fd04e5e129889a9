"""Erasing a customer (Art. 17 GDPR): what goes at once, what stays and until when, and what is left to be done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, cast, delete, func, select, text, update
from sqlalchemy.orm import Session

from booking_core import audit, customers, register
from booking_core.consents import REFUSED, Purpose
from booking_core.errors import StillBooked
from booking_core.personal import record, requests, whose
from booking_core.personal.remains import ERASED, NOTHING
from booking_core.personal.requests import Asked
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.tables import (
    AppointmentNoteRow,
    AppointmentRow,
    AuditRow,
    ChannelIdentityRow,
    ClaimRow,
    ConsentRow,
    ConversationRow,
    IdempotencyKeyRow,
    InboxRow,
    LinkRow,
    OutboxRow,
    PrivacyRequestRow,
    RefusedWishRow,
    ReminderRow,
    UserRow,
    VehicleRow,
    WaitlistRow,
)
from booking_core.values import UserId

KEPT_YEARS = 8
"""Booking documents, § 147 AO and § 257 HGB in their version of 2025: to the end of the eighth year after."""

WORKED_ON = (AppointmentStatus.CONFIRMED, AppointmentStatus.IN_PROGRESS, AppointmentStatus.COMPLETED)


def erase(session: Session, user: UserId, *, actor: str, now: datetime) -> int | None:
    """Erase a customer; the year to whose end their finished visits stay on file, without name and contact.

    Open appointments need their customer: raises StillBooked, and `ask` notes what was wished.
    """
    customers.lock(session, user)
    mine = register.fetch(session, AppointmentRow.user_id == user)
    if any(one.status is AppointmentStatus.CONFIRMED and one.end > now for one in mine):
        raise StillBooked
    request = requests.note(session, user, Asked.ERASURE, actor=actor, now=now, answered=True)
    until = _kept_until(mine)
    facts = {"kept_until": until, "users": [user, *_earlier_numbers(session, user)]}
    remains = {
        "addresses": _addresses(session, user),
        "messages": _at_providers(session, user),
        "until": now.isoformat(),
    }
    session.execute(update(PrivacyRequestRow).where(PrivacyRequestRow.id == request).values(**facts, remains=remains))
    _wipe(session, user, mine)
    audit.record(session, actor, "erased", ("customer", user), now=now, before=None, after={"kept_until": until})
    return until


def kept_until(session: Session, user: UserId) -> int | None:
    """The year to whose end visits would stay on file if the customer were erased now; None if none would."""
    return _kept_until(register.fetch(session, AppointmentRow.user_id == user))


def erase_again(session: Session, users: Sequence[int], *, now: datetime) -> int:
    """After a restore: erase somebody again under each number they had, booked or not; how many those are."""
    known = session.scalars(select(UserRow.id).where(UserRow.id.in_(users))).all()
    for user in known:
        _wipe(session, user, register.fetch(session, AppointmentRow.user_id == user))
        audit.record(session, "system", "erased again", ("customer", user), now=now, before=None, after=None)
    return len(known)


def _kept_until(mine: Sequence[Appointment]) -> int | None:
    return max((one.end.year + KEPT_YEARS for one in mine if one.status in WORKED_ON), default=None)


def _earlier_numbers(session: Session, user: UserId) -> list[int]:
    """Those of customers who turned out to be this one."""
    taken = select(AuditRow.after["took_over"].astext).where(
        AuditRow.entity_type == "customer", AuditRow.entity_id == user, AuditRow.action == "joined"
    )
    found = [UserId(int(other)) for other in session.scalars(taken) if other]
    return [*found, *(one for other in found for one in _earlier_numbers(session, other))]


def _addresses(session: Session, user: UserId) -> list[list[str]]:
    rows = session.execute(
        select(ChannelIdentityRow.channel, ChannelIdentityRow.external_id).where(ChannelIdentityRow.user_id == user)
    )
    mailbox = session.scalar(select(UserRow.email).where(UserRow.id == user))
    return [*([row.channel, row.external_id] for row in rows), *([["email", mailbox]] if mailbox else [])]


def _at_providers(session: Session, user: UserId) -> list[list[str]]:
    """Messages that providers may still keep."""
    heard = select(InboxRow.channel, InboxRow.provider_id).where(_theirs("inbox", user))
    said = select(OutboxRow.channel, OutboxRow.provider_id).where(
        whose.their_letters(user), OutboxRow.provider_id.is_not(None)
    )
    return [[channel, str(id)] for query in (heard, said) for channel, id in session.execute(query)]


def _theirs(table: str, user: UserId) -> Any:
    condition = record.RECORD[table].whose
    assert condition is not None  # noqa: S101 - Customers' tables have one.
    return condition(user)


def _wipe(session: Session, user: UserId, mine: Sequence[Appointment]) -> None:
    visits = [one.id for one in mine]
    wipe_words(session, _theirs("inbox", user), whose.their_letters(user))
    session.execute(delete(IdempotencyKeyRow).where(_theirs("idempotency_keys", user)))
    session.execute(delete(AppointmentNoteRow).where(AppointmentNoteRow.appointment_id.in_(visits)))
    session.execute(
        update(ReminderRow)
        .where(ReminderRow.appointment_id.in_(visits), ReminderRow.state == "planned")
        .values(state="void")
    )
    session.execute(
        update(AppointmentRow).where(AppointmentRow.user_id == user).values(cancel_reason=None, proof_hash=None)
    )
    session.execute(delete(ClaimRow).where(ClaimRow.user_id == user))
    session.execute(delete(LinkRow).where(_theirs("links", user)))
    session.execute(update(WaitlistRow).where(WaitlistRow.user_id == user).values(state="left", windows=text("'[]'")))
    session.execute(update(RefusedWishRow).where(RefusedWishRow.user_id == user).values(user_id=None))
    _forget_cars(session, user, kept=[one.id for one in mine if one.status in WORKED_ON])
    _forget_addresses(session, user)
    nothing = dict.fromkeys(("name", "email", "email_proved_at", "email_proof", "phone", "preferred_workshop_id"))
    session.execute(update(UserRow).where(UserRow.id == user).values(nothing))


def wipe_words(session: Session, heard: Any, said: Any) -> None:
    """Take words and addresses out of messages; what was not sent yet never is, what is just being sent comes later."""
    session.execute(update(InboxRow).where(heard).values(body=NOTHING, sender=ERASED, error=None))
    pending = (said, OutboxRow.state == "pending")
    session.execute(update(OutboxRow).where(*pending).values(state="refused"))
    session.execute(
        update(OutboxRow)
        .where(said, OutboxRow.state != "sending")
        .values(body=NOTHING, recipient=ERASED, error=None, check_at=None)
    )


def _forget_cars(session: Session, user: UserId, *, kept: Sequence[int]) -> None:
    """The plate of a car that was worked on stands on the bill, and stays as long as that."""
    session.execute(
        update(AppointmentRow)
        .where(AppointmentRow.user_id == user, AppointmentRow.id.not_in(kept))
        .values(vehicle_id=None)
    )
    in_use = select(AppointmentRow.vehicle_id).where(AppointmentRow.vehicle_id == VehicleRow.id).exists()
    session.execute(delete(VehicleRow).where(VehicleRow.user_id == user, ~in_use))


def _forget_addresses(session: Session, user: UserId) -> None:
    """An address from which somebody wrote STOP is kept, since otherwise we could not keep to it."""
    stopped = set(
        session.scalars(
            select(ConsentRow.channel).where(
                ConsentRow.user_id == user,
                ConsentRow.id.in_(
                    select(func.max(ConsentRow.id))
                    .where(ConsentRow.user_id == user, ConsentRow.purpose == Purpose.MESSAGES)
                    .group_by(ConsentRow.channel)
                ),
                ConsentRow.granted.is_(False),
                ~ConsentRow.wording.startswith(REFUSED),
            )
        )
    )
    identities = select(ChannelIdentityRow.id).where(ChannelIdentityRow.user_id == user)
    session.execute(delete(ConversationRow).where(ConversationRow.identity_id.in_(identities)))
    of_user = ChannelIdentityRow.user_id == user
    session.execute(delete(ChannelIdentityRow).where(of_user, ChannelIdentityRow.channel.not_in(stopped)))
    kept = ConsentRow.channel.in_(stopped) & (ConsentRow.purpose == Purpose.MESSAGES)
    session.execute(delete(ConsentRow).where(ConsentRow.user_id == user, ~kept))
    session.execute(update(ConsentRow).where(ConsentRow.user_id == user).values(wording=ERASED))


def erased_since(session: Session) -> list[dict[str, Any]]:
    """All erasures as plain facts, to be done again in an older copy of the database."""
    rows = session.execute(
        select(PrivacyRequestRow.users, cast(PrivacyRequestRow.answered_at, Text).label("at")).where(
            PrivacyRequestRow.kind == Asked.ERASURE, PrivacyRequestRow.answered_at.is_not(None)
        )
    )
    return [{"users": row.users, "at": row.at} for row in rows]
