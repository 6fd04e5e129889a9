"""What was noted down is shown to those it concerns, page by page."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from booking_core import closures, customers, demand, waitlist
from booking_core.counter import bookings, capacity, explaining, logs, unserved
from booking_core.slots import Reason
from booking_core.tables import OutboxRow, ReminderRow
from booking_core.values import Period
from tests.booking_core.builders import NOW, a_customer, a_garage, berlin

ANNA = "staff:1"
TUESDAY = Period(berlin("2026-11-24 00:00"), berlin("2026-11-25 00:00"))


def test_changes_are_told_newest_first_to_the_workshop_they_belong_to(session: Session) -> None:
    garage, other = a_garage(session), a_garage(session)
    start = berlin("2026-11-24 10:00")
    made = bookings.book(session, garage.workshop, a_customer(session), [garage.service], start, actor=ANNA, now=NOW)
    closure = closures.close(session, garage.workshop, TUESDAY, "Inventur", actor=ANNA, now=NOW)
    closures.reopen(session, garage.workshop, closure, actor=ANNA, now=NOW)
    first = logs.changes(session, garage.workshop, limit=3)
    second = logs.changes(session, garage.workshop, after=first.after, limit=3)
    told = [(one.entity, one.action) for one in (*first.items, *second.items)]
    assert told == [
        ("closure", "reopened"),
        ("closure", "closed"),
        ("appointment", "confirmed"),
        ("appointment", "held"),
    ]
    assert second.after is None
    of_one = logs.changes(session, garage.workshop, logs.About("appointment", made.id))
    assert [one.action for one in of_one.items] == ["confirmed", "held"]
    assert logs.changes(session, other.workshop).items == []


def test_closures_are_listed_until_they_end(session: Session) -> None:
    garage, other = a_garage(session), a_garage(session)
    lift = garage.lifts[0]
    closure = closures.close(session, garage.workshop, TUESDAY, "defekt", resource=lift, actor=ANNA, now=NOW)
    [listed] = capacity.closures(session, garage.workshop, since=NOW)
    assert (listed.id, listed.resource, listed.reason) == (closure, lift, "defekt")
    assert capacity.closures(session, garage.workshop, since=TUESDAY.end) == []
    assert capacity.closures(session, other.workshop, since=NOW) == []


def test_reminders_wishes_waiters_and_lost_letters_are_shown_where_they_belong(session: Session) -> None:
    garage, other, petra = a_garage(session), a_garage(session), a_customer(session)
    start = berlin("2026-11-24 10:00")
    made = bookings.book(session, garage.workshop, petra, [garage.service], start, actor=ANNA, now=NOW)
    reminder: dict[str, Any] = {"appointment_id": made.id, "appointment_version": 99, "kind": "day_before"}
    session.add(ReminderRow(**reminder, due_at=NOW, state="posted", posted_at=NOW))
    demand.note_refusal(session, petra, garage.workshop, ["oil-change"], [TUESDAY], "full", now=NOW)
    waitlist.join(session, petra, garage.workshop, ["oil-change"], [TUESDAY], channel="sms", now=NOW)
    customers.add_identity(session, petra, "sms", "+4915112345678", now=NOW)
    letter = {"channel": "sms", "recipient": "+4915112345678", "kind": "reply", "body": {}, "next_at": NOW}
    for state, delivery in (("refused", None), ("sent", "failed"), ("sent", "delivered")):
        session.add(
            OutboxRow(**letter, dedupe_key=f"{state}{delivery}", state=state, delivery=delivery, created_at=NOW)
        )
    session.flush()

    seen = logs.reminders(session, garage.workshop)
    assert ("day_before", "posted", made.code) in [(one.kind, one.state, one.code) for one in seen.items]
    assert [one.reason for one in unserved.refused_wishes(session, garage.workshop).items] == ["full"]
    assert [one.customer for one in unserved.waiting_list(session, garage.workshop).items] == ["Petra Müller"]
    lost = logs.returned_letters(session, garage.workshop)
    assert [one.delivery for one in lost.items] == ["failed", None]
    for log in (logs.reminders, unserved.refused_wishes, unserved.waiting_list, logs.returned_letters):
        assert log(session, other.workshop).items == []


def test_staff_are_told_why_a_time_is_not_free_and_who_is_in_the_way(session: Session) -> None:
    garage, petra = a_garage(session), a_customer(session)
    start = berlin("2026-11-24 10:00")
    free = explaining.explain(session, garage.workshop, ["oil-change"], start, now=NOW)
    assert (len(free.found.slots), free.in_the_way) == (1, ())
    made = bookings.book(session, garage.workshop, petra, [garage.service], start, actor=ANNA, now=NOW)
    full = explaining.explain(session, garage.workshop, ["oil-change"], start, now=NOW)
    assert full.found.why_not is not None
    assert full.found.why_not.reason is Reason.FULL
    assert full.found.alternatives
    assert list(full.in_the_way) == [made]
    sunday = explaining.explain(session, garage.workshop, ["oil-change"], start + timedelta(days=5), now=NOW)
    assert sunday.found.why_not is not None
    assert sunday.found.why_not.reason is Reason.CLOSED
