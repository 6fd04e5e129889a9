"""The booking core in a hundred plain lines: what it should do, with lists instead of locks."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from booking_core.values import HOLD_FOR, Period

LIMIT = 3
"""How many confirmed appointments one customer may have."""

CUTOFF = timedelta(hours=24)
"""How long before its start an appointment can still be cancelled or moved."""


@dataclass(frozen=True)
class Entry:
    """A hold or an appointment as the model sees it; `unit` is the lift the core said it chose."""

    user: int
    period: Period
    status: str
    until: datetime
    unit: int


@dataclass
class Model:
    """`entries` by appointment id, `closures` by closure id as (unit, period)."""

    now: datetime
    units: tuple[int, ...]
    entries: dict[int, Entry] = field(default_factory=dict)
    closures: dict[int, tuple[int, Period]] = field(default_factory=dict)

    def lives(self, entry: Entry) -> bool:
        return entry.status == "confirmed" or (entry.status == "reserved" and entry.until > self.now)

    def refusal(self, period: Period, *, ignoring: frozenset[int] = frozenset()) -> str | None:
        """Why no lift can take a car in this period, or None."""
        if period.start < self.now:
            return "not_bookable"
        open_units = [unit for unit in self.units if not self.closed(unit, period)]
        if not open_units:
            return "not_bookable"
        return None if any(self.free(unit, period, ignoring=ignoring) for unit in open_units) else "slot_taken"

    def closed(self, unit: int, period: Period) -> bool:
        return any(unit == closed and period.overlaps(gap) for closed, gap in self.closures.values())

    def free(self, unit: int, period: Period, *, ignoring: frozenset[int] = frozenset()) -> bool:
        return not any(
            entry.unit == unit and entry.period.overlaps(period) and self.lives(entry)
            for identity, entry in self.entries.items()
            if identity not in ignoring
        )

    def hold(self, user: int, period: Period) -> str:
        confirmed = [entry for entry in self.entries.values() if entry.user == user and entry.status == "confirmed"]
        if sum(entry.period.end > self.now for entry in confirmed) >= LIMIT:
            return "too_many_appointments"
        return self.refusal(period, ignoring=self.open_holds(user)) or "won"

    def open_holds(self, user: int) -> frozenset[int]:
        return frozenset(
            identity for identity, entry in self.entries.items() if entry.user == user and entry.status == "reserved"
        )

    def held(self, identity: int, user: int, period: Period, unit: int) -> None:
        for earlier in self.open_holds(user):
            self.become(earlier, "expired")
        self.bury_dead_holds(unit, period)
        assert self.free(unit, period), "the core chose a lift that is taken"
        assert not self.closed(unit, period), "the core chose a lift that is closed"
        self.entries[identity] = Entry(user, period, "reserved", self.now + HOLD_FOR, unit)

    def bury_dead_holds(self, unit: int, period: Period) -> None:
        for identity, entry in self.entries.items():
            dead = entry.status == "reserved" and entry.until <= self.now
            if dead and entry.unit == unit and entry.period.overlaps(period):
                self.become(identity, "expired")

    def confirm(self, identity: int) -> str:
        entry = self.entries[identity]
        if entry.status == "cancelled":
            return "wrong_status"
        if self.lives(entry):
            return "won"
        return self.refusal(entry.period, ignoring=frozenset({identity})) or "won"

    def confirmed(self, identity: int, unit: int) -> None:
        entry = self.entries[identity]
        self.bury_dead_holds(unit, entry.period)
        assert self.free(unit, entry.period, ignoring=frozenset({identity})), "confirmed where another one stands"
        self.entries[identity] = replace(entry, status="confirmed", unit=unit)

    def cancel(self, identity: int) -> str:
        entry = self.entries[identity]
        if entry.status == "expired":
            return "wrong_status"
        return "too_late" if entry.status == "confirmed" and self.late(entry) else "won"

    def late(self, entry: Entry) -> bool:
        return entry.period.start - self.now < CUTOFF

    def move(self, identity: int, period: Period) -> str:
        entry = self.entries[identity]
        if entry.status != "confirmed":
            return "wrong_status"
        if entry.period == period:
            return "won"
        if self.late(entry):
            return "too_late"
        return self.refusal(period, ignoring=frozenset({identity})) or "won"

    def moved(self, identity: int, period: Period, unit: int) -> None:
        if self.entries[identity].period != period:
            self.bury_dead_holds(unit, period)
            assert self.free(unit, period, ignoring=frozenset({identity})), "moved where another one stands"
            self.entries[identity] = replace(self.entries[identity], period=period, unit=unit)

    def expire(self) -> None:
        for identity, entry in self.entries.items():
            if entry.status == "reserved" and entry.until <= self.now:
                self.become(identity, "expired")

    def become(self, identity: int, status: str) -> None:
        self.entries[identity] = replace(self.entries[identity], status=status)
