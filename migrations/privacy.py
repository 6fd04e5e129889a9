"""The record of processing as a document: `python -m migrations.privacy` writes docs/Privacy.md from the columns."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from booking_core.personal.kinds import KINDS, Kind
from booking_core.personal.record import RECORD

PAGE = Path(__file__).parents[1] / "docs" / "Privacy.md"
BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"


def rendered() -> str:
    """Everything between the two marks of the page: the kinds of data, then every table with its columns by kind."""
    return "\n".join([*_kinds(), "", *_tables()])


def _kinds() -> Iterator[str]:
    yield "| kind | what | for what | legal basis | kept |"
    yield "|---|---|---|---|---|"
    for kind in KINDS:
        yield f"| {kind.name} | {kind.what} | {kind.purpose} | {kind.basis} | {kind.kept} |"


def _tables() -> Iterator[str]:
    yield "| table | customers' rows | columns by kind |"
    yield "|---|---|---|"
    for name, holding in RECORD.items():
        kinds = [kind for kind in KINDS if kind in holding.columns.values()]
        columns = "; ".join(f"{kind.name}: {_names(holding.columns, kind)}" for kind in kinds)
        yield f"| `{name}` | {'yes' if holding.whose else 'no'} | {columns} |"


def _names(columns: Mapping[str, Kind], kind: Kind) -> str:
    return ", ".join(f"`{name}`" for name, its in columns.items() if its is kind)


def write(page: Path = PAGE) -> None:
    """Renew the generated part of the page and leave the rest alone."""
    head, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    page.write_text(f"{head}{BEGIN}\n{rendered()}\n{END}{tail}", "utf-8")


if __name__ == "__main__":
    write()
