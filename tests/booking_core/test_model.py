"""The core on PostgreSQL does what the plain model does, whatever customers and staff do in whatever order."""

from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from booking_core import appointments, closures, register, reservations
from booking_core.audit import broken_links
from booking_core.errors import BookingError
from booking_core.tables import AppointmentRow, AppointmentSlotRow, SlotRow
from booking_core.values import AppointmentId, Period, Slot, UserId
from tests.booking_core.builders import NOW, Garage, a_customer, a_garage, counts_that_lie
from tests.booking_core.model import CUTOFF, LIMIT, Model

SHARDS, EXAMPLES, STEPS = 8, 160, 50
ENOUGH = 50_000 // SHARDS
CUSTOMERS = 3
MINUTE = timedelta(minutes=1)
TIMES = st.sampled_from([f"2026-11-{day} {hour}" for day in (24, 25) for hour in ("10:00", "10:30", "11:00", "12:00")])
MINUTES = st.sampled_from([1, 9, 10, 11, 60, 24 * 60])


class Bookings(RuleBasedStateMachine):
    """Customers hold, confirm, cancel and move; staff close lifts; time passes; the sweeper may come or not."""

    engine: ClassVar[Engine]
    steps: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        connection = self.open.enter_context(self.engine.connect())
        self.open.callback(connection.begin().rollback)
        self.session = self.open.enter_context(Session(connection, join_transaction_mode="create_savepoint"))
        self.garage: Garage = a_garage(
            self.session, lifts=2, cancel_cutoff=CUTOFF // MINUTE, max_open_appointments=LIMIT
        )
        self.users = [a_customer(self.session) for _ in range(CUSTOMERS)]
        self.model = Model(NOW, self.garage.lifts)

    def teardown(self) -> None:
        try:
            assert broken_links(self.session) == []
        finally:
            self.open.close()

    def outcome(self, work: Callable[[], Any]) -> tuple[str, Any]:
        self.steps["steps"] += 1
        try:
            return "won", work()
        except BookingError as refusal:  # Not rolled back: a refusal must have changed nothing by itself.
            self.steps[refusal.code] += 1
            return refusal.code, None

    def unit_of(self, appointment: AppointmentId) -> int:
        """The one lift an appointment stands on, in cells without a gap."""
        cells = self.session.execute(
            select(SlotRow.resource_id, SlotRow.start_time)
            .join(AppointmentSlotRow, AppointmentSlotRow.slot_id == SlotRow.id)
            .where(AppointmentSlotRow.appointment_id == appointment)
            .order_by(SlotRow.start_time)
        ).all()
        assert len({unit for unit, _ in cells}) == 1
        starts = [start for _, start in cells]
        assert starts == [starts[0] + timedelta(minutes=15) * step for step in range(4)]
        return int(cells[0].resource_id)

    def entry(self, data: Any) -> tuple[AppointmentId, UserId]:
        identity = AppointmentId(data.draw(st.sampled_from(sorted(self.model.entries)), label="appointment"))
        return identity, UserId(self.model.entries[identity].user)

    @rule(who=st.integers(0, CUSTOMERS - 1), when=TIMES)
    def hold(self, who: int, when: str) -> None:
        slot = self.garage.slot(when)
        user, period = self.users[who], Period(slot.start, slot.end)
        expected = self.model.hold(user, period)
        got, hold = self.outcome(
            lambda: reservations.hold_slot(self.session, slot, user, channel="sms", now=self.model.now)
        )
        assert got == expected
        if hold:
            self.model.held(hold.id, user, period, self.unit_of(hold.id))

    @precondition(lambda self: self.model.entries)
    @rule(data=st.data())
    def confirm(self, data: Any) -> None:
        identity, user = self.entry(data)
        expected = self.model.confirm(identity)
        got, _ = self.outcome(lambda: appointments.confirm(self.session, identity, user, now=self.model.now))
        assert got == expected
        if got == "won":
            self.model.confirmed(identity, self.unit_of(identity))

    @precondition(lambda self: self.model.entries)
    @rule(data=st.data())
    def cancel(self, data: Any) -> None:
        identity, user = self.entry(data)
        expected = self.model.cancel(identity)
        got, _ = self.outcome(lambda: appointments.cancel(self.session, identity, user, now=self.model.now))
        assert got == expected
        if got == "won":
            self.model.become(identity, "cancelled")

    @precondition(lambda self: self.model.entries)
    @rule(data=st.data(), when=TIMES)
    def move(self, data: Any, when: str) -> None:
        identity, user = self.entry(data)
        slot = self.garage.slot(when)
        period = Period(slot.start, slot.end)
        expected = self.model.move(identity, period)
        got, _ = self.outcome(lambda: appointments.move(self.session, identity, slot, user, now=self.model.now))
        assert got == expected
        if got == "won":
            self.model.moved(identity, period, self.unit_of(identity))

    @precondition(lambda self: self.model.entries)
    @rule(data=st.data())
    def release(self, data: Any) -> None:
        identity, user = self.entry(data)
        self.outcome(lambda: reservations.release(self.session, identity, user, now=self.model.now))
        if self.model.entries[identity].status == "reserved":
            self.model.become(identity, "expired")

    @rule()
    def sweep(self) -> None:
        self.outcome(lambda: reservations.expire_holds(self.session, now=self.model.now))
        self.model.expire()

    @rule(minutes=MINUTES)
    def time_passes(self, minutes: int) -> None:
        self.steps["steps"] += 1
        self.model.now += minutes * MINUTE

    @rule(lift=st.integers(0, 1), when=TIMES)
    def staff_close_a_lift(self, lift: int, when: str) -> None:
        slot: Slot = self.garage.slot(when)
        unit, period = self.garage.lifts[lift], Period(slot.start, slot.end)
        _, closure = self.outcome(
            lambda: closures.close(
                self.session,
                self.garage.workshop,
                period,
                "defekt",
                resource=unit,
                actor="staff:1",
                now=self.model.now,
            )
        )
        self.model.closures[closure] = (unit, period)

    @precondition(lambda self: self.model.closures)
    @rule(data=st.data())
    def staff_reopen_a_lift(self, data: Any) -> None:
        closure = data.draw(st.sampled_from(sorted(self.model.closures)), label="closure")
        self.outcome(
            lambda: closures.reopen(self.session, self.garage.workshop, closure, actor="staff:1", now=self.model.now)
        )
        del self.model.closures[closure]

    @invariant()
    def the_rows_say_what_the_model_says(self) -> None:
        rows = register.fetch(self.session, AppointmentRow.workshop_id == self.garage.workshop)
        stored = {row.id: (row.user, Period(row.start, row.end), str(row.status)) for row in rows}
        expected = {
            identity: (entry.user, entry.period, entry.status) for identity, entry in self.model.entries.items()
        }
        assert stored == expected
        assert counts_that_lie(self.session) == 0


@pytest.mark.long
@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_core_agrees_with_the_model(engine: Engine, shard: int) -> None:
    steps: Counter[str] = Counter()
    machine = type(f"Bookings{shard}", (Bookings,), {"engine": engine, "steps": steps})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert steps["steps"] >= ENOUGH
    assert {"slot_taken", "not_bookable", "wrong_status", "too_late"} <= set(steps)
