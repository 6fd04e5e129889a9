"""The one place where the dialog meets the calendar: commands in, core calls, events out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy.orm import Session

from booking_core import (
    additions,
    appointments,
    attendance,
    customers,
    demand,
    directory,
    register,
    reservations,
    services,
    slots,
    waitlist,
)
from booking_core.directory import Place
from booking_core.errors import BookingError
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow
from booking_core.values import CELL, AppointmentId, Period, Slot, UserId, VehicleId, WorkshopId
from bot import confirmations, views
from bot.commands import (
    AddServices,
    Book,
    CancelBooking,
    Command,
    EraseData,
    FindBookings,
    FindShops,
    FindSlots,
    FindStatus,
    FindUsualShop,
    HoldSlot,
    JoinWaitlist,
    ListServices,
    LookUp,
    MoveBooking,
    NoteLate,
    ReleaseHolds,
    Remember,
    TellData,
    Topic,
)
from bot.events import (
    Booked,
    BookingsFound,
    Cancelled,
    DeskEvent,
    Done,
    Extended,
    LookedUp,
    Moved,
    NothingFree,
    Refused,
    ServicesListed,
    ShopsFound,
    SlotHeld,
    SlotsFound,
)
from bot.facts import Job, Offer
from bot.files import Files
from bot.messages import Happening
from bot.negotiating import close_to, soonest, spread
from bot.understanding.dates import windows_of
from bot.understanding.meaning import Vehicle, When, Window

SHOWN = 4
"""Times we offer at once: they and a way out are what an SMS and a thumb can take."""

WINDOWS = 60
"""Windows of a wish that are kept on the waiting list: two months of "every morning"."""

FAR = timedelta(days=400)
PATIENCE = timedelta(hours=2)
"""How long, while the workshop is open, we leave a conversation to a person who may not come."""

SHOPS = 3
ASKED = 10
"""Workshops near a postcode that we ask whether they sell what is wanted."""

SEARCHED = 1_000
"""Free starts we look at to choose those from; a week of three workshops has fewer."""

_ONLY_HELD = (AppointmentStatus.RESERVED, AppointmentStatus.EXPIRED)


@dataclass(frozen=True)
class Desk:
    """The desk, serving one customer at one moment."""

    session: Session
    user: UserId
    channel: str
    now: datetime
    freed: set[WorkshopId] = field(default_factory=set)
    """Workshops where a time became free in this turn, for others to have."""

    def answer(self, command: Command) -> DeskEvent:
        """Do it; a refusal is an answer, not a crash, and leaves nothing half done."""
        try:
            with self.session.begin_nested():
                return self._serve(command)
        except BookingError as error:
            return Refused(error.code)

    def _serve(self, command: Command) -> DeskEvent:
        session, user, now = self.session, self.user, self.now
        match command:
            case ListServices():
                return ServicesListed(self._sold_at(directory.all_workshops(session)[:1]))
            case FindShops(plz, city, wanted):
                return ShopsFound(tuple(map(views.shop_of, self._selling(wanted, self._places(plz, city))[:SHOPS])))
            case FindUsualShop():
                usual = customers.preferred_workshop(session, user)
                return ShopsFound(() if usual is None else (views.shop_of(directory.workshop(session, usual)),))
            case FindSlots():
                return self._find(command)
            case HoldSlot(slot):
                return self._hold(slot)
            case ReleaseHolds():
                for hold in self._open_holds():
                    reservations.release(session, hold.id, user, now=now)
                    waitlist.answered(session, user, hold.workshop, accepted=False)
                    self.freed.add(hold.workshop)
                return Done()
            case Book():
                return self._book(command)
            case Remember(name, email, vehicle):
                customers.learn(session, user, name=name, email=email)
                self._change_car(vehicle)
                return Done()
            case FindBookings():
                mine = appointments.open_appointments(session, user, now=now)
                return BookingsFound(tuple(views.booking_of(session, one, now=now) for one in mine))
            case CancelBooking(booking):
                cancelled = appointments.cancel(session, booking, user, now=now)
                confirmations.post(session, cancelled, Happening.CANCELLED, now=now)
                self.freed.add(cancelled.workshop)
                return Cancelled(views.booking_of(session, cancelled, now=now))
            case MoveBooking(booking, slot):
                moved = appointments.move(session, booking, slot, user, now=now)
                confirmations.post(session, moved, Happening.MOVED, now=now)
                self.freed.add(moved.workshop)
                return Moved(views.booking_of(session, moved, now=now))
            case AddServices(booking, slot):
                grown = additions.add_services(session, booking, slot.services, user, now=now)
                confirmations.post(session, grown, Happening.EXTENDED, now=now)
                return Extended(views.booking_of(session, grown, now=now))
            case LookUp():
                return self._look_up(command)
            case JoinWaitlist():
                return self._join(command)
            case NoteLate() | FindStatus() | TellData() | EraseData():
                return Files(session, user, now).answer(command)
            case _:
                assert_never(command)

    def _hold(self, slot: Slot) -> DeskEvent:
        hold = reservations.hold_slot(self.session, slot, self.user, channel=self.channel, now=self.now)
        client = views.client_of(customers.customer(self.session, self.user), self._past())
        return SlotHeld(views.held_of(self.session, hold, now=self.now), client)

    def _find(self, wish: FindSlots) -> DeskEvent:
        places = {shop: directory.workshop(self.session, shop) for shop in wish.shops}
        nearest = places[wish.shops[0]]
        windows = windows_of(wish.when or When(), now=self.now.astimezone(nearest.zone))
        found = slots.find_slots(
            self.session,
            wish.services,
            workshops=wish.shops,
            windows=[_period(window, self.now) for window in windows],
            now=self.now,
            limit=SEARCHED,
            ignoring={*self._holds(), *filter(None, [wish.moving])},
        )
        if not windows:  # All that was named is over, and without windows the calendar offers what is next.
            found = slots.Found((), slots.WhyNot(slots.Reason.PAST), found.slots)
        jobs = tuple(job for job in self._sold_at([nearest]) if job.code in wish.services)
        if not found.slots:
            return self._nothing_free(wish, found, windows, places, jobs)
        offers = [views.offer_of(slot, places[slot.workshop]) for slot in found.slots]
        return SlotsFound(_few(offers, wish), jobs, _is_exact(windows, found.slots))

    def _nothing_free(
        self,
        wish: FindSlots,
        found: slots.Found,
        windows: Sequence[Window],
        places: dict[WorkshopId, Place],
        jobs: tuple[Job, ...],
    ) -> NothingFree:
        why = found.why_not or slots.WhyNot(slots.Reason.FULL)
        place = places.get(why.workshop or wish.shops[0], places[wish.shops[0]])
        wished = [_period(window, self.now) for window in windows]
        demand.note_refusal(self.session, self.user, place.id, wish.services, wished, str(why.reason), now=self.now)
        return NothingFree(
            reason=str(why.reason),
            shop=views.shop_of(place),
            jobs=jobs,
            day=why.day,
            detail=why.detail,
            hours=why.hours.times if why.hours else (),
            alternatives=spread([views.offer_of(slot, places[slot.workshop]) for slot in found.alternatives], SHOWN),
        )

    def _join(self, wish: JoinWaitlist) -> Done:
        for shop in wish.shops:
            zone = directory.workshop(self.session, shop).zone
            windows = windows_of(wish.when or When(), now=self.now.astimezone(zone))[:WINDOWS]
            wished = [_period(window, self.now) for window in windows]
            waitlist.join(self.session, self.user, shop, wish.services, wished, channel=self.channel, now=self.now)
        return Done()

    def _book(self, command: Book) -> DeskEvent:
        customers.learn(self.session, self.user, name=command.name, email=command.email)
        booked = appointments.confirm(
            self.session, command.hold, self.user, now=self.now, vehicle=self._car(command.vehicle)
        )
        waitlist.answered(self.session, self.user, booked.workshop, accepted=True)
        customers.prefer(self.session, self.user, booked.workshop)
        confirmations.post(self.session, booked, Happening.BOOKED, now=self.now)
        return Booked(views.booking_of(self.session, booked, now=self.now))

    def _car(self, told: Vehicle) -> VehicleId | None:
        if told == Vehicle():
            return None
        known = customers.customer(self.session, self.user).vehicles
        for car in known:
            if (car.plate, car.make, car.model, car.year) == (told.plate, told.make, told.model, told.year):
                return car.id
        return customers.add_vehicle(
            self.session, self.user, plate=told.plate, make=told.make, model=told.model, year=told.year
        )

    def _change_car(self, told: Vehicle) -> None:
        """Another car, or its plate, is about the next appointment."""
        coming = appointments.open_appointments(self.session, self.user, now=self.now)
        car = self._car(told)
        if car is not None and coming:
            appointments.change_vehicle(self.session, coming[0].id, self.user, car, now=self.now)

    def _look_up(self, wanted: LookUp) -> LookedUp:
        named = [directory.workshop(self.session, shop) for shop in wanted.shops]
        places = named or self._places(wanted.plz, wanted.city)[:SHOPS]
        sold = self._sold_at(places[:1]) if wanted.topic is Topic.PRICE else ()
        jobs = tuple(job for job in sold if job.code in wanted.services) or sold
        opens, until = self._person(places[:1]) if wanted.topic is Topic.PERSON else (None, None)
        return LookedUp(wanted.topic, tuple(map(views.shop_of, places)), jobs, opens, until)

    def _person(self, places: Sequence[Place]) -> tuple[datetime | None, datetime | None]:
        """When somebody will be there, None if now, and until when we leave the conversation to them."""
        for place in places:
            there = attendance.attended_from(self.session, place.id, now=self.now) or self.now
            opens = None if there == self.now else there.astimezone(place.zone)
            return opens, there + PATIENCE
        return None, self.now + PATIENCE

    def _places(self, plz: str | None, city: str | None) -> list[Place]:
        """The nearest workshops; where no place is named, any."""
        if plz:
            return directory.nearest_workshops(self.session, plz, limit=ASKED)
        if city:
            return directory.workshops_in(self.session, city) or self._named(city)
        return directory.all_workshops(self.session)

    def _selling(self, codes: Sequence[str], places: Sequence[Place]) -> Sequence[Place]:
        """Those that sell all of it; all of them if none does, so that the calendar can say so."""
        wanted = set(codes)
        return [place for place in places if wanted <= {job.code for job in self._sold_at([place])}] or places

    def _named(self, part: str) -> list[Place]:
        """The workshops whose name says where they are ("Ehrenfeld")."""
        places = directory.all_workshops(self.session)
        return [place for place in places if part.casefold() in place.name.casefold()]

    def _sold_at(self, places: Sequence[Place]) -> tuple[Job, ...]:
        return tuple(
            views.job_of(service) for place in places for service in services.services_of(self.session, place.id)
        )

    def _holds(self) -> list[AppointmentId]:
        """The customer's own hold must not hide its time from them."""
        return [hold.id for hold in self._open_holds()]

    def _open_holds(self) -> list[register.Appointment]:
        return register.fetch(
            self.session, AppointmentRow.user_id == self.user, AppointmentRow.status == AppointmentStatus.RESERVED
        )

    def _past(self) -> list[register.Appointment]:
        return register.fetch(
            self.session, AppointmentRow.user_id == self.user, AppointmentRow.status.not_in(_ONLY_HELD)
        )


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
