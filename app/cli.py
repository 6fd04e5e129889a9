"""The command line. Each command is one small file in `app/commands`, loaded only when asked for."""

import sys
from importlib import import_module
from importlib.metadata import version as installed_version
from typing import Annotated

import typer

# Name -> the module that holds its Typer app as `cli`, in the order of `--help`.
COMMANDS = {
    "demo": "app.commands.demo",
    "chat": "app.commands.chat",
    "understand": "app.commands.understand",
    "migrate": "app.commands.migrate",
    "seed-demo": "app.commands.seed_demo",
    "serve": "app.commands.serve",
    "worker": "app.commands.worker",
    "telegram": "app.commands.telegram",
    "settings": "app.commands.settings",
    "staff": "app.commands.staff",
    "key": "app.commands.key",
    "import": "app.commands.importing",
    "backup": "app.commands.backup",
    "restore": "app.commands.backup",
    "erasures": "app.commands.backup",
    "doctor": "app.commands.doctor",
}


def show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"werkstatt {installed_version('werkstatt-bot')}")
        raise typer.Exit


def werkstatt(
    version: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """A booking bot for car workshops: customers write by Telegram, SMS or WhatsApp and get an appointment."""


def command_line(arguments: list[str]) -> typer.Typer:
    """The command that the arguments ask for; all of them where they ask for none."""
    cli = typer.Typer(
        name="werkstatt",
        callback=werkstatt,
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    asked = COMMANDS.get(arguments[0]) if arguments else None
    for module in [asked] if asked else dict.fromkeys(COMMANDS.values()):
        cli.add_typer(import_module(module).cli)
    return cli


def main() -> None:
    """Exits with 0 if all went well, 1 if something failed, 2 if the arguments were wrong, 130 after Ctrl-C."""
    from app.embedded.errors import ServerUnavailable

    try:
        command_line(sys.argv[1:])()
    except ServerUnavailable as error:
        typer.echo(error, err=True)
        sys.exit(1)
