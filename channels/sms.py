"""SMS by Twilio: choices are numbered, and every letter counts."""

import re
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import ClassVar

import phonenumbers
from phonenumbers import PhoneNumberType

from bot.allowance import Allowance
from bot.messages import Address, InboundMessage, OutboundMessage
from bot.text import plain, segments
from channels.channel import (
    Absent,
    Accounts,
    Channel,
    Consent,
    Forged,
    Misconfigured,
    News,
    Receipt,
    Refused,
    Thanks,
    WebhookCall,
)
from channels.twilio import STATUS_PATH, Line, open_line, thanks_for

SEGMENTS = 2
"""More than that nobody reads, and each is paid for."""

VALID = 3600
"""Seconds after which a text that was not delivered is not worth delivering."""

STOP = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
REQUIRED = frozenset({"AccountSid", "MessageSid", "From", "To", "Body"})

DEAR = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.PERSONAL_NUMBER})

_CUT = "..."


class Sms(Channel):
    """`countries` are those we write to, by their two letters."""

    name: ClassVar[str] = "sms"
    doubt = timedelta(seconds=60)

    def __init__(self, line: Line, countries: Iterable[str], allowance: Allowance) -> None:
        super().__init__()
        self._line, self._countries, self.allowance = line, frozenset(countries), allowance

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
        country = country_of(to)
        if country not in self._countries:
            return Refused("we send no texts to this country or kind of number", unreachable=country is None)
        return self._line.create(to, {"Body": body, "ValidityPeriod": VALID}, reference=message.reference)

    def look_up(self, message: OutboundMessage, *, since: datetime, others: Collection[str]) -> Receipt | Absent:
        return self._line.look_up(message.recipient.id, worded(message), since=since, others=others)

    def missed(self, since: datetime) -> list[InboundMessage]:
        """Without the words for stop: what Twilio did about them stands, and it tells us with the next text."""
        found = [
            InboundMessage(one["sid"], Address(self.name, one["from"]), one["body"] or "")
            for one in self._line.received(since)
        ]
        return [message for message in found if message in heard(message)]

    def delete(self, provider_id: str) -> bool:
        return self._line.delete(provider_id)

    def close(self) -> None:
        self._line.close()


def open_channel(accounts: Accounts) -> Sms | None:
    """Raises Misconfigured."""
    line = open_line(accounts, accounts.twilio_sms_from)
    countries = re.findall(r"\w+", accounts.sms_countries.upper())
    if unknown := set(countries) - phonenumbers.SUPPORTED_REGIONS:
        raise Misconfigured(f"SMS_COUNTRIES: there is no {' or '.join(sorted(unknown))}.")
    return Sms(line, countries, Allowance(accounts.sms_per_person, accounts.sms_per_day)) if line else None


def country_of(number: str) -> str | None:
    """The country that a number belongs to; None for those that cost whoever sends to them more than others do."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.number_type(parsed) in DEAR:
        return None
    return phonenumbers.region_code_for_number(parsed) or _only_country_of(parsed.country_code)


def _only_country_of(code: int | None) -> str | None:
    """A number of no known range has a country if nobody else shares its country code."""
    countries = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(code or 0, ())
    return countries[0] if len(countries) == 1 else None


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
