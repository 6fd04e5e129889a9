"""`werkstatt understand`."""

import json
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bot.understanding.meaning import Understanding

cli = typer.Typer()


@cli.command()
def understand(
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read lines of JSON; without, every line is a message.")
    ] = False,
) -> None:
    """Show what the bot understands, without answering: a message in, its meaning as a line of JSON out."""
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for line in sys.stdin:
        typer.echo(json.dumps(_understood(_read(line, jsonl=jsonl)), ensure_ascii=False))
        sys.stdout.flush()


def _read(line: str, *, jsonl: bool) -> dict[str, Any]:
    if not jsonl:
        return {"text": line.rstrip("\n")}
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return {"error": "This line is no JSON."}
    return told if isinstance(told, dict) else {"error": "A line is an object with a text."}


def _understood(told: dict[str, Any]) -> dict[str, Any]:
    """Never raises: whatever is wrong with a line is told in its place."""
    from bot.text import clean
    from bot.understanding import understand
    from bot.understanding.meaning import Expecting

    if "error" in told:
        return told
    try:
        now = _local(told.get("now"))
        expecting = Expecting(told.get("expecting") or Expecting.NOTHING)
        meaning = understand(clean(told["text"]), now=now, language=told.get("lang"), expecting=expecting)
    except (KeyError, TypeError, ValueError, AttributeError):
        return {"id": told.get("id"), "error": 'A line has a "text"; "now" is a moment in ISO 8601.'}
    return {"id": told.get("id"), **_as_json(meaning, now)}


def _local(moment: str | None) -> datetime:
    """The wall clock of the moment is the customer's; where it is ours too, it changes with our summer time."""
    from channels.terminal import HOME, read_moment

    now = read_moment(moment) if moment else datetime.now(HOME)
    at_home = now.astimezone(HOME)
    return at_home if at_home.utcoffset() == now.utcoffset() else now


def _as_json(meaning: "Understanding", now: datetime) -> dict[str, Any]:
    from bot.understanding.dates import as_json

    return {
        "lang": meaning.language,
        "intents": [str(intent) for intent in meaning.intents],
        "services": list(meaning.services),
        "when": as_json(meaning.when, now=now),
        "plate": meaning.vehicle.plate,
        "plz": meaning.plz,
        "email": meaning.email,
        "phone": meaning.phone,
        "name": meaning.name,
    }
