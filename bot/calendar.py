"""The calendar as the dialog asks for it: wishes in, a few times worth offering out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from booking_core import customers, demand, directory, register, slots, waitlist
from booking_core.directory import Place
from booking_core.values import CELL, Period, Slot, UserId, WorkshopId
from bot import views
from bot.commands import FindSlots, JoinWaitlist
from bot.events import DeskEvent, Done, NothingFree, SlotsFound
from bot.facts import Client, Job, Offer
from bot.few import close_to, soonest, spread
from bot.town import Town
from bot.understanding.dates import windows_of
from bot.understanding.meaning import When, Window

SHOWN = 4
"""Times we offer at once: they and a way out are what an SMS and a thumb can take."""

WINDOWS = 60
"""Windows of a wish that are kept on the waiting list: two months of "every morning"."""

FAR = timedelta(days=400)
DISTANT = timedelta(days=28)
SEARCHED = 1_000
"""Free starts we look at to choose those from; a week of three workshops has fewer."""


@dataclass(frozen=True)
class Calendar:
    """The calendar, open for one customer at one moment."""

    session: Session
    user: UserId
    now: datetime

    def find(self, wish: FindSlots) -> DeskEvent:
        places = directory.workshops(self.session, wish.shops)
        nearest = places[wish.shops[0]]
        windows = windows_of(wish.when or When(), now=self.now.astimezone(nearest.zone))
        found = slots.find_slots(
            self.session,
            wish.services,
            workshops=wish.shops,
            windows=[_period(window, self.now) for window in windows],
            now=self.now,
            limit=SEARCHED,
            # The customer's own hold must not hide its time from them.
            ignoring={*(hold.id for hold in self.holds()), *filter(None, [wish.moving])},
        )
        if not windows:  # All that was named is over, and without windows the calendar offers what is next.
            found = slots.Found((), slots.WhyNot(slots.Reason.PAST), found.slots)
        if not found.slots:
            return self._nothing_free(wish, found, windows, places)
        if (reason := self._why_so_late(wish, found, windows, places)) is not None:
            return self._nothing_free(wish, reason, windows, places)
        offers = [views.offer_of(slot, places[slot.workshop]) for slot in _new(found.slots, wish)]
        exact = _is_exact(windows, found.slots)
        return SlotsFound(_few(offers, wish), self._jobs(nearest, wish), exact, self.client())

    def _why_so_late(
        self, wish: FindSlots, found: slots.Found, windows: Sequence[Window], places: dict[WorkshopId, Place]
    ) -> slots.Found | None:
        """Out of season the next time may be months away: then the reason belongs beside it."""
        distant = self.now + DISTANT
        if found.slots[0].start < distant or any(window.start and window.start > self.now for window in windows):
            return None
        soon = slots.find_slots(
            self.session, wish.services, workshops=wish.shops, windows=[Period(self.now, distant)], now=self.now
        )
        return slots.Found((), soon.why_not, found.slots)

    def join(self, wish: JoinWaitlist, *, channel: str) -> Done:
        for shop in wish.shops:
            zone = directory.workshop(self.session, shop).zone
            windows = windows_of(wish.when or When(), now=self.now.astimezone(zone))[:WINDOWS]
            wished = [_period(window, self.now) for window in windows]
            waitlist.join(self.session, self.user, shop, wish.services, wished, channel=channel, now=self.now)
        return Done()

    def client(self) -> Client:
        """Who the customer is, as far as we knew before they told us."""
        return views.client_of(customers.customer(self.session, self.user))

    def holds(self) -> list[register.Appointment]:
        """What is kept for the customer."""
        return register.kept_for(self.session, self.user)

    def _nothing_free(
        self, wish: FindSlots, found: slots.Found, windows: Sequence[Window], places: dict[WorkshopId, Place]
    ) -> NothingFree:
        why = found.why_not or slots.WhyNot(slots.Reason.FULL)
        place = places.get(why.workshop or wish.shops[0], places[wish.shops[0]])
        wished = [_period(window, self.now) for window in windows]
        demand.note_refusal(self.session, self.user, place.id, wish.services, wished, str(why.reason), now=self.now)
        return NothingFree(
            reason=str(why.reason),
            shop=views.shop_of(place),
            jobs=self._jobs(places[wish.shops[0]], wish),
            day=why.day,
            detail=why.detail,
            hours=why.hours.times if why.hours else (),
            alternatives=spread(
                [views.offer_of(slot, places[slot.workshop]) for slot in _new(found.alternatives, wish)], SHOWN
            ),
        )

    def _jobs(self, place: Place, wish: FindSlots) -> tuple[Job, ...]:
        """What is wanted, as this workshop calls and prices it; what it does not sell, as others do."""
        town = Town(self.session, self.now)
        sold = {job.code: job for job in town.sold_at([place])}
        if not sold.keys() >= set(wish.services):
            sold = {job.code: job for job in town.named_jobs(wish.services)} | sold
        return tuple(sold[code] for code in wish.services if code in sold)


def _new(found: Sequence[Slot], wish: FindSlots) -> Sequence[Slot]:
    """What is free without the time that the appointment has already, if there is anything else."""
    return [slot for slot in found if slot.start != wish.instead_of] or found


def _few(offers: Sequence[Offer], wish: FindSlots) -> tuple[Offer, ...]:
    if wish.near:
        return close_to(offers, wish.near, SHOWN)
    return soonest(offers, SHOWN) if wish.when and wish.when.soonest else spread(offers, SHOWN)


def _period(window: Window, now: datetime) -> Period:
    """Starts a calendar can look for: a moment is the quarter hour it lies in, an open end is far away."""
    start = window.start or now
    if window.start == window.end:
        return Period(start, start + CELL)
    return Period(start, window.end or start + FAR)


def _is_exact(windows: Sequence[Window], found: Sequence[Slot]) -> bool:
    """Whether the customer named the minute, and that is the one we found."""
    moments = [window.start for window in windows if window.start == window.end]
    return len(windows) == len(found) == 1 and moments == [found[0].start]
