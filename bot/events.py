"""All the dialog can hear, from the customer and from the desk."""

from dataclasses import dataclass
from datetime import date

from bot.commands import Topic
from bot.facts import Booking, Client, Held, Hours, Job, Offer, Shop
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
    """Nearest first; empty when we do not know the place."""

    shops: tuple[Shop, ...]


@dataclass(frozen=True)
class SlotsFound:
    """A few free times out of many; `exact` when the one offer is precisely the time that was asked for."""

    offers: tuple[Offer, ...]
    jobs: tuple[Job, ...]
    exact: bool = False


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
class BookingsFound:
    """Earliest first."""

    bookings: tuple[Booking, ...]


@dataclass(frozen=True)
class LookedUp:
    topic: Topic
    shops: tuple[Shop, ...] = ()
    jobs: tuple[Job, ...] = ()


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
    | BookingsFound
    | LookedUp
    | Done
    | Refused
)
Event = Said | DeskEvent
