"""Each invariant finds what breaks it."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.clock import set_clock
from booking_core import appointments
from booking_core.reservations import hold_slot
from bot import inbox, outbox
from bot.messages import Address, InboundMessage, OutboundMessage
from tests.booking_core.builders import NOW, a_customer, a_garage
from tests.faults.invariants import invariants, violations

PLANTED = {
    "cells count": "UPDATE slots SET booked_count = 0",
    "only live": "UPDATE appointments SET status = 'cancelled', slot_id = NULL WHERE status = 'confirmed'",
    "no hold was given": "UPDATE appointments SET reserved_until = updated_at + interval '2 hours'",
    "no hold outlives": "UPDATE appointments SET reserved_until = updated_at - interval '2 hours'",
    "each change": "UPDATE appointments SET version = version + 1",
    "only legal": """UPDATE audit_log SET after = jsonb_set(after, '{status}', '"no_show"') WHERE action = 'held'""",
    "nobody acted": "UPDATE appointments SET user_id = (SELECT max(id) FROM users) WHERE status = 'confirmed'",
    "whoever is to be": "UPDATE reminders SET state = 'void'",
    "no reminder is planned": "UPDATE appointments SET version = version + 1",
    "no reminder is left": "UPDATE reminders SET due_at = due_at - interval '1 year'",
    "no reminder is said": "UPDATE reminders SET state = 'posted', posted_at = '2026-11-23 23:30+01'",
    "each reminder that": "UPDATE reminders SET state = 'posted', posted_at = due_at",
    "no letter that is due": "UPDATE outbox SET next_at = next_at - interval '1 hour'",
    "nobody is reminded": "UPDATE outbox SET state = 'sent', kind = 'reminder', sent_at = '2027-01-01', "
    "appointment_id = (SELECT id FROM appointments WHERE status = 'cancelled')",
    "every message": "UPDATE inbox SET received_at = received_at - interval '1 hour'",
    "a letter stands": "INSERT INTO delivery_reports VALUES ('sms', 'SM1', 'read', NULL, now())",
    "words are forgotten": "UPDATE outbox SET state = 'sent', sent_at = now() - interval '1 year'",
}


def a_lively_world(session: Session) -> None:
    """An appointment, one that was cancelled, a hold, a letter and a message."""
    set_clock(session, NOW)
    garage, petra, tom = a_garage(session, lifts=2, cancel_cutoff=0), a_customer(session), a_customer(session)
    for when in ("2026-12-03 10:00", "2026-12-04 10:00"):
        hold = hold_slot(session, garage.slot(when), petra, channel="sms", now=NOW)
        last = appointments.confirm(session, hold.id, petra, now=NOW)
    appointments.cancel(session, last.id, petra, now=NOW)
    hold_slot(session, garage.slot("2026-12-03 10:00"), tom, channel="sms", now=NOW)
    outbox.post(session, OutboundMessage(Address("sms", "+4915"), "hallo"), key="1", now=NOW)
    session.execute(text("UPDATE outbox SET provider_id = 'SM1'"))
    inbox.store(session, InboundMessage("1", Address("sms", "+4915"), "hallo"), now=NOW)


def test_a_world_in_order_breaks_none(session: Session) -> None:
    a_lively_world(session)
    assert violations(session) == []


@pytest.mark.parametrize("name", invariants())
def test_what_breaks_one_is_found(session: Session, name: str) -> None:
    a_lively_world(session)
    [planted] = [statement for beginning, statement in PLANTED.items() if name.startswith(beginning)]
    session.execute(text("ALTER TABLE audit_log DISABLE TRIGGER USER"))
    session.execute(text(planted))
    assert [broken for broken in violations(session) if broken.startswith(name)] != []
