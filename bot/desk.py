"""The one place where the dialog meets the calendar: commands in, core calls, events out."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from sqlalchemy.orm import Session

from booking_core import appointments, audit, customers, reservations, services, waitlist
from booking_core.errors import BookingError
from booking_core.values import AppointmentId, Slot, UserId, VehicleId, WorkshopId
from bot import confirmations, views
from bot.bookings import Bookings
from bot.calendar import Calendar
from bot.claiming import Claiming
from bot.commands import (
    AddServices,
    Book,
    CancelBooking,
    ClaimBooking,
    Command,
    EraseData,
    FindBookings,
    FindShops,
    FindSlots,
    FindStatus,
    FindUsualShop,
    HoldSlot,
    JoinWaitlist,
    LeaveWaitlist,
    ListServices,
    LookUp,
    MoveBooking,
    NoteLate,
    NoteReason,
    NoteStay,
    PromiseVisit,
    ProveCode,
    ReleaseHolds,
    Remember,
    TellData,
    Topic,
)
from bot.events import Booked, DeskEvent, Done, ListLeft, Refused, SlotHeld
from bot.files import Files
from bot.messages import Happening
from bot.town import Town
from bot.understanding.meaning import Stay, Vehicle

_LOOKING = (ListServices, FindShops, FindUsualShop, LookUp, FindSlots, FindBookings, FindStatus)


ASKED_OF_ONE = frozenset({Topic.MEANING, Topic.DURATION, Topic.BRING, Topic.SHOP, Topic.PERSON, Topic.DANGER})


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
            if isinstance(command, _LOOKING):  # What leaves nothing behind needs no way back.
                return self._serve(command)
            with self.session.begin_nested():
                return self._serve(command)
        except BookingError as error:
            return Refused(error.code)

    def _serve(self, command: Command) -> DeskEvent:
        match command:
            case ListServices():
                return self._town.services()
            case FindShops():
                return self._town.shops(command)
            case FindUsualShop():
                return self._town.usual_shop(self.user)
            case LookUp():
                return self._town.look_up(self._at_their_workshop(command))
            case FindSlots():
                return self._calendar.find(command)
            case JoinWaitlist():
                return self._calendar.join(command, channel=self.channel)
            case HoldSlot(slot):
                return self._hold(slot)
            case ReleaseHolds():
                return self._release()
            case Book():
                return self._book(command)
            case ClaimBooking() | ProveCode():
                return Claiming(self.session, self.user, self.now).answer(command)
            case LeaveWaitlist():
                return ListLeft(waitlist.leave(self.session, self.user) > 0)
            case NoteStay(booking, stay):
                return self._note_stay(booking, stay)
            case FindBookings() | CancelBooking() | NoteReason() | MoveBooking() | PromiseVisit() | AddServices():
                return Bookings(self.session, self.user, self.now, self.freed).answer(command)
            case Remember(name, email, vehicle):
                customers.learn(self.session, self.user, name=name, email=email)
                self._change_car(vehicle)
                return Done()
            case NoteLate() | FindStatus() | TellData() | EraseData():
                return Files(self.session, self.user, self.channel, self.now).answer(command)
            case _:
                assert_never(command)

    def _at_their_workshop(self, wanted: LookUp) -> LookUp:
        """What is asked without naming work or a workshop is about the next appointment, or asked of the usual one."""
        if wanted.shops or wanted.plz or wanted.city:
            return wanted
        coming = () if wanted.services else appointments.open_appointments(self.session, self.user, now=self.now)
        if coming:
            work = tuple(service.code for service in services.services(self.session, coming[0].services))
            return replace(wanted, shops=(coming[0].workshop,), services=work)
        usual = customers.preferred_workshop(self.session, self.user) if wanted.topic in ASKED_OF_ONE else None
        return wanted if usual is None else replace(wanted, shops=(usual,))

    @property
    def _town(self) -> Town:
        return Town(self.session, self.now)

    @property
    def _calendar(self) -> Calendar:
        return Calendar(self.session, self.user, self.now)

    def _hold(self, slot: Slot) -> DeskEvent:
        hold = reservations.hold_slot(self.session, slot, self.user, channel=self.channel, now=self.now)
        return SlotHeld(views.held_of(self.session, hold, now=self.now), self._calendar.client())

    def _note_stay(self, booking: AppointmentId, stay: Stay) -> Done:
        who, what = f"customer:{self.user}", ("appointment", booking)
        audit.record(self.session, who, stay, what, now=self.now, before=None, after={"stay": stay})
        return Done()

    def _release(self) -> DeskEvent:
        for hold in self._calendar.holds():
            reservations.release(self.session, hold.id, self.user, now=self.now)
            waitlist.answered(self.session, self.user, hold.workshop, accepted=False)
            self.freed.add(hold.workshop)
        return Done()

    def _book(self, command: Book) -> DeskEvent:
        customers.learn(self.session, self.user, name=command.name, email=command.email)
        booked = appointments.confirm(
            self.session, command.hold, self.user, now=self.now, vehicle=self._car(command.vehicle)
        )
        waitlist.answered(self.session, self.user, booked.workshop, accepted=True)
        customers.prefer(self.session, self.user, booked.workshop)
        if command.stay:
            self._note_stay(booked.id, command.stay)
        booking = views.booking_of(self.session, booked, now=self.now)
        confirmations.post(self.session, booked, Happening.BOOKED, now=self.now, booking=booking)
        return Booked(booking)

    def _car(self, told: Vehicle) -> VehicleId | None:
        if told == Vehicle():
            return None
        known = customers.customer(self.session, self.user).vehicles
        for car in known:
            if (car.plate, car.make, car.model, car.year) == (told.plate, told.make, told.model, told.year):
                return car.id
        return customers.add_vehicle(
            self.session,
            self.user,
            plate=told.plate,
            make=told.make,
            model=told.model,
            year=told.year,
            now=self.now,
        )

    def _change_car(self, told: Vehicle) -> None:
        """Another car, or its plate, is about the next appointment."""
        coming = appointments.open_appointments(self.session, self.user, now=self.now)
        car = self._car(told)
        if car is not None and coming:
            appointments.change_vehicle(self.session, coming[0].id, self.user, car, now=self.now)
