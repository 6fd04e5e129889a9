"""Somebody with a row in every table that holds customers' data, and a mark of their own in every column that can."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Table, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from booking_core import appointments, audit, customers, reasons, reservations
from booking_core.personal.kinds import AUDIT, CAR, CONTACT, DEMAND, HEARD, NOTE, SAID, Kind
from booking_core.personal.record import RECORD
from booking_core.tables import Base
from booking_core.values import UserId
from tests.booking_core.builders import NOW, Garage

MARKED = {CONTACT, CAR, HEARD, SAID, NOTE, DEMAND}
"""Kinds in which names, numbers and words may stand."""

FIXED = {
    ("users", "language"),
    ("users", "phone"),
    ("channel_identities", "channel"),
    ("inbox", "channel"),
    ("outbox", "channel"),
    ("outbox", "kind"),
    ("conversations", "language"),
    ("waitlist", "channel"),
    ("waitlist", "state"),
    ("channel_identities", "external_id"),
    ("inbox", "sender"),
    ("outbox", "recipient"),
}
"""Columns with few values, or whose values hold rows together; the latter are marked by the address itself."""


def mark(person: str, table: str, column: str) -> str:
    return f"{person}-{table}-{column}"


def marked_columns() -> list[tuple[str, str, Kind]]:
    """Every column in which a customer's own words can stand."""
    return [
        (table, name, kind)
        for table, holding in RECORD.items()
        if holding.whose
        for name, kind in holding.columns.items()
        if kind in MARKED and (table, name) not in FIXED and _takes_words(Base.metadata.tables[table].c[name])
    ]


def _takes_words(column: Column[Any]) -> bool:
    return isinstance(column.type, Text | JSONB) or column.name == "services"


def address_of(person: str) -> str:
    return f"{person}-address"


def a_whole_person(session: Session, garage: Garage, person: str, slot: str, *, number: int) -> UserId:
    """They booked and cancelled, wait, wished in vain, agreed, were written to and noted about."""
    who = customers.recognise(session, "telegram", address_of(person), now=NOW, name=person)
    user = who.customer.id
    car = customers.add_vehicle(session, user, plate=person, now=NOW)
    hold = reservations.hold_slot(session, garage.slot(slot), user, channel="telegram", now=NOW)
    appointments.confirm(session, hold.id, user, now=NOW, vehicle=car)
    appointments.cancel(session, hold.id, user, now=NOW)
    reasons.note_reason(session, hold.id, user, person, now=NOW)
    customers.learn(session, user, phone=f"+49151{number:08}")
    later, mine = NOW + timedelta(days=1), {"channel": "telegram"}
    for table, row in {
        "consents": {
            "user_id": user,
            **mine,
            "purpose": "notice",
            "granted": True,
            "wording": person,
            "recorded_at": NOW,
        },
        "links": {"user_id": user, "secret_hash": person, "expires_at": later},
        "claims": {"user_id": user, "tried_at": NOW},
        "appointment_notes": {"appointment_id": hold.id, "actor": "staff:1", "text": person, "created_at": NOW},
        "waitlist": {"user_id": user, "workshop_id": garage.workshop, "services": [person], **mine},
        "refused_wishes": {"user_id": user, "services": [person], "reason": "full", "refused_at": NOW},
        "conversations": {"identity_id": who.identity_id, "state": {"name": person}, "updated_at": NOW},
        "inbox": {**mine, "provider_id": person, "sender": address_of(person), "body": {}, "received_at": NOW},
        "outbox": _a_letter(person),
        "delivery_reports": {**mine, "provider_id": f"sent-{person}", "status": "sent", "received_at": NOW},
        "idempotency_keys": {"key": person, "request_hash": "x", "answer": {"body": hold.code}},
        "privacy_requests": {
            "user_id": user,
            "kind": "correction",
            "actor": "staff:1",
            "asked_at": NOW,
            "due_at": later,
        },
    }.items():
        session.execute(insert(Base.metadata.tables[table]).values(row))
    audit.record(session, person, "late", ("customer", user), now=NOW, before=None, after={})
    for name, column, _ in marked_columns():
        _mark(session, Base.metadata.tables[name], column, person, user)
    session.execute(text("UPDATE inbox SET processed_at = received_at"))
    return user


def _a_letter(person: str) -> dict[str, Any]:
    return {
        "channel": "telegram",
        "recipient": address_of(person),
        "kind": "reply",
        "body": {},
        "dedupe_key": person,
        "next_at": NOW,
        "created_at": NOW,
        "state": "sent",
        "provider_id": f"sent-{person}",
    }


def _mark(session: Session, table: Table, column: str, person: str, user: UserId) -> None:
    words: Any = mark(person, table.name, column)
    if isinstance(table.c[column].type, JSONB):
        words = [words] if column in {"windows", "services"} else {"text": words, "choice": None}
    elif column == "services":
        words = [words]
    if (table.name, column) == ("idempotency_keys", "answer"):
        return
    whose = RECORD[table.name].whose
    assert whose is not None
    marked = session.execute(update(table).where(whose(user)).values({column: words}))
    assert marked.rowcount, f"nobody has a row in {table.name}"  # type: ignore[attr-defined]


def everything(session: Session, *, besides: frozenset[str] = frozenset()) -> str:
    """The whole database as text."""
    names = [name for name in Base.metadata.tables if name not in besides]
    return "\n".join(
        str(row)
        for name in names
        for row in session.scalars(text(f"SELECT to_jsonb({name})::text FROM {name}"))  # noqa: S608
    )


def numbers(session: Session) -> list[UserId]:
    return list(session.scalars(select(Base.metadata.tables["users"].c.id)))


__all__ = ["AUDIT", "a_whole_person", "address_of", "everything", "mark", "marked_columns"]
