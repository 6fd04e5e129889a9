"""All the dialog can ask of the desk."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from booking_core.values import AppointmentId, Slot, WorkshopId
from bot.understanding.meaning import Stay, Vehicle, When


class Topic(StrEnum):
    """What customers ask in between."""

    HOURS = "hours"
    LOCATION = "location"
    PRICE = "price"
    PERSON = "person"
    DANGER = "danger"
    MEANING = "meaning"
    DURATION = "duration"
    BRING = "bring"
    SHOP = "shop"


@dataclass(frozen=True)
class ListServices:
    """What may be booked, the most wanted first."""


@dataclass(frozen=True)
class FindShops:
    """The workshops near a place that sell these services; without a place, any."""

    plz: str | None = None
    city: str | None = None
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class FindUsualShop:
    """The workshop where the customer was last, or the only one there is."""


@dataclass(frozen=True)
class FindSlots:
    """Free times for a visit, `near` that moment if there is one.

    A moved appointment's own time counts as free; `instead_of` is the start that they have and need not be offered.
    """

    services: tuple[str, ...]
    shops: tuple[WorkshopId, ...]
    when: When | None
    moving: AppointmentId | None = None
    instead_of: datetime | None = None
    near: datetime | None = None


@dataclass(frozen=True)
class HoldSlot:
    slot: Slot


@dataclass(frozen=True)
class ReleaseHolds:
    """Give back whatever is kept for the customer."""


@dataclass(frozen=True)
class Book:
    """Turn the hold into an appointment, and remember what was told along the way."""

    hold: AppointmentId
    name: str | None
    email: str | None
    vehicle: Vehicle
    stay: Stay | None = None


@dataclass(frozen=True)
class Remember:
    """What the customer told about themselves or the car outside of a booking."""

    name: str | None = None
    email: str | None = None
    vehicle: Vehicle = field(default_factory=Vehicle)


@dataclass(frozen=True)
class FindBookings:
    """The customer's appointments still to come."""


@dataclass(frozen=True)
class CancelBooking:
    booking: AppointmentId


@dataclass(frozen=True)
class PromiseVisit:
    """The customer says that they will come, to the appointment as it was when we asked."""

    booking: AppointmentId
    start: datetime


@dataclass(frozen=True)
class NoteStay:
    """Tell the workshop that the customer will wait, or leave the car."""

    booking: AppointmentId
    stay: Stay


@dataclass(frozen=True)
class MoveBooking:
    booking: AppointmentId
    slot: Slot


@dataclass(frozen=True)
class AddServices:
    """Let an appointment grow into `slot`, which starts when it starts and holds more work."""

    booking: AppointmentId
    slot: Slot


@dataclass(frozen=True)
class LookUp:
    """What a digression asks for, about the services and the place we are talking of."""

    topic: Topic
    services: tuple[str, ...] = ()
    shops: tuple[WorkshopId, ...] = ()
    plz: str | None = None
    city: str | None = None


@dataclass(frozen=True)
class JoinWaitlist:
    """Ask again when a time as wished for becomes free."""

    services: tuple[str, ...]
    shops: tuple[WorkshopId, ...]
    when: When | None


@dataclass(frozen=True)
class LeaveWaitlist:
    """Ask for nothing any more that the customer waited for."""


@dataclass(frozen=True)
class NoteReason:
    """Remember why a cancelled appointment was cancelled, in the customer's own words."""

    booking: AppointmentId
    reason: str


@dataclass(frozen=True)
class ClaimBooking:
    """Find an appointment made elsewhere by its code, if one of the things `told` proves that it is theirs."""

    code: str
    told: tuple[str, ...]


@dataclass(frozen=True)
class ProveCode:
    """The digits that were sent to where the appointment was made."""

    digits: str


@dataclass(frozen=True)
class NoteLate:
    """Tell the workshop that the customer comes later to the next appointment."""


@dataclass(frozen=True)
class FindStatus:
    """How far the customer's car is."""


@dataclass(frozen=True)
class TellData:
    """What we know of the customer."""


@dataclass(frozen=True)
class EraseData:
    """Forget of the customer what need not be kept."""


Command = (
    ListServices
    | FindShops
    | FindUsualShop
    | FindSlots
    | HoldSlot
    | ReleaseHolds
    | Book
    | Remember
    | FindBookings
    | CancelBooking
    | MoveBooking
    | PromiseVisit
    | NoteStay
    | AddServices
    | LookUp
    | JoinWaitlist
    | LeaveWaitlist
    | NoteReason
    | ClaimBooking
    | ProveCode
    | NoteLate
    | FindStatus
    | TellData
    | EraseData
)
