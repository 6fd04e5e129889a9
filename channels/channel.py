"""What a channel is: it reads what a provider calls us with, and sends what we say."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Protocol

from bot.allowance import Allowance
from bot.messages import Address, InboundMessage, OutboundMessage
from channels.breaker import Breaker

Menus = Mapping[str, Sequence[tuple[str, str]]]
"""By language: commands and what they are for; who speaks none of the languages sees the last one."""


@dataclass(frozen=True)
class WebhookCall:
    """A provider's POST, byte by byte as it came. `path` begins with a slash, `query` has no question mark."""

    path: str
    body: bytes
    headers: Sequence[tuple[str, str]] = ()
    query: str = ""

    def header(self, name: str) -> str:
        """The header's value; nothing if it is missing or ambiguous."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return values[0] if len(values) == 1 else ""


class Forged(Exception):
    """The call does not prove that it comes from the provider."""


class Misconfigured(Exception):
    """A setting that the channel cannot work without is missing or wrong."""


@dataclass(frozen=True)
class Sent:
    """The provider has it, under this id if it gives one."""

    provider_id: str | None = None


@dataclass(frozen=True)
class Refused:
    """The provider will never take it; `unreachable` says that it takes nothing for this person any more.

    `formal` says that it would take it as an approved template.
    """

    reason: str
    unreachable: bool = False
    formal: bool = False


@dataclass(frozen=True)
class Later:
    """It was certainly not sent; try again after this time. `down` says that nothing else can be sent either."""

    after: timedelta
    reason: str = "the provider is busy"
    down: bool = False


@dataclass(frozen=True)
class Unknown:
    """It may or may not have been sent."""

    reason: str


@dataclass(frozen=True)
class Absent:
    """The provider certainly does not have it."""


Receipt = Sent | Refused | Later | Unknown


@dataclass(frozen=True)
class Consent:
    """Somebody allowed us to write to them here, or forbade it, in these words."""

    sender: Address
    granted: bool
    wording: str


@dataclass(frozen=True)
class Report:
    """What became of a message: a status of `bot.ranks.RANKS`, and what to do about it if it failed."""

    channel: str
    provider_id: str
    status: str
    reference: str = ""
    failure: Refused | Later | None = None


News = InboundMessage | Consent | Report


@dataclass(frozen=True)
class Thanks:
    """What the provider wants to hear when its call is stored."""

    status: int = 200
    body: str = ""
    media_type: str = "text/plain"


class Channel(ABC):
    """A way to reach customers. `read` and `send` are all that one must have."""

    name: ClassVar[str]
    allowance: Allowance | None = None
    """None where messages cost nothing."""

    public_url: str = ""
    """Without a slash at its end; links are left out where it is not known."""

    doubt: timedelta = timedelta(seconds=5)
    """How long to wait before asking what became of a message."""

    def __init__(self) -> None:
        self.breaker = Breaker()
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def rest(self) -> timedelta:
        """How long to leave the provider alone; nothing where it may be called."""
        return self.breaker.rest

    def read(self, call: WebhookCall) -> list[News]:
        """What is new; raises Forged unless the provider's signature is right."""
        raise Forged

    def thanks(self, call: WebhookCall) -> Thanks:
        """The answer to a call that was read and stored."""
        return Thanks()

    def acknowledge(self, message: InboundMessage) -> None:
        """Show the customer that we have seen it, where that is possible; never raises for it."""
        return

    def linked(self, message: OutboundMessage) -> OutboundMessage:
        """The message with its link as a line of text, where there is no better way to show one."""
        if message.link is None:
            return message
        line = f"\n{message.link.label}: {self.public_url}{message.link.path}" if self.public_url else ""
        return replace(message, text=message.text + line, link=None)

    @abstractmethod
    def send(self, message: OutboundMessage) -> Receipt:
        """Hand one message to the provider. Every way it can go is a receipt, none an exception."""

    def show_menus(self, menus: Menus) -> None:
        """Show what can be asked for, where there is a place for that. Raises whatever keeps the provider from it."""
        return

    def look_up(self, message: OutboundMessage, *, since: datetime, others: Collection[str]) -> Receipt | Absent:
        """What became of a message in doubt, written at `since`; `others` are the ids of other messages.

        Unknown where the provider cannot tell, Later where it can tell only later.
        """
        return Unknown("the provider keeps no list")

    def missed(self, since: datetime) -> list[InboundMessage]:
        """What customers wrote since then, whether or not we were called; empty where the provider keeps no list."""
        return []

    def delete(self, provider_id: str) -> bool:
        """Have the provider delete a message it keeps; whether nothing is left to be done about it."""
        return True

    def close(self) -> None:
        """Let go of the provider."""
        return


class Accounts(Protocol):
    """What the settings tell of our accounts with the providers; None means that a channel is not used."""

    public_url: str | None
    redis_url: str | None
    agreements: str | None
    telegram_token: str | None
    telegram_api_url: str
    telegram_webhook_secret: str | None
    twilio_account_sid: str | None
    twilio_auth_token: str | None
    twilio_api_url: str | None
    twilio_sms_from: str | None
    twilio_whatsapp_from: str | None
    twilio_templates: dict[str, str]
    sms_countries: str
    sms_per_person: int
    sms_per_day: int
    relay_url: str | None
    relay_secret: str | None
    smtp_url: str | None
    mail_from: str | None
