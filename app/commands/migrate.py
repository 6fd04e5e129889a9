"""`werkstatt migrate`."""

import typer

cli = typer.Typer()


@cli.command()
def migrate() -> None:
    """Bring the database to the newest migration."""
    from app.database import engine_for
    from app.migrating import migrate, newest_migration
    from app.servers import database_server
    from app.settings import Settings

    with database_server(Settings()) as url, engine_for(url) as engine:
        migrate(engine)
    typer.echo(f"The database is at migration {newest_migration()}.", err=True)
