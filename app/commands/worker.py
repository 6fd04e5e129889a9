"""`werkstatt worker`."""

import typer

cli = typer.Typer()


@cli.command()
def worker() -> None:
    """Remind customers, carry letters and tidy up: Celery's worker and beat, and a loop for when Redis is away."""
    import signal
    import threading

    from app.heap import settle, share_arenas
    from app.servers import optional_redis
    from app.settings import Settings
    from app.shift import shift
    from app.telemetry.reporting import begin
    from app.telemetry.watching import metrics_served
    from app.workplace import open_workplace
    from channels.channel import Misconfigured

    leaving = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: leaving.set())
    share_arenas()
    settings = Settings()
    begin(settings)
    try:
        with (
            open_workplace(settings) as here,
            optional_redis(settings) as redis_url,
            metrics_served(settings.metrics_port, here.sessions),
            shift(here, redis_url),
        ):
            settle()
            typer.echo(f"At work for: {', '.join(here.channels) or 'no channel'}", err=True)
            leaving.wait()
    except Misconfigured as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
