"""Idempotency keys: a command that was answered once is answered the same for ever."""

from collections.abc import Callable
from hashlib import sha256

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
    known = session.execute(
        select(IdempotencyKeyRow.request_hash, IdempotencyKeyRow.answer).where(IdempotencyKeyRow.key == key)
    ).one_or_none()
    if known is not None:
        if known.request_hash != fingerprint:
            raise KeyReused(key=key)
        return SNAPSHOT.validate_python(known.answer)
    answer = command()
    session.execute(
        insert(IdempotencyKeyRow).values(
            key=key, request_hash=fingerprint, answer=SNAPSHOT.dump_python(answer, mode="json")
        )
    )
    return answer
