"""`werkstatt backup`, `werkstatt restore` and `werkstatt erasures`."""

from pathlib import Path
from typing import Annotated

import typer

cli = typer.Typer()

Dump = Annotated[Path, typer.Argument(help="The file, in pg_dump's custom format.")]


@cli.command()
def backup(file: Dump) -> None:
    """Write the whole database into a file; bookings go on meanwhile."""
    from app import archive
    from app.servers import database_server
    from app.settings import Settings

    settings = Settings()
    with database_server(settings) as url:
        try:
            archive.dump(settings.owner_database_url or url, file)
        except archive.NoBackup as error:
            raise _stop(str(error)) from None
    typer.echo(f"{file}: {file.stat().st_size} bytes. Whoever has it has everybody's data.", err=True)


@cli.command()
def restore(
    file: Dump,
    erased: Annotated[
        Path | None, typer.Option("--erasures", help="What `werkstatt erasures` printed last, for a new database.")
    ] = None,
) -> None:
    """Put a backup in the place of the database: stop serve and worker first.

    Whoever was erased since is erased again. Letters and reminders that were due are not sent, because they may have
    been: look at them before worker starts.
    """
    import json

    from sqlalchemy import make_url

    from app import archive
    from app.database import engine_for
    from app.granting import grant
    from app.servers import database_server
    from app.settings import Settings

    settings = Settings()
    known = [json.loads(line) for line in erased.read_text("utf-8").splitlines()] if erased else []
    with database_server(settings) as url:
        owner = settings.owner_database_url or url
        try:
            done = archive.restore(owner, file, erased=known)
        except archive.NoBackup as error:
            raise _stop(str(error)) from None
        if settings.owner_database_url:
            with engine_for(owner) as engine:
                grant(engine, make_url(url).username or "")
    typer.echo(
        f"Restored. Erased again: {done.erased_again}. Letters to look at before they are sent: {done.letters_frozen}.",
        err=True,
    )
    if done.broken:
        raise _stop(f"The audit log was changed after it was written, at {done.broken[:5]}.")


@cli.command()
def erasures() -> None:
    """Print who was erased, as numbers, one JSON object a line: to be kept beside the backups."""
    import json

    from app import archive
    from app.database import engine_for
    from app.servers import database_server
    from app.settings import Settings

    with database_server(Settings()) as url, engine_for(url) as engine:
        for one in archive.erasures(engine):
            typer.echo(json.dumps(one))


def _stop(reason: str) -> typer.Exit:
    typer.echo(reason, err=True)
    return typer.Exit(1)
