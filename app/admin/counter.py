"""The counter at which a caller stands: their workshop, their name for the audit log, and a transaction to work in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Depends
from sqlalchemy.orm import Session

from app.access.caller import Caller
from app.access.entrance import Id, admitted, workshop_of
from app.http.transactions import Transacting, Transactions
from booking_core.values import WorkshopId

T = TypeVar("T")


@dataclass(frozen=True)
class Counter:
    """`at(lambda session, now: …)` does the work in one transaction."""

    workshop: WorkshopId
    caller: Caller
    transact: Transactions

    @property
    def actor(self) -> str:
        return self.caller.actor

    def __call__(self, work: Callable[[Session, datetime], T]) -> T:
        return self.transact(work)


Admitted = Annotated[Caller, Depends(admitted)]


def _counter(workshop_id: Id, caller: Admitted, transact: Transacting) -> Counter:
    """Whoever may do this at all, and the workshop in the path: one thread looks for both."""
    return Counter(workshop_of(transact, caller, workshop_id), caller, transact)


AtCounter = Annotated[Counter, Depends(_counter)]
