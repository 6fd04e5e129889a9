"""SMS by Twilio: choices are numbered, and every letter counts."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import ClassVar

from bot.messages import Address, InboundMessage, OutboundMessage
from bot.text import plain, segments
from channels.channel import Absent, Accounts, Channel, Consent, Forged, News, Receipt, Thanks, WebhookCall
from channels.twilio import STATUS_PATH, Line, open_line, thanks_for

SEGMENTS = 2
"""More than that nobody reads, and each is paid for."""

VALID = 3600
"""Seconds after which a text that was not delivered is not worth delivering."""

STOP = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
REQUIRED = frozenset({"AccountSid", "MessageSid", "From", "To", "Body"})

_CUT = "..."


class Sms(Channel):
    name: ClassVar[str] = "sms"
    doubt = timedelta(seconds=60)

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def read(self, call: WebhookCall) -> list[News]:
        if call.path == STATUS_PATH:
            report = self._line.report(call)
            return [report] if report else []
        fields = self._line.form(call, REQUIRED)
        if fields["To"] != self._line.address:
            raise Forged
        sender = Address(self.name, fields["From"])
        message = InboundMessage(fields["MessageSid"], sender, fields["Body"])
        if kind := fields.get("OptOutType"):  # Twilio has answered already.
            return [] if kind == "HELP" else [Consent(sender, kind == "START", message.text)]
        return heard(message)

    def thanks(self, call: WebhookCall) -> Thanks:
        return thanks_for(call)

    def send(self, message: OutboundMessage) -> Receipt:
        to, body = message.recipient.id, worded(message)
        return self._line.create(to, reference=message.reference, body=body, validity_period=VALID)

    def look_up(self, message: OutboundMessage, *, since: datetime, others: Collection[str]) -> Receipt | Absent:
        return self._line.look_up(message.recipient.id, worded(message), since=since, others=others)

    def missed(self, since: datetime) -> list[InboundMessage]:
        """Without the words for stop: what Twilio did about them stands, and it tells us with the next text."""
        found = [
            InboundMessage(str(one.sid), Address(self.name, str(one.from_)), one.body or "")
            for one in self._line.received(since)
        ]
        return [message for message in found if message in heard(message)]

    def close(self) -> None:
        self._line.close()


def open_channel(accounts: Accounts) -> Sms | None:
    """Raises Misconfigured."""
    line = open_line(accounts, accounts.twilio_sms_from)
    return Sms(line) if line else None


def heard(message: InboundMessage) -> list[News]:
    """The message; or, if it is one of the carriers' words for stop, what it says: Twilio answers that itself."""
    word = re.sub(r"[^a-z]", "", message.text.lower())
    return [Consent(message.sender, False, message.text)] if word in STOP else [message]


def worded(message: OutboundMessage) -> str:
    """The message in plain letters and few segments; rather its beginning is cut than a choice."""
    text = plain(message.text)
    choices = plain("\n".join(f"{number}) {choice.label}" for number, choice in enumerate(message.choices, 1)))
    tail = f"\n{choices}" if choices else ""
    if segments(text + tail) <= SEGMENTS:
        return text + tail
    while text and segments(text + _CUT + tail) > SEGMENTS:
        text = text[:-1]
    return text.rstrip() + _CUT + tail
