"""`werkstatt migrate`."""

import typer

cli = typer.Typer()


@cli.command()
def migrate() -> None:
    """Bring the database to the newest migration."""
    from sqlalchemy import make_url

    from app.database import engine_for
    from app.granting import grant
    from app.migrating import migrate, newest_migration
    from app.servers import database_server
    from app.settings import Settings

    settings = Settings()
    with database_server(settings) as url, engine_for(settings.owner_database_url or url) as engine:
        migrate(engine)
        if settings.owner_database_url:
            grant(engine, make_url(url).username or "")
    typer.echo(f"The database is at migration {newest_migration()}.", err=True)
