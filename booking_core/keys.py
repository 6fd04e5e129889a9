"""Idempotency keys: a command that was answered once is answered the same for ever."""

from collections.abc import Callable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from booking_core import locks
from booking_core.errors import KeyReused
from booking_core.register import SNAPSHOT, Appointment
from booking_core.tables import IdempotencyKeyRow


def once(
    session: Session, key: str | None, request: tuple[object, ...], command: Callable[[], Appointment]
) -> Appointment:
    """Run the command unless this key was answered before; then give that answer again.

    `request` is all that makes two requests the same. Raises KeyReused when the key came with another request.
    A refusal is not remembered: what was taken a minute ago may be free now.
    """
    if key is None:
        return command()
    locks.own_key(session, key)
    fingerprint = sha256(repr(request).encode()).hexdigest()
    known = recall(session, key, fingerprint)
    if known is not None:
        return SNAPSHOT.validate_python(known)
    answer = command()
    remember(session, key, fingerprint, SNAPSHOT.dump_python(answer, mode="json"))
    return answer


def recall(session: Session, key: str, fingerprint: str) -> Any:
    """What was answered under this key, which the caller owns; None if nothing was.

    `fingerprint` is a hash of all that makes two requests the same. Raises KeyReused when the key came with another.
    """
    known = session.execute(
        select(IdempotencyKeyRow.request_hash, IdempotencyKeyRow.answer).where(IdempotencyKeyRow.key == key)
    ).one_or_none()
    if known is None:
        return None
    if known.request_hash != fingerprint:
        raise KeyReused(key=key)
    return known.answer


def remember(
    session: Session, key: str, fingerprint: str, answer: Mapping[str, Any], *, now: datetime | None = None
) -> None:
    """Give this answer, as plain data, whenever the key comes again; `now` is the database's where none is given."""
    when = {"created_at": now} if now else {}
    session.execute(insert(IdempotencyKeyRow).values(key=key, request_hash=fingerprint, answer=answer, **when))
