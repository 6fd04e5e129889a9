"""Conversations written down as anyone at the front desk would: who said what, and when.

    A title that says what the conversation shows.

    Uhr: 2026-11-23 10:00
    Kanal: sms

    Petra: Ölwechsel morgen um 10 in 50667
    Bot: Di, 24.11., 10:00 Uhr …
    [Ja, buchen] [Andere Zeit] [Nicht buchen]

The bot's lines must match to the letter, "…" stands for anything. Choices stand in brackets below. Every name but
"Bot" is a customer with an address of their own; "Tippt Petra: …" is a tap on a choice shown long ago, and after
"Hört Petra:" stands what has come in for her meanwhile. "Standort Petra: 50.94, 6.96" shares where she is, "Heißt
Petra: Petra M." is the name her messenger gives of her, and "<Petra>" is the code she was told last.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from booking_core import reminders, reservations
from bot import holding, leases, reminding, waiting
from bot.messages import Address, Choice, InboundMessage, OutboundMessage, Point
from bot.turn import take_turn

BERLIN = ZoneInfo("Europe/Berlin")
_LINE = re.compile(r"(Bot|Uhr|Kanal|Tippt \w+|Hört \w+|Standort \w+|Heißt \w+|[A-Z]\w+): ?(.*)")
_ANYTHING = "…"
_SILENCE = "(schweigt)"
_STAGE = ("Bot", "Uhr", "Kanal")
_CODE = re.compile(r"\b(?:[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}|[0-9]{6})\b")
_TOLD = re.compile(r"<(\w+)>")


@dataclass(frozen=True)
class Entry:
    """One entry of a transcript: who, and what with all its lines."""

    who: str
    words: str


def read(text: str) -> tuple[str, list[Entry]]:
    """The title and the entries of a transcript."""
    title, _, rest = text.partition("\n\n")
    entries: list[Entry] = []
    for line in filter(None, (line.strip() for line in rest.splitlines())):
        if match := _LINE.fullmatch(line):
            entries.append(Entry(match[1], match[2]))
        else:
            entries[-1] = Entry(entries[-1].who, f"{entries[-1].words}\n{line}")
    return title, entries


@dataclass
class Stage:
    """Customers talking to the bot, with the clock in our hand."""

    session: Session
    now: datetime = datetime(2026, 11, 23, 10, tzinfo=BERLIN)
    channel: str = "telegram"
    said: int = 0
    last: tuple[OutboundMessage, ...] = ()
    shown: dict[str, list[Choice]] = field(default_factory=lambda: defaultdict(list))
    told: dict[str, str] = field(default_factory=dict)
    called: dict[str, str] = field(default_factory=dict)

    def say(
        self, who: str, words: str = "", *, choice: str | None = None, place: Point | None = None
    ) -> OutboundMessage:
        """What the bot answers."""
        self.said += 1
        address = Address(self.channel, who.lower())
        words = _TOLD.sub(lambda match: self.told.get(match[1], match[0]), words)
        message = InboundMessage(f"{who}-{self.said}", address, words, choice, self.called.get(who), place=place)
        freed = take_turn(self.session, message, now=self.now)
        heard = self.listen(who)
        for workshop in sorted(freed):
            waiting.offer_freed(self.session, workshop, now=self.now)
        return heard

    def listen(self, who: str) -> OutboundMessage:
        """All that has come in for them, as one message; without text if that is nothing."""
        address = Address(self.channel, who.lower())
        messages: list[OutboundMessage] = []
        while claimed := leases.claim(self.session, now=self.now, recipient=address):
            for letter in claimed:
                leases.mark_sent(self.session, letter, now=self.now)
                messages.append(letter.message)
        self.last = tuple(messages)
        for code in (code for message in messages for code in _CODE.findall(message.text)):
            self.told[who] = code
        choices = messages[-1].choices if messages else ()
        self.shown[who] += choices
        return OutboundMessage(address, "\n".join(message.text for message in messages), choices)

    def share(self, who: str, place: str) -> OutboundMessage:
        """Send where they are, as "50.94, 6.96"."""
        lat, lng = map(float, place.split(","))
        return self.say(who, place=Point(lat, lng))

    def tap(self, who: str, label: str) -> OutboundMessage:
        """Tap the choice that was first shown with this label."""
        choice = next(choice for choice in self.shown[who] if choice.label == label)
        return self.say(who, choice=choice.id)


def play(session: Session, text: str) -> Iterator[tuple[Entry, str | None]]:
    """The entries of a transcript, and beside each of the bot's what it really said."""
    stage, heard = Stage(session), ""
    for entry in read(text)[1]:
        match entry.who.split():
            case ["Uhr"]:
                stage.now = datetime.fromisoformat(entry.words).replace(tzinfo=BERLIN)
                for hold in reservations.ending(session, now=stage.now, within=holding.WARN_BEFORE):
                    holding.warn(session, hold, now=stage.now)
                waiting.offer_all(session, now=stage.now)
                due = reminders.due(session, now=stage.now)
                reminding.post_all(session, due, channels=[stage.channel], now=stage.now)
            case ["Hört", who]:
                heard = shown(stage.listen(who))
            case ["Kanal"]:
                stage.channel = entry.words
            case ["Tippt", who]:
                heard = shown(stage.tap(who, entry.words))
            case ["Heißt", who]:
                stage.called[who] = entry.words
            case ["Standort", who]:
                heard = shown(stage.share(who, entry.words))
            case ["Bot"]:
                yield entry, heard
                continue
            case _:
                heard = shown(stage.say(entry.who, entry.words))
        yield entry, None


def shown(message: OutboundMessage) -> str:
    if not message.text:
        return _SILENCE
    choices = " ".join(f"[{choice.label}]" for choice in message.choices)
    return f"{message.text}\n{choices}".strip()


def matches(expected: str, heard: str) -> bool:
    parts = (re.escape(_flat(part)) for part in expected.split(_ANYTHING))
    return re.fullmatch(".*".join(parts), _flat(heard)) is not None


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def rewritten(session: Session, text: str) -> str:
    """The transcript with what the bot says now; read it before you believe it."""
    lines = [read(text)[0], ""]
    for entry, heard in play(session, text):
        lines += [f"{entry.who}: {entry.words if heard is None else _CODE.sub(_ANYTHING, heard)}".rstrip()]
        lines += [""] if heard is not None or entry.who in _STAGE else []
    return "\n".join(lines).rstrip() + "\n"


def customers_lines(text: str) -> Iterator[tuple[str, str]]:
    """Only what customers write, for whoever wants to hear other answers."""
    return ((entry.who, entry.words) for entry in read(text)[1] if " " not in entry.who and entry.who not in _STAGE)
