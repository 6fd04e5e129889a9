"""What an appointment can be, and what may follow what."""

from enum import StrEnum


class AppointmentStatus(StrEnum):
    """A hold and an appointment are one row; the status tells them apart."""

    RESERVED = "reserved"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def takes_cells(self) -> bool:
        """Whether its cells count as booked. A reserved one's count only until `reserved_until`."""
        return self not in {AppointmentStatus.CANCELLED, AppointmentStatus.EXPIRED}

    def may_become(self, other: "AppointmentStatus") -> bool:
        return other in _NEXT[self]


_NEXT: dict[AppointmentStatus, frozenset[AppointmentStatus]] = {
    AppointmentStatus.RESERVED: frozenset(
        {AppointmentStatus.CONFIRMED, AppointmentStatus.EXPIRED, AppointmentStatus.CANCELLED}
    ),
    # A late "yes" revives a dead hold when its time is still free.
    AppointmentStatus.EXPIRED: frozenset({AppointmentStatus.CONFIRMED}),
    AppointmentStatus.CONFIRMED: frozenset(
        {
            AppointmentStatus.IN_PROGRESS,
            AppointmentStatus.COMPLETED,
            AppointmentStatus.NO_SHOW,
            AppointmentStatus.CANCELLED,
        }
    ),
    AppointmentStatus.IN_PROGRESS: frozenset({AppointmentStatus.COMPLETED}),
    AppointmentStatus.COMPLETED: frozenset(),
    AppointmentStatus.NO_SHOW: frozenset(),
    AppointmentStatus.CANCELLED: frozenset(),
}
