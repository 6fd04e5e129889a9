"""The frozen facts everyone may pass around."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

CELL = timedelta(minutes=15)
"""The grid of the calendar: every slot starts on a quarter hour, UTC."""

HOLD_FOR = timedelta(minutes=10)
"""How long a chosen slot stays reserved while the customer finishes (the brief's soft lock)."""

UserId = NewType("UserId", int)
WorkshopId = NewType("WorkshopId", int)
ServiceId = NewType("ServiceId", int)
ResourceId = NewType("ResourceId", int)
VehicleId = NewType("VehicleId", int)
SlotId = NewType("SlotId", int)
AppointmentId = NewType("AppointmentId", int)


@dataclass(frozen=True, order=True)
class Period:
    """A half-open stretch of time; both ends are aware."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse what would compare wrongly later: naive ends and periods that run backwards."""
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a period needs aware datetimes")
        if self.end < self.start:
            raise ValueError("a period cannot end before it starts")

    def overlaps(self, other: "Period") -> bool:
        return self.start < other.end and other.start < self.end

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


@dataclass(frozen=True, order=True)
class Cell:
    """One quarter hour of one resource: what a booking counts up, and the order in which cells are locked."""

    resource: ResourceId
    start: datetime


@dataclass(frozen=True)
class Slot:
    """A time at which a whole visit may start: its services are done one after the other.

    `start` and `end` are UTC and frame the work, without buffers.
    """

    workshop: WorkshopId
    services: tuple[ServiceId, ...]
    start: datetime
    end: datetime
