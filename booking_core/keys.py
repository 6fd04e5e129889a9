"""Idempotency keys: a command that was answered once is answered the same for ever."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from booking_core import locks, wire
from booking_core.errors import KeyReused
from booking_core.register import SNAPSHOT, Appointment
from booking_core.tables import IdempotencyKeyRow, table_of

OVER_HTTP = "POST "
"""What the keys of requests begin with; those of commands are not forgotten as soon."""

AT_ONCE = 1_000
"""Answers forgotten in one transaction."""


def once(
    session: Session, key: str | None, request: tuple[object, ...], command: Callable[[], Appointment]
) -> Appointment:
    """Run the command unless this key was answered before; then give that answer again.

    `request` is all that makes two requests the same. Raises KeyReused when the key came with another request.
    A refusal is not remembered: what was taken a minute ago may be free now.
    """
    if key is None:
        return command()
    locks.own_keys(session, key)
    fingerprint = sha256(repr(request).encode()).hexdigest()
    known = recall(session, key, fingerprint)
    if known is not None:
        return SNAPSHOT.validate_python(known)
    answer = command()
    remember(session, key, fingerprint, SNAPSHOT.dump_python(answer, mode="json"))
    return answer


_KEYS = table_of(IdempotencyKeyRow).c
_RECALL = select(_KEYS.request_hash, _KEYS.answer).where(_KEYS.key == bindparam("key"))
_REMEMBER = text("""
    INSERT INTO idempotency_keys (key, request_hash, answer, created_at)
    VALUES (:key, :fingerprint, CAST(:answer AS jsonb), coalesce(CAST(:now AS timestamptz), now()))
    RETURNING key
""")
_FORGET = text("""
    DELETE FROM idempotency_keys WHERE key IN (
        SELECT key FROM idempotency_keys WHERE created_at < :before AND starts_with(key, :kind) LIMIT :most)
    RETURNING key
""")


def recall(session: Session, key: str, fingerprint: str) -> Any:
    """What was answered under this key, which the caller owns; None if nothing was.

    `fingerprint` is a hash of all that makes two requests the same. Raises KeyReused when the key came with another.
    """
    known = wire.row(session, _RECALL, {"key": key})
    if known is None:
        return None
    if known.request_hash != fingerprint:
        raise KeyReused(key=key)
    return known.answer


def remember(
    session: Session, key: str, fingerprint: str, answer: Mapping[str, Any], *, now: datetime | None = None
) -> None:
    """Give this answer, as plain data, whenever the key comes again; `now` is the database's where none is given."""
    facts = {"key": key, "fingerprint": fingerprint, "answer": json.dumps(answer), "now": now}
    wire.send(session, _REMEMBER, facts)


def forget(session: Session, kind: str, *, before: datetime) -> int:
    """Forget some of the answers to this kind of key that are older; how many."""
    return len(wire.send(session, _FORGET, {"kind": kind, "before": before, "most": AT_ONCE}))
