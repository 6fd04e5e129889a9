"""A conversation written down in the format of the tests' conversations, to become one of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_core.tables import InboxRow, OutboxRow
from bot.messages import Address

ZONE = ZoneInfo("Europe/Berlin")
_CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


@dataclass(frozen=True)
class Line:
    at: datetime
    who: str | None  # None is the bot
    body: dict[str, Any]
    answers: bool = True


def written_down(session: Session, who: Address, name: str) -> str:
    """The whole conversation; its title is left to whoever knows what it shows."""
    lines = sorted([*_said(session, who, name), *_heard(session, who)], key=lambda line: line.at)
    text = ["Eine Unterhaltung aus der Vorführung.", ""]
    clock = _clock(lines[0]) if lines else ""
    text += [f"Uhr: {clock}"] if lines else []
    text += [f"Kanal: {who.channel}"]
    text += [f"Heißt {name}: {given}" for given in {line.body.get("name") for line in lines} if given]
    text += [""]
    choices: dict[str, str] = {}
    for line in lines:
        if _clock(line) != clock and (line.who or not line.answers):
            clock = _clock(line)
            text += [f"Uhr: {clock}", ""]
        if line.who:
            text.append(_customers(line.who, line.body, choices))
        else:
            text += [] if line.answers else [f"Hört {name}:"]
            text += [*_bots(line.body), ""]
            choices = {choice["id"]: choice["label"] for choice in line.body.get("choices", ())}
    return "\n".join(text).rstrip() + "\n"


def _clock(line: Line) -> str:
    return f"{line.at.astimezone(ZONE):%Y-%m-%d %H:%M}"


def _said(session: Session, who: Address, name: str) -> Iterator[Line]:
    rows = session.execute(
        select(InboxRow.received_at, InboxRow.body).where(InboxRow.channel == who.channel, InboxRow.sender == who.id)
    )
    for at, body in rows:
        yield Line(at, name, body)


def _heard(session: Session, who: Address) -> Iterator[Line]:
    rows = session.execute(
        select(OutboxRow.created_at, OutboxRow.body, OutboxRow.kind).where(
            OutboxRow.channel == who.channel, OutboxRow.recipient == who.id
        )
    )
    for at, body, kind in rows:
        yield Line(at, None, body, answers=kind == "reply")


def _customers(name: str, body: dict[str, Any], choices: dict[str, str]) -> str:
    if choice := body.get("choice"):
        return f"Tippt {name}: {choices.get(choice, choice)}"
    return f"{name}: {body['text']}"


def _bots(body: dict[str, Any]) -> Iterator[str]:
    yield f"Bot: {_CODE.sub('…', body['text'])}"
    if labels := [f"[{choice['label']}]" for choice in body.get("choices", ())]:
        yield " ".join(labels)
