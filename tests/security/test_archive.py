"""The drill: a backup is taken, somebody is erased, and all is lost; what comes back is right and does no harm."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, func, select, text
from sqlalchemy.orm import Session

from app import archive
from app.clock import set_clock
from app.commands.backup import cli
from app.throwaway import throwaway_database
from booking_core import audit, customers
from booking_core.reservations import hold_slot
from booking_core.tables import AppointmentRow, Base, OutboxRow, ReminderRow, UserRow
from booking_core.values import UserId
from bot import leases, outbox
from bot.messages import Address, InboundMessage, OutboundMessage
from bot.turn import take_turn
from tests.booking_core.builders import NOW, a_garage, counts_that_lie
from tests.faults.invariants import violations
from tests.transcript import Stage

PETRA, PAUL = Address("telegram", "petra"), Address("telegram", "paul")


@pytest.fixture
def kept(database: Engine, tmp_path: Path) -> tuple[str, Path]:
    """A backup with Paul's appointment, Petra's question and a letter on its way; then Petra is erased."""
    with Session(database) as session, session.begin():
        a_garage(session)
        set_clock(session, NOW)
        stage = Stage(session)
        for words in ("Ölwechsel am Donnerstag um 10 in 50667, K-PA 1", "ja", "Paul Panzer", "nein", "ja"):
            stage.say("paul", words)
        assert session.scalars(select(AppointmentRow.status)).all() == ["confirmed"]
        take_turn(session, InboundMessage("1", PETRA, "Moin, ich bin Petra"), now=NOW)
        outbox.post(session, OutboundMessage(PAUL, "Ihr Auto ist fertig", kind="ready"), key="due", now=NOW)
        later = NOW + timedelta(days=1)
        outbox.post(session, OutboundMessage(PAUL, "Bis bald", kind="ready"), key="later", now=later)
    url = database.url.render_as_string(hide_password=False)
    archive.dump(url, tmp_path / "kept.dump")
    with Session(database) as session, session.begin():
        stage = Stage(session)
        stage.say("petra", "lösche meine Daten")
        stage.say("petra", "ja")
        hold_slot(session, a_garage(session).slot("2026-11-27 10:00"), _somebody(session), channel="sms", now=NOW)
    database.dispose()
    return url, tmp_path / "kept.dump"


def _somebody(session: Session) -> UserId:
    return customers.recognise(session, "sms", "+4915199999999", now=NOW).customer.id


def states(engine: Engine) -> dict[str, str]:
    with Session(engine) as session:
        return {
            row.key: row.state for row in session.execute(select(OutboxRow.dedupe_key.label("key"), OutboxRow.state))
        }


def test_what_comes_back_is_right_and_does_no_harm(database: Engine, kept: tuple[str, Path]) -> None:
    url, file = kept
    done = archive.restore(url, file)
    assert (done.erased_again, done.broken) == (1, [])
    with Session(database) as session:
        assert session.scalars(select(AppointmentRow.status)).all() == ["confirmed"], "what came later is lost"
        assert session.scalars(select(UserRow.name).order_by(UserRow.id)).all() == ["Paul Panzer", None]
        everything = "".join(session.scalars(text("SELECT to_jsonb(inbox)::text FROM inbox")))
        assert "Petra" not in everything
        assert audit.broken_links(session) == []
        assert counts_that_lie(session) == 0
        assert violations(session) == []
    found = states(database)
    assert (found["due"], found["later"]) == ("unknown", "pending")
    with Session(database) as session, session.begin():
        assert archive.frozen_letters(session) == done.letters_frozen > 0
        assert leases.claim(session, now=NOW) == []
        assert session.scalar(select(func.count()).where(ReminderRow.state == "planned")) == 1, "it lies ahead"


def test_a_new_database_is_told_who_was_erased(
    database: Engine, kept: tuple[str, Path], server: str, template: str
) -> None:
    _, file = kept
    known = archive.erasures(database)
    assert len(known) == 1
    with throwaway_database(server, template) as new:
        assert archive.restore(new, file, erased=known).erased_again == 1
        engine = create_engine(new)
        with Session(engine) as session:
            assert session.scalars(select(UserRow.name).order_by(UserRow.id)).all() == ["Paul Panzer", None]
        engine.dispose()


def test_every_table_comes_back_with_every_row(database: Engine, kept: tuple[str, Path]) -> None:
    url, file = kept

    def rows() -> dict[str, int]:
        with Session(database) as session:
            return {
                name: session.scalar(select(func.count()).select_from(table)) or 0
                for name, table in Base.metadata.tables.items()
            }

    archive.restore(url, file)
    first = rows()
    database.dispose()
    archive.dump(url, file)
    archive.restore(url, file)
    again = rows()
    assert again.pop("audit_log") - first.pop("audit_log") in {0, 1}, "that somebody was erased again is written down"
    assert again == first
    assert first["appointments"] == 1


def test_a_restore_that_fails_leaves_all_as_it_was(database: Engine, kept: tuple[str, Path], tmp_path: Path) -> None:
    url, file = kept
    before = states(database)
    database.dispose()
    (tmp_path / "broken.dump").write_bytes(file.read_bytes()[:5000])
    for bad in ("broken.dump", "missing.dump"):
        with pytest.raises(archive.NoBackup, match="pg_restore"):
            archive.restore(url, tmp_path / bad)
    assert states(database) == before


def test_nobody_may_work_with_it_meanwhile(database: Engine, kept: tuple[str, Path]) -> None:
    url, file = kept
    with database.connect(), pytest.raises(archive.NoBackup, match="stop serve and worker"):
        archive.restore(url, file)


def test_only_its_owner_can_read_a_backup_and_no_half_of_one_is_left(kept: tuple[str, Path], tmp_path: Path) -> None:
    _, file = kept
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(archive.NoBackup):
        archive.dump("postgresql+psycopg://nobody@127.0.0.1:1/none", tmp_path / "none.dump")
    assert [path.name for path in tmp_path.iterdir()] == ["kept.dump"]


def test_there_are_three_commands() -> None:
    assert [command.callback.__name__ for command in cli.registered_commands if command.callback] == [
        *("backup", "restore", "erasures"),
    ]
