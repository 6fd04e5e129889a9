"""The customer's appointments at the desk: found, cancelled, moved, added to, with another car."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from sqlalchemy.orm import Session

from booking_core import additions, appointments, directory, reasons, register, waitlist
from booking_core.register import Appointment
from booking_core.tables import AppointmentRow
from booking_core.values import UserId, WorkshopId
from bot import confirmations, views
from bot.commands import AddServices, CancelBooking, FindBookings, MoveBooking, NoteReason, PromiseVisit
from bot.events import BookingsFound, Cancelled, DeskEvent, Done, Extended, Moved, Promised
from bot.facts import Booking, Wait
from bot.messages import Happening
from bot.town import Town


@dataclass(frozen=True)
class Bookings:
    """Whatever changes is confirmed, and the time given up is for others: its workshop is noted in `freed`."""

    session: Session
    user: UserId
    now: datetime
    freed: set[WorkshopId]

    def answer(
        self, command: FindBookings | CancelBooking | NoteReason | MoveBooking | PromiseVisit | AddServices
    ) -> DeskEvent:
        session, user, now = self.session, self.user, self.now
        match command:
            case FindBookings():
                mine = appointments.open_appointments(session, user, now=now)
                return BookingsFound(tuple(views.booking_of(session, one, now=now) for one in mine), self._waits())
            case CancelBooking(booking):
                cancelled = appointments.cancel(session, booking, user, now=now)
                self.freed.add(cancelled.workshop)
                return Cancelled(self._confirmed(cancelled, Happening.CANCELLED))
            case NoteReason(booking, reason):
                reasons.note_reason(session, booking, user, reason, now=now)
                return Done()
            case MoveBooking(booking, slot):
                before = register.fetch(session, AppointmentRow.id == booking, AppointmentRow.user_id == user)
                moved = appointments.move(session, booking, slot, user, now=now)
                self.freed.update(one.workshop for one in before)
                return Moved(self._confirmed(moved, Happening.MOVED))
            case PromiseVisit(booking, start):
                promised = appointments.promise(session, booking, user, start=start, now=now)
                return Promised(views.booking_of(session, promised, now=now))
            case AddServices(booking, slot):
                grown = additions.add_services(session, booking, slot.services, user, now=now)
                return Extended(self._confirmed(grown, Happening.EXTENDED))
            case _:
                assert_never(command)

    def _waits(self) -> tuple[Wait, ...]:
        return tuple(self._wait(entry) for entry in waitlist.entries(self.session, self.user))

    def _wait(self, entry: waitlist.Entry) -> Wait:
        place = directory.workshop(self.session, entry.workshop)
        sold = Town(self.session, self.now).sold_at([place])
        return Wait(tuple(job for job in sold if job.code in entry.services), views.shop_of(place))

    def _confirmed(self, appointment: Appointment, happening: Happening) -> Booking:
        booking = views.booking_of(self.session, appointment, now=self.now)
        confirmations.post(self.session, appointment, happening, now=self.now, booking=booking)
        return booking
