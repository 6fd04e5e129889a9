"""A workshop that is served, providers that call it, and customers on each channel."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.providers.mail import Mailbox
from app.providers.relay import Relay
from app.providers.telegram import Telegram
from app.providers.twilio import Twilio
from app.web import create_app
from tests.app.eventually import eventually
from tests.app.serving import open_port, serving
from tests.booking_core.builders import a_garage
from tests.channels.accounts import RELAY_SECRET, our_channels

EVERY_DAY = {day: [["08:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}


@dataclass(frozen=True)
class Town:
    """All there is around one workshop."""

    url: str
    engine: Engine
    telegram: Telegram
    twilio: Twilio
    mailbox: Mailbox
    relay: Relay


@contextmanager
def a_town(engine: Engine, *, lifts: int = 1, doubt: timedelta = timedelta(seconds=1)) -> Iterator[Town]:
    """Letters in doubt are looked up sooner than in the real world."""
    with Session(engine) as session, session.begin():
        a_garage(session, lifts=lifts, opening_hours=EVERY_DAY, cancel_cutoff=0, state="BE")
    with ExitStack() as stack:
        listening, url = stack.enter_context(open_port())
        telegram = stack.enter_context(Telegram(webhook=f"{url}/webhooks/telegram").running())
        twilio = stack.enter_context(Twilio(public_url=url).running())
        mailbox = stack.enter_context(Mailbox().running())
        relay = stack.enter_context(Relay(RELAY_SECRET, webhook=f"{url}/webhooks/relay").running())
        channels = stack.enter_context(
            our_channels(telegram=telegram.url, twilio=twilio.url, mail=mailbox.url, relay=relay.url, public_url=url)
        )
        for channel in channels.values():
            channel.doubt = doubt
        stack.enter_context(serving(create_app(engine, channels), listening))
        yield Town(url, engine, telegram, twilio, mailbox, relay)


class Customer(Protocol):
    """Somebody with a phone. `heard` are the workshop's words, `choices` what can be tapped or numbered now."""

    def write(self, text: str) -> int: ...

    def choose(self, label: str, nth: int = 0) -> int: ...

    @property
    def heard(self) -> list[str]: ...


@dataclass(frozen=True)
class OnTelegram:
    town: Town
    chat: str = "77"

    def write(self, text: str) -> int:
        return self.town.telegram.write(self.chat, text)

    def choose(self, label: str, nth: int = 0) -> int:
        return self.town.telegram.press(self.chat, label, nth)

    @property
    def heard(self) -> list[str]:
        return [one.text for one in self.town.telegram.chats.get(self.chat, [])]


@dataclass(frozen=True)
class OnSms:
    town: Town
    number: str = "+4915112345678"

    def write(self, text: str) -> int:
        return self.town.twilio.write(self.number, text)

    def choose(self, label: str, nth: int = 0) -> int:
        line = [line for line in self.heard[-1].splitlines() if re.match(r"\d+\) ", line) and label in line][nth]
        return self.write(line.partition(")")[0])

    @property
    def heard(self) -> list[str]:
        return [one.body for one in self.town.twilio.letters(self.number)]


@dataclass(frozen=True)
class OnWhatsApp:
    town: Town
    number: str = "whatsapp:+4915112345678"

    def write(self, text: str) -> int:
        return self.town.twilio.write(self.number, text)

    def choose(self, label: str, nth: int = 0) -> int:
        return self.town.twilio.press(self.number, label, nth)

    @property
    def heard(self) -> list[str]:
        return [one.body for one in self.town.twilio.letters(self.number)]


@dataclass(frozen=True)
class OnAWebsite:
    town: Town
    name: str = "anna-17"

    def write(self, text: str) -> int:
        return self.town.relay.write(self.name, text)

    def choose(self, label: str, nth: int = 0) -> int:
        return self.town.relay.press(self.name, label, nth)

    @property
    def heard(self) -> list[str]:
        return [one["text"] for one in self.town.relay.chats.get(self.name, [])]


CUSTOMERS: dict[str, Callable[[Town], Customer]] = {
    "telegram": OnTelegram,
    "sms": OnSms,
    "whatsapp": OnWhatsApp,
    "relay": OnAWebsite,
}


def answer_to(customer: Customer, text: str | None = None, *, choose: str = "", nth: int = 0) -> str:
    """What the workshop says next when the customer writes this, or chooses the nth of those labelled so."""
    before = len(customer.heard)
    status = customer.write(text) if text is not None else customer.choose(choose, nth)
    assert 200 <= status < 300
    eventually(lambda: len(customer.heard) > before)
    return customer.heard[before]
