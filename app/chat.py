"""A conversation in this process: the same turn as on every channel, with a clock one may set."""

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.clock import database_now
from app.database import in_transaction
from app.mailroom import tell_waiting
from booking_core import directory, register, reminders, services
from booking_core.register import Appointment
from booking_core.status import AppointmentStatus
from booking_core.tables import AppointmentRow, ChannelIdentityRow, VehicleRow
from booking_core.values import UserId, WorkshopId
from bot import holding, leases, memory, reminding, waiting
from bot.messages import Address, InboundMessage, OutboundMessage
from bot.turn import take_turn
from bot.understanding.meaning import Expecting


@dataclass
class Chat:
    """One customer's side of a conversation. Without `clock` it is as late as the database says."""

    sessions: Callable[[], Session]
    who: Address
    clock: datetime | None = None

    def say(self, *, text: str = "", choice: str | None = None) -> list[OutboundMessage]:
        """Say something and hear the answer."""
        message = InboundMessage(secrets.token_hex(8), self.who, text, choice)
        freed: Collection[WorkshopId] = ()

        def turn(session: Session, now: datetime) -> None:
            nonlocal freed
            self._pass_time(session, now)
            freed = take_turn(session, message, now=now)

        heard = self._deliver(turn)
        tell_waiting(self.sessions, freed, now=self._now)
        return heard

    def listen(self) -> list[OutboundMessage]:
        """Whatever has come in meanwhile."""

        def wait(session: Session, now: datetime) -> None:
            self._pass_time(session, now)
            waiting.offer_all(session, now=now)

        return self._deliver(wait)

    def _pass_time(self, session: Session, now: datetime) -> None:
        """Say what was due to this customer meanwhile, as it would have been said then."""
        user = session.scalar(self._user)
        if user is None:
            return
        for due in reminders.due(session, now=now, user=user):
            reminding.post(session, due, channels={self.who.channel}, now=due.due_at)
        open_holds = (AppointmentRow.user_id == user, AppointmentRow.status == AppointmentStatus.RESERVED)
        for hold in register.fetch(session, *open_holds):
            if hold.reserved_until and (moment := hold.reserved_until - holding.WARN_BEFORE) <= now:
                holding.warn(session, hold, now=moment)

    @property
    def _user(self) -> Select[UserId]:
        return select(ChannelIdentityRow.user_id).where(
            ChannelIdentityRow.channel == self.who.channel, ChannelIdentityRow.external_id == self.who.id
        )

    def _deliver(self, work: Callable[[Session, datetime], None]) -> list[OutboundMessage]:
        """Claimed before the commit, so that no courier takes what is shown here for a letter to a real phone."""

        def turn(session: Session) -> list[leases.Letter]:
            now = self._now(session)
            work(session, now)
            letters: list[leases.Letter] = []
            while claimed := leases.claim(session, now=now, recipient=self.who):
                for letter in claimed:
                    leases.mark_sent(session, letter, now=now)
                letters.extend(claimed)
            return letters

        return [letter.message for letter in in_transaction(self.sessions, turn)]

    @property
    def expects(self) -> str:
        """What the bot waits for."""
        with self.sessions() as session:
            expecting = memory.state_of(session, self.who).expecting
        return str(Expecting.CONFIRM if expecting is Expecting.VISIT else expecting)

    def appointments(self) -> list[dict[str, Any]]:
        """All that this customer ever had, without holds that came to nothing."""
        with self.sessions() as session:
            now = self._now(session)
            mine = register.fetch(session, AppointmentRow.user_id == self._user.scalar_subquery())
            return [_told(session, one) for one in mine if not _came_to_nothing(one, now)]

    def _now(self, session: Session) -> datetime:
        return self.clock or database_now(session)


def _came_to_nothing(appointment: Appointment, now: datetime) -> bool:
    if appointment.status is AppointmentStatus.RESERVED:
        return appointment.reserved_until is not None and appointment.reserved_until <= now
    return appointment.status is AppointmentStatus.EXPIRED


def _told(session: Session, appointment: Appointment) -> dict[str, Any]:
    place = directory.workshop(session, appointment.workshop)
    codes = [service.code for service in services.services(session, appointment.services)]
    plate = select(VehicleRow.license_plate).where(VehicleRow.id == appointment.vehicle)
    return {
        "id": appointment.id,
        "code": appointment.code,
        "status": str(appointment.status),
        "service": codes[0],
        "services": codes,
        "workshop": place.name,
        "start": appointment.start.astimezone(place.zone).isoformat(),
        "end": appointment.end.astimezone(place.zone).isoformat(),
        "plate": session.scalar(plate),
    }
