"""Three phones, each with the look, the buttons and the limits of its channel."""

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from app.providers.telegram import Telegram
from app.providers.twilio import Twilio
from bot.messages import Address
from bot.text import segments


@dataclass(frozen=True)
class Bubble:
    """A message on a screen. Who taps a button names the bubble by its `id`, and the button by its place.

    `segments` is what an SMS cost, `failure` the provider's number for why it never came.
    """

    text: str
    at: datetime
    mine: bool = False
    id: str = ""
    buttons: tuple[str, ...] = ()
    segments: int = 0
    failure: int | None = None


class Handset(ABC):
    """A customer's phone. A new one gets a number that nobody has written from."""

    channel: ClassVar[str]
    owner: ClassVar[str]
    longest: ClassVar[int]
    """Characters that fit into one message of the customer's."""

    def __init__(self, clock: Callable[[], datetime], known: Callable[[Address], bool]) -> None:
        self.clock, self._known = clock, known
        self._numbers = itertools.count(1)
        self.renew()

    def renew(self) -> None:
        """Somebody else's phone from now on: nobody knows its number, and its screen is empty."""
        self._said: list[Bubble] = []
        self.number = next(number for number in map(self.numbered, self._numbers) if not self._known(self.at(number)))

    @property
    def address(self) -> Address:
        return self.at(self.number)

    def at(self, number: str) -> Address:
        """How the bot calls whoever has this number."""
        return Address(self.channel, number)

    @property
    def screen(self) -> list[Bubble]:
        """What was said and heard, oldest first."""
        return sorted([*self._said, *self.heard()], key=lambda bubble: bubble.at)

    def write(self, text: str) -> None:
        """Write a message; by the time it returns our webhook has it."""
        self._said.append(Bubble(text, self.clock(), mine=True, segments=self.cost(text)))
        self.send(text)

    def cost(self, text: str) -> int:
        """How many messages the carrier counts; none where nobody counts."""
        return 0

    @abstractmethod
    def numbered(self, count: int) -> str:
        """The first, second … number of such phones."""

    @abstractmethod
    def heard(self) -> Sequence[Bubble]: ...

    @abstractmethod
    def send(self, text: str) -> None: ...

    @abstractmethod
    def tap(self, bubble: str, place: int) -> None:
        """Tap a button, counted from 0; one that is not there any more does nothing."""


class TelegramPhone(Handset):
    channel, owner, longest = "telegram", "Petra", 4096

    def __init__(self, telegram: Telegram, clock: Callable[[], datetime], known: Callable[[Address], bool]) -> None:
        self._telegram = telegram
        super().__init__(clock, known)

    def numbered(self, count: int) -> str:
        return str(700_000 + count)

    def heard(self) -> Sequence[Bubble]:
        shown = self._telegram.chats.get(self.number, [])
        return [Bubble(one.text, one.at, id=str(one.id), buttons=_labels(one.buttons)) for one in shown]

    def send(self, text: str) -> None:
        self._telegram.write(self.number, text)

    def tap(self, bubble: str, place: int) -> None:
        for shown in self._telegram.chats.get(self.number, []):
            if str(shown.id) == bubble and place < len(shown.buttons):
                update = self._telegram.press_update(self.number, shown.buttons[place][1], shown.id)
                self._telegram.deliver(update)


class TwilioPhone(Handset):
    """A phone that Twilio reaches, by SMS or by WhatsApp."""

    prefix: ClassVar[str] = ""

    def __init__(self, twilio: Twilio, clock: Callable[[], datetime], known: Callable[[Address], bool]) -> None:
        self._twilio = twilio
        super().__init__(clock, known)

    def heard(self) -> Sequence[Bubble]:
        return [
            Bubble(
                one.body,
                one.made,
                id=one.sid,
                buttons=_labels(one.buttons),
                segments=self.cost(one.body),
                failure=one.error,
            )
            for one in self._twilio.letters(self.prefix + self.number)
        ]

    def send(self, text: str) -> None:
        self._twilio.write(self.prefix + self.number, text)


class SmsPhone(TwilioPhone):
    channel, owner, longest = "sms", "Mehmet", 1600

    def numbered(self, count: int) -> str:
        return f"+4915555551{count:03}"

    def cost(self, text: str) -> int:
        return segments(text)

    def tap(self, bubble: str, place: int) -> None:
        """A text message has nothing to tap."""


class WhatsAppPhone(TwilioPhone):
    channel, owner, longest, prefix = "whatsapp", "Jana", 4096, "whatsapp:"

    def numbered(self, count: int) -> str:
        return f"+4915555552{count:03}"

    def send(self, text: str) -> None:
        self._twilio.write(self.prefix + self.number, text, ProfileName=self.owner)

    def tap(self, bubble: str, place: int) -> None:
        for made in self._twilio.letters(self.prefix + self.number):
            if made.sid == bubble and place < len(made.buttons):
                self._said.append(Bubble(made.buttons[place][0], self.clock(), mine=True))
                self._twilio.tap(made, place, ProfileName=self.owner)


def _labels(buttons: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(label for label, _ in buttons)
