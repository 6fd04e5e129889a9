"""How many statements and round trips something costs the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, event


@dataclass
class Tally:
    """Statements and transactions, which begin and end with a round trip each; a statement may also stand alone."""

    statements: int = 0
    transactions: int = 0

    @property
    def round_trips(self) -> int:
        return self.statements + 2 * self.transactions


@contextmanager
def counted(engine: Engine) -> Iterator[Tally]:
    tally = Tally()

    def note_statement(*_: object) -> None:
        tally.statements += 1

    def note_transaction(connection: Connection) -> None:
        tally.transactions += connection.get_execution_options().get("isolation_level") != "AUTOCOMMIT"

    listeners = (("before_cursor_execute", note_statement), ("begin", note_transaction))
    for name, listener in listeners:
        event.listen(engine, name, listener)
    try:
        yield tally
    finally:
        for name, listener in listeners:
            event.remove(engine, name, listener)
