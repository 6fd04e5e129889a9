"""The application's account of the database works with rows and cannot touch what keeps them right."""

import secrets
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.granting import grant
from booking_core import audit
from booking_core.personal import erasure
from bot import retention
from tests.booking_core.builders import NOW, a_customer, a_garage, counts_that_lie
from tests.transcript import Stage


@pytest.fixture
def application(database: Engine) -> Iterator[Engine]:
    """The same database as a role that was granted what `werkstatt migrate` grants."""
    role = f"werkstatt_app_{secrets.token_hex(4)}"
    with database.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role}"))
    grant(database, role)
    grant(database, role)
    engine = create_engine(database.url)
    event.listen(engine, "connect", lambda connection, _: connection.execute(f"SET ROLE {role}"))
    event.listen(engine, "checkout", lambda connection, *_: connection.execute(f"SET ROLE {role}"))
    yield engine
    engine.dispose()
    with database.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))


def test_it_can_do_all_that_the_application_does(application: Engine) -> None:
    with Session(application) as session, session.begin():
        assert str(session.scalar(text("SELECT current_user"))).startswith("werkstatt_app_")
        a_garage(session)
        stage = Stage(session)
        for words in (
            "Ölwechsel am Donnerstag um 10 in 50667, K-PA 1",
            "ja",
            "Paul Panzer",
            "nein",
            "ja",
            "absagen",
            "ja",
        ):
            stage.say("paul", words)
        erasure.erase(session, a_customer(session), actor="staff:1", now=NOW)
        for step in retention.STEPS:
            step(session, NOW)
        assert counts_that_lie(session) == 0
        assert audit.broken_links(session) == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "ALTER TABLE slots DROP CONSTRAINT slots_never_overbooked",
        "ALTER TABLE users ADD COLUMN mine text",
        "DROP TABLE appointments",
        "CREATE INDEX ON users (name)",
        "UPDATE audit_log SET actor = 'nobody'",
        "DELETE FROM audit_log",
        "TRUNCATE audit_log",
        "ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only",
        "DROP TRIGGER audit_log_append_only ON audit_log",
        "CREATE OR REPLACE FUNCTION audit_log_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "UPDATE alembic_version SET version_num = '0001'",
        "CREATE SCHEMA mine",
        "COPY users TO PROGRAM 'cat'",
        "CREATE ROLE mine",
    ],
)
def test_it_cannot_touch_what_keeps_rows_right(application: Engine, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner|privilege"),
        application.begin() as connection,
    ):
        connection.execute(text(statement))
