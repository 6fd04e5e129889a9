"""`werkstatt seed-demo`."""

import typer

cli = typer.Typer()


@cli.command("seed-demo")
def seed() -> None:
    """Fill an empty database with three workshops to try things out with."""
    from app.database import engine_for, in_transaction, session_factory
    from app.demo import seed_demo
    from app.migrating import migrate
    from app.servers import database_server
    from app.settings import Settings

    with database_server(Settings()) as url, engine_for(url) as engine:
        migrate(engine)
        seeded = in_transaction(session_factory(engine), seed_demo)
    typer.echo(
        "The demo's workshops are open." if seeded else "There are workshops already; nothing was changed.", err=True
    )
