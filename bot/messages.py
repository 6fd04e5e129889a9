"""What travels between the channels and the bot."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.text import LONGEST, clean

LONGEST_CHOICE = 64
"""Bytes of a choice's id; Telegram carries no more."""

LONGEST_TOKEN = 64
"""Characters of a link's token; Telegram carries no more."""


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
class Point:
    """A place on the map, in degrees."""

    lat: float
    lng: float


@dataclass(frozen=True)
class InboundMessage:
    """What somebody wrote, or the `choice` they tapped. Clean by construction, whatever the provider delivered.

    `id` is the provider's and unique on its channel. `name` and `language` are what the channel knows of the sender,
    `phone` is a number in E.164 that the channel vouches for, `handle` is by what it can show that we have seen it.
    `place` is where the sender says they are, `token` what the link carried by which they came.
    """

    id: str
    sender: Address
    text: str = ""
    choice: str | None = None
    name: str | None = None
    language: str | None = None
    phone: str | None = None
    handle: str | None = None
    place: Point | None = None
    token: str | None = None

    def __post_init__(self) -> None:
        """Clean here and not in every channel: no message can reach the database with a NUL in it."""
        for field, longest in (
            ("id", 200),
            ("text", LONGEST),
            ("choice", LONGEST_CHOICE),
            ("name", 100),
            ("language", 20),
            ("token", LONGEST_TOKEN),
        ):
            value = getattr(self, field)
            if value is not None:
                object.__setattr__(self, field, clean(value, longest=longest))


def point(lat: object, lng: object) -> Point | None:
    """The place that a provider tells in numbers or in text; None if it is nowhere on earth."""
    try:
        told = Point(float(str(lat)), float(str(lng)))
    except ValueError:
        return None
    return told if abs(told.lat) <= 90 and abs(told.lng) <= 180 else None


@dataclass(frozen=True)
class Link:
    """Something to open: a path below our public address, left out where that is not known."""

    label: str
    path: str


class Happening(StrEnum):
    """What became of an appointment."""

    BOOKED = "booked"
    MOVED = "moved"
    EXTENDED = "extended"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class CalendarEntry:
    """An appointment for the customer's own calendar. `uid` stays for its whole life, `sequence` counts its changes."""

    uid: str
    sequence: int
    happening: Happening
    start: datetime
    end: datetime
    title: str
    place: str
    details: str = ""


@dataclass(frozen=True)
class OutboundMessage:
    """What we say to somebody; a channel without buttons shows it as `numbered` text.

    `subject`, `entry` and `link` are for e-mail. `variables` fill the approved template of this `kind` where a channel
    takes no free text; `as_template` says that it was found to take none. The outbox adds the last two: its own
    `reference`, for providers that carry one along, and when the recipient was last `heard_at` on this channel.
    """

    recipient: Address
    text: str
    choices: tuple[Choice, ...] = ()
    kind: str = "reply"
    subject: str = ""
    entry: CalendarEntry | None = None
    link: Link | None = None
    variables: tuple[str, ...] = ()
    as_template: bool = False
    reference: str = ""
    heard_at: datetime | None = None

    @property
    def numbered(self) -> str:
        """The text with its choices as numbered lines."""
        lines = (f"{number}) {choice.label}" for number, choice in enumerate(self.choices, 1))
        return "\n".join((self.text, *lines))
