"""`werkstatt telegram …`."""

from contextlib import closing

import typer

NOT_YET = "TELEGRAM_TOKEN is missing: @BotFather gives one."

cli = typer.Typer()
telegram = typer.Typer(no_args_is_help=True, help="Connect the bot with Telegram.")
cli.add_typer(telegram, name="telegram")


@telegram.command()
def connect() -> None:
    """Have Telegram call PUBLIC_URL for each message."""
    from telegram.error import TelegramError

    from app.settings import Settings
    from channels.channel import Misconfigured
    from channels.telegram import open_channel

    settings = Settings()
    try:
        channel = open_channel(settings)
    except Misconfigured as error:
        raise _stop(str(error)) from None
    if channel is None:
        raise _stop(NOT_YET)
    if not settings.public_url:
        raise _stop("PUBLIC_URL is missing: Telegram must know where to call.")
    try:
        with closing(channel):
            channel.connect(settings.public_url)
    except TelegramError as error:
        raise _stop(f"Telegram says no: {error.message}") from None
    typer.echo("Telegram calls us now.", err=True)


@telegram.command()
def setup() -> None:
    """Show what can be asked for beside the text field, in German and in English; `serve` does so at each start."""
    from telegram.error import TelegramError

    from app.settings import Settings
    from bot.menu import menus
    from channels.telegram import Telegram

    settings = Settings()
    if not settings.telegram_token:
        raise _stop(NOT_YET)
    try:
        with closing(Telegram(settings.telegram_token, api_url=settings.telegram_api_url)) as channel:
            channel.show_menus(menus())
    except TelegramError as error:
        raise _stop(f"Telegram says no: {type(error).__name__}") from None
    typer.echo("Telegram shows the menu now.", err=True)


@telegram.command()
def poll() -> None:
    """Answer without a public address, for trying things out; Ctrl-C ends it."""
    from telegram.error import TelegramError

    from app.database import engine_for, session_factory
    from app.migrating import migrate
    from app.office import Office
    from app.servers import database_server
    from app.settings import Settings
    from channels.telegram import Telegram

    settings = Settings()
    if not settings.telegram_token:
        raise _stop(NOT_YET)
    channel = Telegram(settings.telegram_token, api_url=settings.telegram_api_url)
    with closing(channel), database_server(settings) as url, engine_for(url) as engine:
        if settings.database_url is None:
            migrate(engine)
        try:
            channel.disconnect()
            with Office(session_factory(engine), {channel.name: channel}) as office:
                typer.echo("Waiting for messages …", err=True)
                offset = 0
                while True:
                    news, offset = channel.poll(offset)
                    office.receive(news)
        except TelegramError as error:
            raise _stop(f"Telegram says no: {error.message}") from None


def _stop(reason: str) -> typer.Exit:
    typer.echo(reason, err=True)
    return typer.Exit(1)
