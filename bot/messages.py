"""What travels between the channels and the bot."""

from dataclasses import dataclass

from bot.text import LONGEST, clean

LONGEST_CHOICE = 64
"""Bytes of a choice's id; Telegram carries no more."""


@dataclass(frozen=True)
class Address:
    """Somebody on a channel: a chat id, a phone number in E.164."""

    channel: str
    id: str


@dataclass(frozen=True)
class Choice:
    """Something to tap or to answer with its number. The id means nothing outside of its conversation."""

    id: str
    label: str


@dataclass(frozen=True)
class InboundMessage:
    """What somebody wrote, or the `choice` they tapped. Clean by construction, whatever the provider delivered.

    `id` is the provider's and unique on its channel. `name` and `language` are what the channel knows of the sender.
    """

    id: str
    sender: Address
    text: str = ""
    choice: str | None = None
    name: str | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        """Clean here and not in every channel: no message can reach the database with a NUL in it."""
        for field, longest in (
            ("id", 200),
            ("text", LONGEST),
            ("choice", LONGEST_CHOICE),
            ("name", 100),
            ("language", 20),
        ):
            value = getattr(self, field)
            if value is not None:
                object.__setattr__(self, field, clean(value, longest=longest))


@dataclass(frozen=True)
class OutboundMessage:
    """What we say to somebody; a channel without buttons shows it as `numbered` text."""

    recipient: Address
    text: str
    choices: tuple[Choice, ...] = ()

    @property
    def numbered(self) -> str:
        """The text with its choices as numbered lines."""
        lines = (f"{number}) {choice.label}" for number, choice in enumerate(self.choices, 1))
        return "\n".join((self.text, *lines))
