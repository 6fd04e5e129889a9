"""All the dialog can hear, from the customer and from the desk."""

from dataclasses import dataclass, field
from datetime import date, datetime

from booking_core.status import AppointmentStatus
from bot.commands import Topic
from bot.facts import Booking, Client, Held, Hours, Job, Offer, Shop, Wait
from bot.understanding.meaning import Intent, Understanding


@dataclass(frozen=True)
class Said:
    """A message of the customer. `picked` is the id of the choice they took, by tap, number or label.

    `past` says that they named a time that is over; it is not in the meaning any more.
    """

    meaning: Understanding
    picked: str | None = None
    past: bool = False

    def wants(self, *intents: Intent) -> bool:
        return any(intent in self.meaning.intents for intent in intents)


@dataclass(frozen=True)
class ServicesListed:
    jobs: tuple[Job, ...]


@dataclass(frozen=True)
class ShopsFound:
    """Nearest first; empty when we do not know the place. `passed` is nearer, but does not do these `jobs`.

    `alone` is the only workshop there is.
    """

    shops: tuple[Shop, ...]
    passed: Shop | None = None
    jobs: tuple[Job, ...] = ()
    alone: bool = False


@dataclass(frozen=True)
class SlotsFound:
    """A few free times out of many; `exact` when the one offer is precisely the time that was asked for."""

    offers: tuple[Offer, ...]
    jobs: tuple[Job, ...]
    exact: bool = False
    client: Client = field(default_factory=Client)


@dataclass(frozen=True)
class NothingFree:
    """Why nothing is free then, and what is nearest. `reason` is the calendar's word for it, `hours` would do."""

    reason: str
    shop: Shop
    jobs: tuple[Job, ...]
    day: date | None = None
    detail: str | None = None
    hours: Hours = ()
    alternatives: tuple[Offer, ...] = ()


@dataclass(frozen=True)
class SlotHeld:
    held: Held
    client: Client


@dataclass(frozen=True)
class Booked:
    booking: Booking


@dataclass(frozen=True)
class Cancelled:
    booking: Booking


@dataclass(frozen=True)
class Moved:
    booking: Booking


@dataclass(frozen=True)
class Promised:
    booking: Booking


@dataclass(frozen=True)
class Extended:
    """More will be done at this appointment."""

    booking: Booking


@dataclass(frozen=True)
class BookingsFound:
    """Earliest first; `waits` is what the customer is on the waiting list for."""

    bookings: tuple[Booking, ...]
    waits: tuple[Wait, ...] = ()


@dataclass(frozen=True)
class Joined:
    """The appointments made elsewhere are known here now."""

    bookings: tuple[Booking, ...]


@dataclass(frozen=True)
class CodeSent:
    """Six digits are on their way to the `channel` on which the appointment was made."""

    channel: str


@dataclass(frozen=True)
class ListLeft:
    """The customer waits for nothing any more; `waited` says whether they did."""

    waited: bool


@dataclass(frozen=True)
class LookedUp:
    """What a digression asked for. A person is there when the workshop `opens` (None: now) and has `until` then."""

    topic: Topic
    shops: tuple[Shop, ...] = ()
    jobs: tuple[Job, ...] = ()
    opens: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class LateNoted:
    """The workshop knows; `booking` is the appointment it is about, None if there is none today."""

    booking: Booking | None = None


@dataclass(frozen=True)
class StatusFound:
    """How far the car of this appointment is; None if there is no appointment to ask about."""

    booking: Booking | None = None
    status: AppointmentStatus = AppointmentStatus.CONFIRMED
    begun: bool = False


@dataclass(frozen=True)
class DataTold:
    """`visits` counts all appointments there ever were."""

    client: Client
    visits: int


@dataclass(frozen=True)
class Erased:
    """What could be forgotten is; `kept_until` is the last year in which finished work has to be on file."""

    kept_until: int | None = None


@dataclass(frozen=True)
class Done:
    """The desk did it, and there is nothing to tell."""


@dataclass(frozen=True)
class Refused:
    """The calendar said no; `code` is that of the booking error."""

    code: str


DeskEvent = (
    ServicesListed
    | ShopsFound
    | SlotsFound
    | NothingFree
    | SlotHeld
    | Booked
    | Cancelled
    | Moved
    | Promised
    | Extended
    | BookingsFound
    | Joined
    | CodeSent
    | ListLeft
    | LookedUp
    | LateNoted
    | StatusFound
    | DataTold
    | Erased
    | Done
    | Refused
)
Event = Said | DeskEvent
