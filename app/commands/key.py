"""`werkstatt key …`."""

from datetime import datetime
from typing import Annotated

import typer

from app.commands.roles import Role, Workshop

cli = typer.Typer()
key = typer.Typer(no_args_is_help=True, help="API keys, for programs that steer in place of a person.")
cli.add_typer(key, name="key")


@key.command()
def create(
    role: Annotated[Role, typer.Option(help="What it may do.")],
    workshop: Workshop = None,
    expires: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its first day without use.")] = None,
    label: Annotated[str, typer.Option(help="What it is for.")] = "created on the command line",
) -> None:
    """Print a new key, once."""
    from datetime import UTC

    from app.access import api_keys, caller
    from app.clock import database_now
    from app.commands.roles import opened, place

    with opened() as session:
        _, secret = api_keys.issue(
            session,
            caller.Role(role.value),
            label=label,
            workshop=place(session, workshop),
            expires_at=expires.replace(tzinfo=UTC) if expires else None,
            actor="cli",
            now=database_now(session),
        )
    typer.echo(secret)


@key.command()
def revoke(prefix: Annotated[str, typer.Argument(help="How the key begins: wbk_ and eight characters.")]) -> None:
    """End a key at once."""
    from app.access import api_keys
    from app.clock import database_now
    from app.commands.roles import opened

    with opened() as session:
        there = api_keys.revoke(session, prefix, actor="cli", now=database_now(session))
    typer.echo(f"{prefix} is refused from now on." if there else f"There is no key {prefix}.", err=True)
    if not there:
        raise typer.Exit(1)
