"""`werkstatt understand`."""

import json
import sys
from datetime import datetime
from typing import Annotated, Any

import typer

cli = typer.Typer()


@cli.command()
def understand(
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read lines of JSON; without, every line is a message.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say which words made which part, under the key because.")
    ] = False,
) -> None:
    """Show what the bot understands, without answering: a message in, its meaning as a line of JSON out."""
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for line in sys.stdin:
        typer.echo(json.dumps(_understood(_read(line, jsonl=jsonl), explained=explain), ensure_ascii=False))
        sys.stdout.flush()


def _read(line: str, *, jsonl: bool) -> dict[str, Any]:
    if not jsonl:
        return {"text": line.rstrip("\n")}
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        return {"error": "This line is no JSON."}
    return told if isinstance(told, dict) else {"error": "A line is an object with a text."}


def _understood(told: dict[str, Any], *, explained: bool) -> dict[str, Any]:
    """Never raises: whatever is wrong with a line is told in its place."""
    from bot.understanding.meaning import Expecting

    if "error" in told:
        return told
    try:
        asked = {
            "now": _local(told.get("now")),
            "language": told.get("lang"),
            "expecting": Expecting(told.get("expecting") or Expecting.NOTHING),
        }
        return {"id": told.get("id"), **_meaning(told["text"], asked, explained=explained)}
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return {"id": told.get("id"), "error": 'A line has a "text"; "now" is a moment in ISO 8601.'}


def _meaning(text: str, asked: dict[str, Any], *, explained: bool) -> dict[str, Any]:
    from bot.understanding import understand
    from bot.understanding.explaining import explain
    from bot.understanding.telling import as_data

    meaning = as_data(understand(text, **asked), now=asked["now"])
    reasons = (
        [{"part": because.part, "words": because.words} for because in explain(text, **asked)] if explained else []
    )
    return meaning | ({"because": reasons} if explained else {})


def _local(moment: str | None) -> datetime:
    """The wall clock of the moment is the customer's; where it is ours too, it changes with our summer time."""
    from channels.terminal import HOME, read_moment

    now = read_moment(moment) if moment else datetime.now(HOME)
    at_home = now.astimezone(HOME)
    return at_home if at_home.utcoffset() == now.utcoffset() else now
