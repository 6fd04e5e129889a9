"""`werkstatt import …`."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pydantic import BaseModel
    from sqlalchemy.orm import Session

    from app.importing.tables import Line

cli = typer.Typer()
group = typer.Typer(no_args_is_help=True, help="Take workshops, services and closures over from files.")
cli.add_typer(group, name="import")

File = Annotated[Path, typer.Argument(help="A table as CSV in UTF-8; its first line names the columns.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be taken over, and take nothing over.")]


@group.command("workshops")
def workshops(file: File, dry_run: DryRun = False) -> None:
    """Columns: name, address, plz, city, phone, state, opening_hours; also resources, catholic_holidays, limits.

    Each workshop's number and name are printed.
    Hours are written "mon-fri 07:30-12:00 13:00-17:30; sat 08:00-12:00", resources "lift: Bühne 1; lift: Bühne 2".
    """
    from app.importing import workshops
    from app.importing.tables import csv_lines

    opened: list[str] = []

    def open_one(session: "Session", workshop: Any) -> None:
        opened.append(f"{workshops.add(session, workshop)}\t{workshop.name}")

    _take_over(lambda: csv_lines(file), workshops.Workshop, open_one, dry_run=dry_run)
    if not dry_run:
        typer.echo("\n".join(opened))


@group.command("services")
def services(file: File, dry_run: DryRun = False) -> None:
    """Columns: code, name, name_en, duration_minutes, price (cents), kinds; also workshop, buffers, windows, season."""
    from app.importing import services
    from app.importing.tables import csv_lines

    _take_over(lambda: csv_lines(file), services.Service, services.put, dry_run=dry_run)


@group.command("closures")
def closures(
    file: Annotated[Path, typer.Argument(help="A table as CSV, or a calendar whose name ends in .ics.")],
    workshop: Annotated[int | None, typer.Option(help="Whose closures a calendar holds.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Columns: workshop, start, end, reason, resource. Days are included on both sides."""
    from app.clock import database_now
    from app.importing import closings
    from app.importing.tables import csv_lines

    if (file.suffix.lower() == ".ics") != (workshop is not None):
        raise typer.BadParameter("a calendar needs it, and a table names it in a column", param_hint="--workshop")
    hits: list[int] = []

    def close(session: "Session", closure: Any) -> None:
        hits.append(closings.add(session, closure, now=database_now(session)))

    read = csv_lines if workshop is None else (lambda path: closings.calendar_lines(path, workshop))
    _take_over(lambda: read(file), closings.Closure, close, dry_run=dry_run)
    if any(hits):
        typer.echo(f"{sum(hits)} appointments stand in these closures; they stay booked.", err=True)


def _take_over(
    read: "Callable[[], Sequence[Line]]",
    model: "type[BaseModel]",
    do: "Callable[[Session, Any], None]",
    *,
    dry_run: bool,
) -> None:
    from app.commands.roles import opened
    from app.importing.tables import Unreadable, attempt, read_lines

    try:
        rows, troubles = read_lines(read(), model)
    except Unreadable as error:
        typer.echo(error, err=True)
        raise typer.Exit(1) from None
    bar = typer.progressbar(rows, label="Taking over", file=sys.stderr, hidden=not sys.stderr.isatty())
    with opened() as session, bar as progress:
        troubles += attempt(progress, lambda row: do(session, row))
        if troubles or dry_run:
            session.rollback()
    for trouble in sorted(troubles, key=lambda trouble: trouble.line):
        typer.echo(trouble, err=True)
    if troubles:
        typer.echo("Nothing was taken over.", err=True)
        raise typer.Exit(1)
    count, was = ("1 line", "was") if len(rows) == 1 else (f"{len(rows)} lines", "were")
    typer.echo(f"{count} {'would be' if dry_run else was} taken over.", err=True)
