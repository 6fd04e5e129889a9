"""`werkstatt chat`."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.chat import Chat

cli = typer.Typer()

WELCOME = "Moin! Schreiben Sie, was am Auto zu tun ist – zum Beispiel: Ölwechsel nächsten Dienstag in 50667."
HINT = " Antworten, Nummern tippen oder „Hilfe“ · Strg-D beendet "


class Channel(StrEnum):
    """How the bot should think the customer writes."""

    TERMINAL = "terminal"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    TELEGRAM = "telegram"


_SENDERS = {Channel.TERMINAL: "you", Channel.TELEGRAM: "4711"}
_PHONE = "+4915555550100"


@cli.command()
def chat(
    channel: Annotated[Channel, typer.Option(help="Talk as on this channel.")] = Channel.TERMINAL,
    sender: Annotated[
        str, typer.Option("--from", metavar="ID", help="Who is writing: a phone number, a chat id.")
    ] = "",
    now: Annotated[str, typer.Option(metavar="ISO", help="Set the clock, as in 2026-11-23T10:00:00+01:00.")] = "",
    fresh: Annotated[bool, typer.Option("--fresh", help="Use a throw-away database with the demo data.")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="A line of JSON in, a line of JSON out.")] = False,
) -> None:
    """Talk to the bot as a customer does."""
    from app.chat import Chat
    from app.database import session_factory
    from bot.messages import Address
    from channels.terminal import read_moment

    try:
        clock = read_moment(now) if now else None
    except ValueError:
        raise typer.BadParameter(f"{now!r} is no moment like 2026-11-23T10:00:00+01:00", param_hint="--now") from None
    who = Address(channel.value, sender or _SENDERS.get(channel, _PHONE))
    with _fresh_database() if fresh else _database() as engine:
        talk = Chat(session_factory(engine), who, clock)
        if jsonl:
            _answer_json(talk)
        else:
            _converse(talk)


@contextmanager
def _database() -> "Iterator[Engine]":
    """The database of the settings; an embedded one is migrated and filled with the demo, to have something to book."""
    from app.database import engine_for, in_transaction, session_factory
    from app.demo import seed_demo
    from app.migrating import migrate
    from app.servers import database_server
    from app.settings import Settings

    settings = Settings()
    with database_server(settings) as url, engine_for(url) as engine:
        if settings.database_url is None:
            migrate(engine)
            in_transaction(session_factory(engine), seed_demo)
        yield engine


@contextmanager
def _fresh_database() -> "Iterator[Engine]":
    from app.database import engine_for
    from app.demo import SOURCES, fill
    from app.servers import database_server
    from app.settings import Settings
    from app.throwaway import template_database, throwaway_database

    with database_server(Settings()) as server:
        template = template_database(server, kind="demo", fill=fill, sources=SOURCES)
        with throwaway_database(server, template) as url, engine_for(url) as engine:
            yield engine


def _answer_json(talk: "Chat") -> None:
    """Each line gets exactly one line; one that cannot be read gets one with an "error"."""
    from channels.terminal import as_json, read_json

    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    for written in sys.stdin:
        line = read_json(written)
        talk.clock = line.now or talk.clock
        if line.text is None and line.choice is None:
            messages = talk.listen()
        else:
            messages = talk.say(text=line.text or "", choice=line.choice)
        answer = {
            "messages": [as_json(message) for message in messages],
            "expects": talk.expects,
            "appointments": talk.appointments(),
        }
        if line.error:
            answer["error"] = line.error
        typer.echo(json.dumps(answer, ensure_ascii=False))
        sys.stdout.flush()


def _converse(talk: "Chat") -> None:
    typer.echo(WELCOME)
    for line in _lines():
        for message in talk.say(text=line):
            typer.echo(f"\n{message.numbered}\n")


def _lines() -> Iterator[str]:
    """What is typed, with history and a hint where there is somebody to read it."""
    if not sys.stdin.isatty():
        yield from (line.rstrip("\n") for line in sys.stdin)
        return
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import InMemoryHistory

    prompt: PromptSession[str] = PromptSession("› ", history=InMemoryHistory(), bottom_toolbar=HINT)
    while True:
        try:
            yield prompt.prompt()
        except EOFError:
            return
        except KeyboardInterrupt:
            raise typer.Exit(130) from None
