"""`werkstatt staff …`."""

from typing import Annotated

import typer

from app.commands.roles import Role, Workshop

cli = typer.Typer()
staff = typer.Typer(no_args_is_help=True, help="Accounts of those who sign in.")
cli.add_typer(staff, name="staff")


@staff.command()
def create(
    email: Annotated[str, typer.Option(help="What they sign in with.")],
    name: Annotated[str, typer.Option(help="What colleagues call them.")],
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.ADVISER,
    workshop: Workshop = None,
    ask: Annotated[bool, typer.Option("--ask", help="Ask for a password instead of making one up.")] = False,
) -> None:
    """Make an account; a password that was made up is printed, once."""
    from pydantic import TypeAdapter, ValidationError

    from app.access import accounts, caller, passwords
    from app.access.errors import EmailTaken, WeakPassword
    from app.api.requests import Email
    from app.clock import database_now
    from app.commands.roles import opened, place

    try:
        address = TypeAdapter(Email).validate_python(email)
    except ValidationError:
        raise typer.BadParameter("this is no e-mail address", param_hint="--email") from None
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if ask else passwords.new_password()
    try:
        with opened() as session:
            accounts.create(
                session,
                name=name,
                email=address,
                role=caller.Role(role.value),
                workshop=place(session, workshop),
                password_hash=passwords.accepted(password, address),
                actor="cli",
                now=database_now(session),
            )
    except (EmailTaken, WeakPassword) as error:
        typer.echo(error.told, err=True)
        raise typer.Exit(1) from None
    if not ask:
        typer.echo(password)
    typer.echo(f"{address} may sign in now.", err=True)
