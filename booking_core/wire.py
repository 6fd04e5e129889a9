"""The short way to the database, for the statements of a search and of a booking."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.orm import Session


def send(session: Session, statement: Executable, facts: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
    """What `session.execute` does, without asking first what the ORM might have to do with the statement.

    To ask costs half as much as all the rest that Python does to send it. So it is for statements without any mapped
    class, in a session that has nothing to flush.
    """
    return session.connection().execute(statement, facts)
