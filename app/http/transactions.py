"""How an endpoint gets to the database: it hands over work, and only here is it committed."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from app.clock import database_now
from app.crash_points import CrashPoint
from app.database import in_transaction

T = TypeVar("T")


class Transactions:
    """`transact(lambda session, now: …)` does the work in one transaction of its own."""

    def __init__(self, sessions: Callable[[], Session]) -> None:
        self.sessions = sessions

    def __call__(self, work: Callable[[Session, datetime], T]) -> T:
        """Commit what the work did, or nothing if it raised; after a deadlock it runs once more."""

        def do(session: Session) -> T:
            done = work(session, database_now(session))
            CrashPoint.REQUEST_DONE.passed()
            return done

        answer = in_transaction(self.sessions, do)
        CrashPoint.REQUEST_COMMITTED.passed()
        return answer


async def _transactions(request: Request) -> Transactions:
    """Not in a thread, as FastAPI would call it otherwise: there is nothing to wait for."""
    transactions: Transactions = request.app.state.transactions
    return transactions


Transacting = Annotated[Transactions, Depends(_transactions)]
"""The type of an endpoint's parameter through which it reads and writes."""
