"""`werkstatt settings`."""

from collections.abc import Iterator
from typing import Annotated

import typer

cli = typer.Typer()


@cli.command()
def settings(
    example: Annotated[bool, typer.Option("--example", help="Print a file to fill in, with nothing set.")] = False,
) -> None:
    """Show what is set, without showing secrets."""
    for line in example_lines() if example else current_lines():
        typer.echo(line)


def example_lines() -> Iterator[str]:
    """What `.env.example` says: every setting with its meaning, commented out where there is a default."""
    from app.settings import Settings

    yield "# Every setting there is. Copy this to .env and fill in what you need. Secrets may also lie in files: see"
    yield "# docs/Deployment.md."
    for name, field in Settings.model_fields.items():
        default = field.get_default()
        yield ""
        yield f"# {field.description}" + ("" if field.repr else ". Secret")
        yield f"#{name.upper()}={default if isinstance(default, str | int) else ''}"


def current_lines() -> Iterator[str]:
    """Name and value; of a secret only whether there is one."""
    from app.settings import Settings

    now = Settings()
    for name, field in Settings.model_fields.items():
        value = getattr(now, name)
        yield f"{name.upper()}={'' if value in (None, {}) else value if field.repr else '(set)'}"
