"""The customer's file at the desk: how far the car is, who is late, what is stored and what may be forgotten."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy.orm import Session

from booking_core import audit, customers, register
from booking_core.errors import StillBooked
from booking_core.personal import erasure, requests
from booking_core.personal.requests import Asked
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow
from booking_core.values import UserId
from bot import dossier, views
from bot.commands import EraseData, FindStatus, NoteLate, TellData
from bot.events import DataTold, DeskEvent, Erased, LateNoted, Refused, StatusFound

RECENT = timedelta(days=3)
"""A car that was finished longer ago has been fetched."""


@dataclass(frozen=True)
class Files:
    """`here` is the channel on which the customer asks."""

    session: Session
    user: UserId
    here: str
    now: datetime

    def answer(self, command: NoteLate | FindStatus | TellData | EraseData) -> DeskEvent:
        match command:
            case NoteLate():
                return self._late()
            case FindStatus():
                return self._status()
            case TellData():
                return self._tell()
            case EraseData():
                return self._erase()
            case _:
                assert_never(command)

    def _all(self) -> list[Appointment]:
        return register.fetch(self.session, AppointmentRow.user_id == self.user)

    def _late(self) -> LateNoted | StatusFound:
        """Only today's appointment can be missed by some minutes; of a later one we say when it is."""
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
        coming = self._status()
        return LateNoted() if coming.begun or coming.booking is None else coming

    def _status(self) -> StatusFound:
        """Of the car that is or was last in the workshop; else of the next appointment."""
        recent = [one for one in self._all() if one.status in erasure.WORKED_ON and one.end > self.now - RECENT]
        here = [one for one in recent if one.start <= self.now]
        for one in here[-1:] or recent[:1]:
            booking = views.booking_of(self.session, one, now=self.now)
            return StatusFound(booking, one.status, begun=bool(here))
        return StatusFound()

    def _tell(self) -> DataTold:
        """What they are, in a few words; all there is, of every table, behind a link that is good for a day."""
        known = customers.customer(self.session, self.user)
        visits = [one for one in self._all() if one.status in erasure.WORKED_ON]
        dossier.post(self.session, self.user, self.here, now=self.now)
        return DataTold(views.client_of(known), len(visits))

    def _erase(self) -> DeskEvent:
        """Open appointments need their customer; finished work stays on file as long as the law says."""
        actor = f"customer:{self.user}"
        try:
            return Erased(erasure.erase(self.session, self.user, actor=actor, now=self.now))
        except StillBooked as refusal:
            requests.note(self.session, self.user, Asked.ERASURE, actor=actor, now=self.now, answered=False)
            return Refused(refusal.code)
