"""What whoever makes something new sends along, so that a request may be sent again after a lost answer."""

from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, TypeVar

from fastapi import Depends, Header
from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from app.admin.counter import Counter
from app.http.problems import Problem
from booking_core import keys, locks

T = TypeVar("T")

ONCE = ("key_required", "key_reused", "request_running")
"""What a request with a key may be refused for because of it."""

_KEY = Header(
    alias="Idempotency-Key",
    min_length=16,
    max_length=128,
    pattern=r"^[\x21-\x7e]*$",
    description="The same key does it once, however often it is sent",
    examples=["b7e9a1c2-4f3d-4a55-9d2e-7f1f3c0a9b11"],
)


@dataclass(frozen=True)
class Repeatable:
    """A request that may come again; without a key, as from our own pages, it is done each time."""

    key: str | None = None

    def once(
        self,
        at: Counter,
        about: tuple[object, ...],
        kind: type[T],
        work: Callable[[Session, datetime], T],
        *,
        hidden: Set[str] = frozenset(),
    ) -> T:
        """Do the work, or give the answer that was given before; of its `hidden` parts nothing is kept.

        `about` is all that makes two requests the same. A refusal is not remembered. Raises KeyReused when the key came
        with another request, and a Problem while the first is being worked on.
        """
        fingerprint = sha256(repr((at.workshop, *about)).encode()).hexdigest()

        def run(session: Session, now: datetime) -> T:
            name = self.claim(session, at)
            if name is None:
                return work(session, now)
            known = keys.recall(session, name, fingerprint)
            if known is not None:
                return TypeAdapter(kind).validate_python(known)
            made = work(session, now)
            answer = TypeAdapter(kind).dump_python(made, mode="json") | dict.fromkeys(hidden)
            keys.remember(session, name, fingerprint, answer)
            return made

        return at(run)

    def claim(self, session: Session, at: Counter) -> str | None:
        """The key by the name it is kept under, this caller's alone until the transaction ends; None without a key.

        Raises a Problem while another request with it is being worked on.
        """
        if self.key is None:
            return None
        name = f"{at.actor}:{sha256(self.key.encode()).hexdigest()}"
        if not locks.try_own_key(session, name):
            raise Problem("request_running", headers={"Retry-After": "1"})
        return name


EACH_TIME = Repeatable()


def _repeatable(key: Annotated[str | None, _KEY] = None) -> Repeatable:
    if key is None:
        raise Problem("key_required")
    return Repeatable(key)


Once = Annotated[Repeatable, Depends(_repeatable)]
