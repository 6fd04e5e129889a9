"""A booking made on another channel, at the desk: proved, and from then on one customer's on both."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core import appointments, claims, customers, joining, links
from booking_core.errors import UnknownAppointment
from booking_core.tables import ChannelIdentityRow
from booking_core.values import UserId
from bot import consents, outbox, phrases, views
from bot.commands import ClaimBooking, ProveCode
from bot.events import CodeSent, DeskEvent, Joined, Refused
from bot.messages import Address, OutboundMessage
from bot.step import say

KIND = "proof"
NOTHING = Refused(UnknownAppointment.code)
"""The one answer to wrong, missing and too often. It is not raised: an error would take back the count of tries."""

_CHATS = ("telegram", "whatsapp", "sms", "relay")


@dataclass(frozen=True)
class Claiming:
    session: Session
    user: UserId
    now: datetime

    def answer(self, command: ClaimBooking | ProveCode) -> DeskEvent:
        match command:
            case ClaimBooking(code, told):
                return self._claim(code, told)
            case ProveCode(digits):
                allowed = claims.may_try(self.session, self.user, now=self.now)
                proved = allowed and links.redeem_code(self.session, digits, self.user, now=self.now)
                return self._joined() if proved else NOTHING
            case _:
                assert_never(command)

    def _claim(self, code: str, told: Sequence[str]) -> DeskEvent:
        found = claims.find(self.session, code, told, self.user, now=self.now)
        if found is None:
            return NOTHING
        if found.user != self.user:
            if there := self._address_of(found.user):
                return self._send_code(found.user, there)
            joining.join(self.session, self.user, found.user, proof="booking", now=self.now)
        return self._joined()

    def _joined(self) -> Joined:
        mine = appointments.open_appointments(self.session, self.user, now=self.now)
        return Joined(tuple(views.booking_of(self.session, one, now=self.now) for one in mine))

    def _send_code(self, owner: UserId, there: Address) -> CodeSent:
        digits = links.issue_code(self.session, owner, self.user, now=self.now)
        language = customers.customer(self.session, owner).language
        language = phrases.spoken(language)
        words, subject = (
            phrases.word(one, language, there.channel)
            for one in (say("proof_code", code=digits), say("proof_code_subject"))
        )
        letter = OutboundMessage(there, words, kind=KIND, subject=subject)
        outbox.post(self.session, letter, key=f"{KIND}:{self.user}:{self.now.isoformat()}", now=self.now)
        return CodeSent(there.channel)

    def _address_of(self, owner: UserId) -> Address | None:
        """Where the owner wrote from last, if we may write there; else their e-mail; None if there is neither."""
        written = self.session.execute(
            select(ChannelIdentityRow.channel, ChannelIdentityRow.external_id)
            .where(
                ChannelIdentityRow.user_id == owner,
                ChannelIdentityRow.channel.in_(_CHATS),
                ChannelIdentityRow.verified_at.is_not(None),
            )
            .order_by(ChannelIdentityRow.id.desc())
        )
        email = customers.customer(self.session, owner).email
        places = [Address(row.channel, row.external_id) for row in written] + (
            [Address("email", email)] if email else []
        )
        return next((place for place in places if not consents.withdrawn(self.session, place)), None)
