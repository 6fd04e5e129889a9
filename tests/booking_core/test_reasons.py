"""Why an appointment was cancelled, told afterwards."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import audit, reasons
from booking_core.appointments import cancel, confirm
from booking_core.errors import UnknownAppointment, WrongStatus
from booking_core.reservations import hold_slot
from booking_core.tables import AppointmentRow, AuditRow
from tests.booking_core.builders import NOW, a_customer, a_garage


def test_a_reason_is_kept_with_what_was_cancelled_but_not_in_the_audit(session: Session) -> None:
    petra = a_customer(session)
    hold = hold_slot(session, a_garage(session).slot("2026-11-26 10:00"), petra, channel="sms", now=NOW)
    confirm(session, hold.id, petra, now=NOW)
    with pytest.raises(WrongStatus):
        reasons.note_reason(session, hold.id, petra, "krank", now=NOW)
    cancel(session, hold.id, petra, now=NOW)
    reasons.note_reason(session, hold.id, petra, "  leider\nkrank " + "x" * 300, now=NOW)
    kept = session.scalars(select(AppointmentRow.cancel_reason).where(AppointmentRow.id == hold.id)).one()
    assert kept is not None
    assert kept.startswith("leider krank x")
    assert len(kept) == reasons.LONGEST
    entry = session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(1)).one()
    assert entry.action == "reason told"
    assert "krank" not in str(entry.after)
    assert audit.broken_links(session) == []


def test_nobody_tells_a_reason_for_somebody_else(session: Session) -> None:
    petra = a_customer(session)
    hold = hold_slot(session, a_garage(session).slot("2026-11-26 10:00"), petra, channel="sms", now=NOW)
    with pytest.raises(UnknownAppointment):
        reasons.note_reason(session, hold.id, a_customer(session), "krank", now=NOW)
