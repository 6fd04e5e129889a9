"""The short way to the database, for the statements of a search and of a booking."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import CursorResult, Executable
from sqlalchemy.dialects.postgresql.psycopg import dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import CompilerElement


def send(session: Session, statement: Executable, facts: Mapping[str, Any]) -> CursorResult[*tuple[Any, ...]]:
    """What `session.execute` does, without asking first what the ORM and SQLAlchemy's types have to do with it.

    To ask costs more than all the rest that Python does to send it. So it is for statements without any mapped class,
    made once and for good, in a session that has nothing to flush.
    """
    words, constants = _spelt(statement)
    return session.connection().exec_driver_sql(words, {**constants, **facts})


@cache
def _spelt(statement: Executable) -> tuple[str, Mapping[str, Any]]:
    """As the driver wants it, and what stands fast in it."""
    assert isinstance(statement, CompilerElement)  # noqa: S101 - Whatever we write is.
    compiled = statement.compile(dialect=dialect())
    return str(compiled), {name: value for name, value in compiled.params.items() if value is not None}
