"""`werkstatt serve`."""

from typing import Annotated

import typer

cli = typer.Typer()


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
) -> None:
    """Serve webhooks and API, and answer customers."""
    import uvicorn

    from app.database import POOL_SIZE, engine_for, session_factory
    from app.heap import share_arenas
    from app.http.site import Site
    from app.migrating import migrate
    from app.servers import database_server
    from app.settings import Settings
    from app.telemetry.reporting import begin
    from app.telemetry.watching import metrics_served
    from app.web import create_app
    from channels import open_channels
    from channels.channel import Misconfigured

    share_arenas()
    settings = Settings()
    begin(settings)
    try:
        with (
            open_channels(settings) as channels,
            database_server(settings) as url,
            engine_for(url, pool_size=POOL_SIZE) as engine,
            metrics_served(settings.metrics_port, session_factory(engine)),
        ):
            if settings.database_url is None:
                migrate(engine)
            typer.echo(f"Channels: {', '.join(channels) or 'none'}", err=True)
            app = create_app(engine, channels, Site.of(settings))
            # Its access log would hold tokens from paths and numbers from queries; the front door writes a better one.
            # Which proxies to believe is a setting of ours; uvicorn would believe any on this machine.
            uvicorn.run(
                app,
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
            )
    except Misconfigured as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
