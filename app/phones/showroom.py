"""All there is to the demo beside the bot itself: the phones on the table, who else comes, and the clock."""

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, and_, exists, func, select, text, tuple_
from sqlalchemy.orm import Session

from app import rounds
from app.access import accounts, sessions
from app.access.caller import Role
from app.access.passwords import hashed, new_password
from app.clock import database_now, real_now
from app.database import in_transaction, session_factory
from app.demo import seed_demo
from app.phones import bustle, clock, why
from app.phones.handsets import Handset, SmsPhone, TelegramPhone, WhatsAppPhone
from app.phones.stand_ins import StandIns
from app.phones.why import Question
from booking_core.tables import AppointmentRow, Base, ChannelIdentityRow, InboxRow
from booking_core.values import UserId
from bot.messages import Address
from channels.channel import Channel

log = logging.getLogger(__name__)

FEW = 20
"""Fewer appointments than that to come, and a calendar looks empty."""

OWNER, OWNER_EMAIL = "Anna Kern", "anna@example.de"


@dataclass
class Showroom:
    """The phones on the table. Whatever a leap of the clock makes due it sees to itself, for nobody likes to wait."""

    engine: Engine
    providers: StandIns
    channels: Mapping[str, Channel]
    lively: bool = True
    shift: timedelta = timedelta()
    phones: dict[str, Handset] = field(init=False)
    questions: dict[str, Question] = field(default_factory=dict)
    last_used: str = "telegram"
    owner: int = field(init=False)

    def __post_init__(self) -> None:
        """The clock first: the phones, the providers and the channels go by it."""
        self.sessions = session_factory(self.engine)
        self._round = 0
        self._customers: threading.Thread | None = None
        self._set_shift(in_transaction(self.sessions, database_now))
        for provider in (self.providers.telegram, self.providers.twilio):
            provider.clock = self.now
        for channel in self.channels.values():
            channel.clock = self.now
        self.phones = {
            phone.channel: phone
            for phone in (
                TelegramPhone(self.providers.telegram, self.now, self._knows),
                SmsPhone(self.providers.twilio, self.now, self._knows),
                WhatsAppPhone(self.providers.twilio, self.now, self._knows),
            )
        }

    def now(self) -> datetime:
        return datetime.now(UTC) + self.shift

    def write(self, channel: str, words: str) -> None:
        self._note(channel, words)
        self.phones[channel].write(words)

    def tap(self, channel: str, bubble: str, place: int) -> None:
        label = next((one.buttons[place] for one in self.phones[channel].screen if one.id == bubble), "")
        self._note(channel, label)
        self.phones[channel].tap(bubble, place)

    def renew(self, channel: str) -> None:
        self.questions.pop(channel, None)
        self.phones[channel].renew()

    def customers(self, session: Session) -> Sequence[UserId]:
        """Whose phones these are, as far as they have written."""
        addresses = [(phone.channel, phone.number) for phone in self.phones.values()]
        identity = tuple_(ChannelIdentityRow.channel, ChannelIdentityRow.external_id)
        return session.scalars(select(ChannelIdentityRow.user_id).where(identity.in_(addresses))).all()

    def leap(self, leap: clock.Leap) -> None:
        """Set the clock of everybody on this database ahead."""

        def work(session: Session) -> datetime:
            return clock.leap_ahead(session, leap, self.customers(session))

        self._set_shift(in_transaction(self.sessions, work))
        for duty in (rounds.expire_holds, rounds.offer_freed_times, rounds.warn_holders, rounds.post_reminders):
            duty(self.sessions, self.channels)

    def open(self) -> None:
        """Open the workshops unless they are, and let in some customers; returns before the last of them has come."""
        self._furnish(anew=False)

    def close(self) -> None:
        """No more customers: whoever is just booking is the last."""
        self._round += 1
        if self._customers:
            self._customers.join()

    def reset(self) -> None:
        """Begin anew, as if nobody had ever been here: not a row stays, and not a message on any phone."""
        self.close()
        # Before the tables: what a provider still holds would be fetched again as a message that we missed.
        self.providers.forget()
        self._furnish(anew=True)
        self.shift = timedelta()
        for channel in self.phones:
            self.renew(channel)

    def sign_in(self) -> str:
        """The cookie of a session of whoever owns the demo's workshops."""
        return in_transaction(self.sessions, lambda s: sessions.begin(s, self.owner, now=real_now(s)))

    def _furnish(self, *, anew: bool) -> None:
        """In one transaction, so that no page ever asks for a workshop that is not there yet."""

        def work(session: Session) -> tuple[bool, bool]:
            if anew:
                _empty(session)
            self.owner = _owner(session)
            return seed_demo(session), _is_quiet(session)

        fresh, quiet = in_transaction(self.sessions, work)
        self._recall()
        if quiet and self.lively:
            self._round += 1
            args = (self._round, fresh)
            self._customers = threading.Thread(target=self._fill, args=args, name="customers", daemon=True)
            self._customers.start()

    def _recall(self) -> None:
        """Tell the providers whom the workshops know and when each last wrote, for they were not there."""
        who = (ChannelIdentityRow.channel, ChannelIdentityRow.external_id)
        wrote = and_(InboxRow.channel == who[0], InboxRow.sender == who[1])
        last = func.coalesce(func.max(InboxRow.received_at), func.max(ChannelIdentityRow.created_at))
        known = select(*who, last).outerjoin(InboxRow, wrote).group_by(*who)
        for channel, sender, heard_at in in_transaction(self.sessions, lambda session: session.execute(known).all()):
            self.providers.recall(Address(channel, sender), heard_at)

    def _fill(self, round: int, talks: bool) -> None:
        now = in_transaction(self.sessions, database_now)
        try:
            if talks:
                bustle.talk(self.sessions, now=now, stopped=lambda: self._round != round)
            bustle.fill_with_life(self.sessions, now=now, stopped=lambda: self._round != round)
            self._recall()
        except Exception as error:  # Nobody waits for this thread, so nobody else would say it.
            if self._round == round:
                log.error("no more customers come", extra={"error": type(error).__name__})

    def _note(self, channel: str, words: str) -> None:
        self.last_used = channel
        phone = self.phones[channel]
        self.questions[channel] = in_transaction(
            self.sessions, lambda session: why.ask(session, phone.address, words, now=self.now().astimezone(clock.ZONE))
        )

    def _set_shift(self, now: datetime) -> None:
        self.shift = now - datetime.now(UTC)

    def _knows(self, address: Address) -> bool:
        known = select(ChannelIdentityRow.id).where(
            ChannelIdentityRow.channel == address.channel, ChannelIdentityRow.external_id == address.id
        )
        return bool(in_transaction(self.sessions, lambda session: session.scalar(select(exists(known)))))


def _owner(session: Session) -> int:
    """The account of the demo's owner; nobody knows its password, since the demo opens the door itself."""
    known = accounts.list_accounts(session, None)
    if known:
        return known[0].id
    owner = accounts.create(
        session,
        name=OWNER,
        email=OWNER_EMAIL,
        role=Role.OWNER,
        workshop=None,
        password_hash=hashed(new_password()),
        actor="system",
        now=database_now(session),
    )
    return owner.id


def _is_quiet(session: Session) -> bool:
    """Whether hardly anybody is to come: the demo is new, was ended too soon, or has not been looked at for a while."""
    coming = select(func.count()).where(AppointmentRow.start_time > database_now(session))
    return (session.scalar(coming.select_from(AppointmentRow)) or 0) < FEW


def _empty(session: Session) -> None:
    """The audit log lets nobody change it, not even for this, so its triggers rest meanwhile."""
    session.execute(text("set local session_replication_role = replica"))
    names = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    session.execute(text(f"truncate {names} restart identity cascade"))
    session.execute(text("set local session_replication_role = origin"))
