"""One file per command, each with a Typer app named `cli`; heavy imports belong inside the functions."""
