"""`werkstatt worker`."""

import typer

cli = typer.Typer()

LEAVING_S = 45
"""Whoever has not left by then says where it hangs, and is gone: nothing is lost by that, as by any death."""


@cli.command()
def worker() -> None:
    """Remind customers, carry letters and tidy up: Celery's worker and beat, and a loop for when Redis is away."""
    import faulthandler
    import os
    import signal

    from app.heap import settle, share_arenas
    from app.servers import optional_redis
    from app.settings import Settings
    from app.shift import shift
    from app.telemetry.reporting import begin
    from app.telemetry.watching import metrics_served
    from app.workplace import open_workplace
    from channels.channel import Misconfigured

    # No Event: whoever waits for one holds its lock for a moment, and a signal in that moment would wait for ever.
    told, tell = os.pipe()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: os.write(tell, b"."))
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
            os.read(told, 1)
            faulthandler.dump_traceback_later(LEAVING_S, exit=True)
        faulthandler.cancel_dump_traceback_later()
    except Misconfigured as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
