"""`werkstatt worker`."""

import typer

cli = typer.Typer()


@cli.command()
def worker() -> None:
    """Remind customers, carry letters and tidy up: Celery's worker and beat, and a loop for when Redis is away."""
    import logging
    import signal
    import threading

    from app.servers import optional_redis
    from app.settings import Settings
    from app.shift import shift
    from app.workplace import open_workplace
    from channels.channel import Misconfigured

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    leaving = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: leaving.set())
    settings = Settings()
    try:
        with open_workplace(settings) as here, optional_redis(settings) as redis_url, shift(here, redis_url):
            typer.echo(f"At work for: {', '.join(here.channels) or 'no channel'}", err=True)
            leaving.wait()
    except Misconfigured as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
