"""What the desk tells the dialog about the world. Times are local to the workshop they are about."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from booking_core.values import AppointmentId, Slot, WorkshopId
from bot.understanding.meaning import Vehicle

Hours = tuple[tuple[tuple[str, str], ...], ...]
"""Opening hours: for each weekday, Monday first, its pairs of "HH:MM"."""


_WORD = re.compile(r"[^\W\d_]{3,}")


def token(*parts: object) -> str:
    """A short opaque id. The same thing gets the same id, so a button of yesterday's list cannot mean another time."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=6).hexdigest()


@dataclass(frozen=True)
class Job:
    """A service as customers see it; `price` is cents and a "from" price, `minutes` are what it takes.

    `about` is what the workshop says of it itself.
    """

    code: str
    name: str
    name_en: str
    price: int
    minutes: int = 0
    about: str = ""


@dataclass(frozen=True)
class Shop:
    """A workshop as customers see it; `km` only when we know where the customer is."""

    id: WorkshopId
    name: str
    address: str
    plz: str
    city: str
    phone: str
    hours: Hours = ()
    km: float | None = None

    @property
    def token(self) -> str:
        return token("shop", self.id)

    @property
    def words(self) -> frozenset[str]:
        """What customers may call it by."""
        return frozenset(_WORD.findall(self.name.casefold()))


def named_shop(shops: Sequence[Shop], text: str) -> Shop | None:
    """The one shop of several that the text names with a word no other is named by ("die in Ehrenfeld")."""
    said = frozenset(_WORD.findall(text.casefold()))
    if len(shops) < 2:
        return None
    meant = [shop for shop in shops if said & shop.words.difference(*(other.words for other in shops if other != shop))]
    return meant[0] if len(meant) == 1 else None


@dataclass(frozen=True)
class Offer:
    """A free time we may show; `shop` is short enough to stand on a button."""

    slot: Slot
    start: datetime
    shop: str

    @property
    def token(self) -> str:
        return token("offer", self.slot.workshop, self.slot.services, int(self.slot.start.timestamp()))


@dataclass(frozen=True)
class Held:
    """The time the customer chose, kept for them `until` then."""

    appointment: AppointmentId
    start: datetime
    until: datetime
    shop: Shop
    jobs: tuple[Job, ...]

    @property
    def price(self) -> int:
        return sum(job.price for job in self.jobs)


@dataclass(frozen=True)
class Booking:
    """A booked appointment; `changeable` until the workshop's cut-off."""

    id: AppointmentId
    code: str
    start: datetime
    shop: Shop
    jobs: tuple[Job, ...]
    changeable: bool = True

    @property
    def token(self) -> str:
        return token("booking", self.id)


@dataclass(frozen=True)
class Wait:
    """What the customer is on the waiting list for."""

    jobs: tuple[Job, ...]
    shop: Shop


@dataclass(frozen=True)
class Client:
    """What we knew of the customer before this conversation; `returning` once they have had an appointment."""

    name: str | None = None
    email: str | None = None
    cars: tuple[Vehicle, ...] = ()
    returning: bool = False
