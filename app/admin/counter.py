"""The counter at which a caller stands: their workshop, their name for the audit log, and a transaction to work in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Depends
from sqlalchemy.orm import Session

from app.access.caller import Caller
from app.access.entrance import admitted, workshop_of
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


def _counter(
    workshop: Annotated[WorkshopId, Depends(workshop_of)],
    caller: Annotated[Caller, Depends(admitted)],
    transact: Transacting,
) -> Counter:
    return Counter(workshop, caller, transact)


AtCounter = Annotated[Counter, Depends(_counter)]
Admitted = Annotated[Caller, Depends(admitted)]
