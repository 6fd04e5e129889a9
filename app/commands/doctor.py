"""`werkstatt doctor`."""

import typer

cli = typer.Typer()


@cli.command()
def doctor() -> None:
    """Say what is missing and how to get it."""
    from app.checkup import checkup
    from app.settings import Settings

    findings = list(checkup(Settings()))
    for finding in findings:
        typer.echo(f"{'ok     ' if finding.well else 'MISSING'}  {finding.what}: {finding.words}")
    if not all(finding.well for finding in findings):
        raise typer.Exit(1)
