"""The transaction, its retries and the clock, on a real server."""

from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from app.database import at_once, in_transaction, session_factory


@pytest.fixture
def notes(database: Engine) -> Engine:
    """A database with two notes to write on."""
    with database.begin() as connection:
        connection.execute(text("create table notes (id int primary key, words text not null)"))
        connection.execute(text("insert into notes values (1, 'one'), (2, 'two')"))
    return database


def words(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(text("select words from notes order by id")).scalars())


def test_the_work_is_committed_and_its_answer_handed_on(notes: Engine) -> None:
    def work(session: Session) -> str:
        session.execute(text("update notes set words = 'eins' where id = 1"))
        return "done"

    assert in_transaction(session_factory(notes), work) == "done"
    assert words(notes) == ["eins", "two"]


def test_a_statement_that_stands_alone_is_committed_whatever_follows(notes: Engine) -> None:
    def work(session: Session) -> None:
        session.execute(text("update notes set words = 'eins' where id = 1"))
        raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="mind"):
        at_once(session_factory(notes), work)
    assert words(notes) == ["eins", "two"]


def test_an_exception_takes_everything_back(notes: Engine) -> None:
    def work(session: Session) -> None:
        session.execute(text("delete from notes"))
        raise ValueError("changed my mind")

    with pytest.raises(ValueError, match="changed my mind"):
        in_transaction(session_factory(notes), work)
    assert words(notes) == ["one", "two"]


def test_two_who_block_each_other_both_get_through(notes: Engine) -> None:
    both_hold_one = Barrier(2)
    tries: list[str] = []

    def write(name: str, first: int, second: int) -> None:
        def work(session: Session) -> None:
            tries.append(name)
            session.execute(text("update notes set words = words || :name where id = :id"), {"name": name, "id": first})
            if tries.count(name) == 1:
                both_hold_one.wait(10)
            session.execute(
                text("update notes set words = words || :name where id = :id"), {"name": name, "id": second}
            )

        in_transaction(session_factory(notes), work)

    threads = [Thread(target=write, args=("A", 1, 2)), Thread(target=write, args=("B", 2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(tries) == 3
    assert all({"A", "B"} <= set(text) for text in words(notes))


def test_a_conflict_that_stays_is_reported_after_three_retries(notes: Engine) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        session.execute(text("do $$ begin raise serialization_failure; end $$"))

    with pytest.raises(OperationalError):
        in_transaction(session_factory(notes), work)
    assert len(tries) == 4


def test_any_other_error_is_reported_at_once(notes: Engine) -> None:
    tries = []

    def work(session: Session) -> None:
        tries.append(1)
        session.execute(text("select * from nowhere"))

    with pytest.raises(ProgrammingError):
        in_transaction(session_factory(notes), work)
    assert len(tries) == 1


def test_nobody_waits_for_ever(session: Session) -> None:
    for setting in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
        assert session.execute(text(f"show {setting}")).scalar_one() not in {"0", ""}


def test_nobody_waits_for_ever_on_a_line_that_died_without_a_word(notes: Engine) -> None:
    with notes.connect() as connection:
        line: Any = connection.connection.dbapi_connection
        told = line.info.get_parameters()
    assert int(told["keepalives_idle"]) + int(told["keepalives_interval"]) * int(told["keepalives_count"]) <= 60
    assert int(told["tcp_user_timeout"]) <= 30_000


def test_a_connection_that_the_server_closed_is_not_used_again(notes: Engine) -> None:
    sessions = session_factory(notes)
    with notes.connect() as one, notes.connect():
        me = one.execute(text("select pg_backend_pid()")).scalar_one()
    with notes.connect() as executioner:
        killed = text("select count(pg_terminate_backend(pid)) from pg_stat_activity where pid <> pg_backend_pid()")
        executioner.execute(text(f"{killed.text} and datname = current_database()"))
    assert in_transaction(sessions, lambda session: session.scalar(text("select pg_backend_pid()"))) != me
