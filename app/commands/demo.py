"""`werkstatt demo`."""

import sys
import time
from typing import Annotated

import typer

cli = typer.Typer()


@cli.command()
def demo(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on; the next free one if it is taken.")] = 8000,
    lively: Annotated[bool, typer.Option(help="Let in some weeks of customers.")] = True,
) -> None:
    """Show everything: three phones, the calendar beside them, and the page for staff. Ctrl-C ends it."""
    began = time.monotonic()

    def progress(step: str) -> None:
        _tell(f"[{time.monotonic() - began:4.1f} s] {step}")

    progress("the program itself …")
    from app.heap import load_undisturbed
    from app.servers import started_early
    from app.settings import Settings

    load_undisturbed()
    with started_early(Settings()):  # The libraries take as long to load as the servers to start.
        from app.phones.database import DemoRuns
        from app.phones.hosting import Host, hosted

        try:
            with hosted(Host(host, port, lively), tell=_tell, progress=progress) as serve:
                serve()
        except DemoRuns as error:
            _tell(str(error.__doc__))
            raise typer.Exit(1) from None


def _tell(words: str) -> None:
    typer.echo(words, err=True)
    sys.stderr.flush()
