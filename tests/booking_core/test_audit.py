"""The audit log can be added to, and nothing else, and a gap shows."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from booking_core.appointments import cancel, confirm
from booking_core.audit import broken_links
from booking_core.register import Appointment
from booking_core.reservations import hold_slot
from booking_core.tables import AuditRow
from tests.booking_core.builders import NOW, a_customer, a_garage


def a_story(session: Session) -> Appointment:
    garage, petra = a_garage(session), a_customer(session)
    hold = hold_slot(session, garage.slot("2026-11-26 10:00"), petra, channel="sms", now=NOW)
    confirm(session, hold.id, petra, now=NOW)
    return cancel(session, hold.id, petra, now=NOW, reason="Urlaub")


def without_guard(session: Session, statement: str) -> None:
    session.execute(text("ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only"))
    session.execute(text(statement))
    session.execute(text("ALTER TABLE audit_log ENABLE TRIGGER audit_log_append_only"))


def test_every_change_leaves_an_entry_with_who_and_what(session: Session) -> None:
    story = a_story(session)
    entries = session.execute(
        select(AuditRow.sequence, AuditRow.action, AuditRow.actor, AuditRow.before, AuditRow.after).order_by(
            AuditRow.id
        )
    ).all()
    assert [(entry.sequence, entry.action) for entry in entries] == [(1, "held"), (2, "confirmed"), (3, "cancelled")]
    assert {entry.actor for entry in entries} == {f"customer:{story.user}"}
    assert entries[0].before is None
    assert [entry.after["status"] for entry in entries] == ["reserved", "confirmed", "cancelled"]
    assert entries[1].before == entries[0].after
    assert broken_links(session) == []


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_log SET actor = 'nobody'", "DELETE FROM audit_log", "TRUNCATE audit_log"]
)
def test_entries_can_be_neither_changed_nor_removed(session: Session, statement: str) -> None:
    a_story(session)
    with pytest.raises(IntegrityError, match="can only be added to"):
        session.execute(text(statement))


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_log SET actor = 'nobody' WHERE sequence = 2",
        'UPDATE audit_log SET after = after || \'{"status": "confirmed"}\' WHERE sequence = 3',
        "DELETE FROM audit_log WHERE sequence = 2",
        "DELETE FROM audit_log WHERE sequence = 3",
        "DELETE FROM audit_log",
    ],
)
def test_tampering_shows_even_when_the_guard_was_off(session: Session, tampering: str) -> None:
    a_story(session)
    without_guard(session, tampering)
    assert broken_links(session) != []


def test_a_writer_cannot_choose_its_own_place_in_the_chain(session: Session) -> None:
    story = a_story(session)
    session.execute(
        text(
            "INSERT INTO audit_log (entity_type, entity_id, sequence, action, actor, timestamp, prev_hash, hash) "
            "VALUES ('closure', :id, 7, 'closed', 'staff:1', now(), 'x', 'y')"
        ),
        {"id": story.id},
    )
    assert session.scalar(select(func.max(AuditRow.sequence)).where(AuditRow.entity_type == "closure")) == 1
    assert broken_links(session) == []
