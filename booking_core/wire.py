"""The short way to the database, for the statements of a search, a booking and a turn."""

from collections import namedtuple
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, cast

from sqlalchemy import Dialect, Executable, Select, UpdateBase
from sqlalchemy.dialects.postgresql.psycopg import PGExecutionContext_psycopg, dialect
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import CompilerElement
from sqlalchemy.util import immutabledict

Rows = list[tuple[Any, ...]]


def send(session: Session, statement: Executable, facts: Mapping[str, Any]) -> Rows:
    """What `session.execute` does, without asking first what the ORM and SQLAlchemy's types have to do with it.

    To ask costs three times what all the rest costs that Python does to send it. So it is for statements that return
    rows, have no mapped class and are made once and for good, in a session that has nothing to flush. Whoever listens
    to the engine's events hears of them like of others, and errors are the same. What Python fills in by default stays
    empty, and a value that is always null has to be written as null().
    """
    words, constants = _spelt(statement)
    connection = session.connection()
    # What `exec_driver_sql` is made of; that one lets nobody choose how the answer is read.
    rows: Any = connection._execute_context(
        connection.dialect, _Bare._init_statement, words, None, immutabledict(), words, [{**constants, **facts}]
    )
    return cast("Rows", rows)


def rows(session: Session, statement: Executable, facts: Mapping[str, Any]) -> list[Any]:
    """The same, and each value of a row by the name of its column."""
    return list(map(_shape(statement), send(session, statement, facts)))


def row(session: Session, statement: Executable, facts: Mapping[str, Any]) -> Any:
    """The first of these rows; None if there is none."""
    return next(iter(rows(session, statement, facts)), None)


def array(values: Iterable[object]) -> str:
    """An array as PostgreSQL reads it, which takes the driver ten times as long; for numbers, moments and own words."""
    return f"{{{','.join(map(str, values))}}}"


_CURSOR = "booking_core.wire.cursor"


class _Bare(PGExecutionContext_psycopg):
    """Takes the rows as the driver gives them: to describe their columns costs more than to fetch them.

    One cursor serves a line for as long as it lasts, for it keeps how types are written and read.
    """

    def create_cursor(self) -> Any:
        kept = self._dbapi_connection.info
        cursor = kept.get(_CURSOR)
        if cursor is None or cursor.closed:  # An error closes it.
            cursor = kept[_CURSOR] = self._dbapi_connection.cursor()
        return cursor

    def _setup_result_proxy(self) -> Any:
        return self.cursor.fetchall()


_DIALECT: Dialect = dialect()  # type: ignore[no-untyped-call]


@cache
def _shape(statement: Executable) -> Any:
    assert isinstance(statement, Select | UpdateBase)  # noqa: S101 - Nothing else returns rows with names.
    make: Any = namedtuple  # Whose names a type checker would want to see written out.
    named = make("named", [str(name) for name in statement.exported_columns.keys()])  # noqa: SIM118
    return named._make


@cache
def _spelt(statement: Executable) -> tuple[str, Mapping[str, Any]]:
    """As the driver wants it, and what stands fast in it.

    Spaces go, for psycopg reads a statement of over 4,096 characters anew each time that it is sent.
    """
    assert isinstance(statement, CompilerElement)  # noqa: S101 - Whatever we write is.
    compiled: Any = statement.compile(dialect=_DIALECT)
    words, facts = str(compiled), compiled.params
    if compiled.post_compile_params:  # What is compared with "one of these" gets a name for each of them.
        spread = compiled._process_parameters_for_postcompile(facts)
        words, facts = spread.statement, facts | spread.additional_parameters
    return " ".join(words.split()), {name: value for name, value in facts.items() if value is not None}
