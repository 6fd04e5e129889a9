"""Whoever asks for something, as far as it decides what they get."""

from dataclasses import dataclass
from enum import StrEnum

from booking_core.values import WorkshopId


class Role(StrEnum):
    """In the order of what they may do: each may do all that the later ones may."""

    OWNER = "owner"
    ADVISER = "adviser"
    MECHANIC = "mechanic"

    def reaches(self, other: "Role") -> bool:
        ranks = list(Role)
        return ranks.index(self) <= ranks.index(other)


@dataclass(frozen=True)
class Caller:
    """`workshop` is the only one they may look at, None means all. `actor` is what the audit log calls them."""

    role: Role
    workshop: WorkshopId | None
    actor: str
    name: str

    def works_at(self, workshop: WorkshopId) -> bool:
        return self.workshop is None or self.workshop == workshop
