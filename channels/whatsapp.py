"""WhatsApp by Twilio: free text, buttons and lists for a day after we heard from somebody, templates afterwards."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from bot.messages import Address, InboundMessage, OutboundMessage, point
from channels.channel import (
    Absent,
    Accounts,
    Channel,
    Forged,
    News,
    Receipt,
    Refused,
    Thanks,
    WebhookCall,
)
from channels.contents import Contents, filled, shape_of, variables
from channels.sms import REQUIRED
from channels.twilio import STATUS_PATH, WHATSAPP, Line, open_line, thanks_for
from channels.window import WINDOW

log = logging.getLogger(__name__)

LONGEST = 1600


class WhatsApp(Channel):
    """`templates` are ContentSids of approved templates by kind of message."""

    name: ClassVar[str] = "whatsapp"
    doubt = timedelta(seconds=60)

    def __init__(self, line: Line, templates: Mapping[str, str]) -> None:
        super().__init__()
        self._line, self._templates = line, templates
        self._contents = Contents(line.resource("content", "v1", "Content"))
        self._typing = line.resource("messaging", "v3", "Indicators/Typing.json")

    def read(self, call: WebhookCall) -> list[News]:
        if call.path == STATUS_PATH:
            report = self._line.report(call)
            return [report] if report else []
        fields = self._line.form(call, REQUIRED)
        if fields["To"] != self._line.address:
            raise Forged
        sid, text = fields["MessageSid"], fields["Body"]
        sender = Address(self.name, _identity(fields))
        choice = fields.get("ButtonPayload") or fields.get("ListId") or None
        text, name = "" if choice else text, fields.get("ProfileName")
        place = point(fields.get("Latitude"), fields.get("Longitude"))
        return [InboundMessage(sid, sender, text, choice, name, handle=sid, place=place)]

    def thanks(self, call: WebhookCall) -> Thanks:
        return thanks_for(call)

    def acknowledge(self, message: InboundMessage) -> None:
        """Tick it blue and show that we are typing."""
        try:
            self._typing.create({"messageId": message.handle, "channel": "whatsapp"})
        except Exception as error:
            log.info("no typing indicator", extra={"error": type(error).__name__})

    def send(self, message: OutboundMessage) -> Receipt:
        to, reference = WHATSAPP + message.recipient.id, message.reference
        if message.as_template or message.heard_at is None or self.clock() - message.heard_at >= WINDOW:
            return self._send_template(to, message)
        shape = shape_of(message.text, message.choices)
        if shape and (sid := self._contents.sid(shape, len(message.choices))):
            content = {"ContentSid": sid, "ContentVariables": variables(message.text, message.choices)}
            sent = self._line.create(to, content, reference=reference)
            if not isinstance(sent, Refused) or sent.unreachable:
                return sent
        return self._line.create(to, {"Body": message.numbered[:LONGEST]}, reference=reference)

    def _send_template(self, to: str, message: OutboundMessage) -> Receipt:
        sid = self._templates.get(message.kind)
        if sid is None:
            return Refused("outside of the 24 hours WhatsApp allows, and no template for this")
        content = {"ContentSid": sid, "ContentVariables": filled(message.variables)}
        return self._line.create(to, content, reference=message.reference)

    def look_up(self, message: OutboundMessage, *, since: datetime, others: Collection[str]) -> Receipt | Absent:
        """By recipient and time alone: what buttons and templates look like in Twilio's list, Twilio decides."""
        return self._line.look_up(WHATSAPP + message.recipient.id, None, since=since, others=others)

    def missed(self, since: datetime) -> list[InboundMessage]:
        return [
            InboundMessage(one["sid"], Address(self.name, one["from"].removeprefix(WHATSAPP)), one["body"] or "")
            for one in self._line.received(since)
        ]

    def delete(self, provider_id: str) -> bool:
        return self._line.delete(provider_id)

    def close(self) -> None:
        self._line.close()


def open_channel(accounts: Accounts) -> WhatsApp | None:
    """Raises Misconfigured."""
    sender = accounts.twilio_whatsapp_from
    line = open_line(accounts, WHATSAPP + sender.removeprefix(WHATSAPP) if sender else None)
    return WhatsApp(line, accounts.twilio_templates) if line else None


def _identity(fields: Mapping[str, str]) -> str:
    """The phone number; who hides it is known by an id that is theirs towards us alone."""
    number = fields["From"].removeprefix(WHATSAPP)
    return number if number.startswith("+") else fields.get("ExternalUserId", number).removeprefix(WHATSAPP)
