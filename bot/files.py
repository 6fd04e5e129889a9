"""The customer's file at the desk: how far the car is, who is late, what is stored and what may be forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy.orm import Session

from booking_core import audit, customers, register
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow
from booking_core.values import UserId
from bot import views
from bot.commands import EraseData, FindStatus, NoteLate, TellData
from bot.events import DataTold, DeskEvent, Erased, LateNoted, Refused, StatusFound

KEPT_YEARS = 8
"""Booking documents, § 147 AO and § 257 HGB in their version of 2025: to the end of the eighth year after."""

RECENT = timedelta(days=3)
"""A car that was finished longer ago has been fetched."""

_WORKED_ON = (AppointmentStatus.CONFIRMED, AppointmentStatus.IN_PROGRESS, AppointmentStatus.COMPLETED)


@dataclass(frozen=True)
class Files:
    session: Session
    user: UserId
    now: datetime

    def answer(self, command: NoteLate | FindStatus | TellData | EraseData) -> DeskEvent:
        match command:
            case NoteLate():
                return self._late()
            case FindStatus():
                return self._status()
            case TellData():
                known = customers.customer(self.session, self.user)
                visits = [one for one in self._all() if one.status in _WORKED_ON]
                return DataTold(views.client_of(known, visits), len(visits))
            case EraseData():
                return self._erase()
            case _:
                assert_never(command)

    def _all(self) -> list[Appointment]:
        return register.fetch(self.session, AppointmentRow.user_id == self.user)

    def _late(self) -> LateNoted:
        """Only today's appointment can be missed by some minutes."""
        for one in self._all():
            today = abs(one.start - self.now) < timedelta(hours=12)
            if one.status is AppointmentStatus.CONFIRMED and today and one.end > self.now:
                audit.record(
                    self.session,
                    f"customer:{self.user}",
                    "late",
                    ("customer", self.user),
                    now=self.now,
                    before=None,
                    after={"appointment": one.id},
                )
                return LateNoted(views.booking_of(self.session, one, now=self.now))
        return LateNoted()

    def _status(self) -> StatusFound:
        """Of the car that is or was last in the workshop; else of the next appointment."""
        recent = [one for one in self._all() if one.status in _WORKED_ON and one.end > self.now - RECENT]
        here = [one for one in recent if one.start <= self.now]
        for one in here[-1:] or recent[:1]:
            booking = views.booking_of(self.session, one, now=self.now)
            return StatusFound(booking, one.status, begun=bool(here))
        return StatusFound()

    def _erase(self) -> DeskEvent:
        """Open appointments need their customer; finished work stays on file as long as the law says."""
        mine = self._all()
        if any(one.status is AppointmentStatus.CONFIRMED and one.end > self.now for one in mine):
            return Refused("still_booked")
        done = [one.end.year for one in mine if one.status in _WORKED_ON]
        customers.forget(self.session, self.user)
        return Erased(max(done) + KEPT_YEARS if done else None)
