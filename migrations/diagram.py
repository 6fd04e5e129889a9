"""The data model as a document: `python -m migrations.diagram` writes docs/DataModel.md from the tables themselves."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import CheckConstraint, Column, ForeignKey, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapper

from booking_core.tables import Base

PAGE = Path(__file__).parents[1] / "docs" / "DataModel.md"
BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"


def rendered() -> str:
    """Everything between the two marks of the page: the drawing, then every table with its rules."""
    return "\n".join([*_drawing(), "", *_tables()])


def _drawing() -> Iterator[str]:
    yield "```mermaid"
    yield "erDiagram"
    for table in _all_tables():
        for key in sorted(table.foreign_keys, key=_parent_name):
            many = "o|" if key.parent.primary_key and len(table.primary_key) == 1 else "o{"
            one = "|o" if key.parent.nullable else "||"
            yield f'    {key.column.table.name} {one}--{many} {table.name} : "{key.parent.name}"'
    for table in _all_tables():
        yield f"    {table.name} {{"
        for column in table.columns:
            yield f"        {_type(column).replace(' ', '_')} {column.name}{_mark(column)}"
        yield "    }"
    yield "```"


def _tables() -> Iterator[str]:
    for table in _all_tables():
        yield f"### `{table.name}`"
        yield ""
        if note := _note(table):
            yield from (note, "")
        yield "| column | type | null | default |"
        yield "|---|---|---|---|"
        for column in table.columns:
            yield f"| `{column.name}` | {_type(column)} | {'yes' if column.nullable else 'no'} | {_default(column)} |"
        yield ""
        yield from (f"- {rule}" for rule in _rules(table))
        yield ""


def _rules(table: Table) -> Iterator[str]:
    yield f"primary key ({_names(table.primary_key.columns)})"
    for key in sorted(table.foreign_keys, key=_parent_name):
        gone = f", on delete {key.ondelete.lower()}" if key.ondelete else ""
        yield f"`{key.parent.name}` references `{key.column.table.name}`{gone}"
    constraints = sorted(table.constraints, key=lambda constraint: str(constraint.name))
    yield from (f"unique ({_names(c.columns)})" for c in constraints if isinstance(c, UniqueConstraint))
    yield from (f"check `{c.name}`: `{c.sqltext}`" for c in constraints if isinstance(c, CheckConstraint))
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        where = index.dialect_options["postgresql"]["where"]
        kind = "unique index" if index.unique else "index"
        yield f"{kind} `{index.name}` ({_names(index.columns)})" + (f" where `{where}`" if where is not None else "")


def _all_tables() -> list[Table]:
    return Base.metadata.sorted_tables


def _parent_name(key: ForeignKey) -> str:
    return str(key.parent.name)


def _names(columns: object) -> str:
    return ", ".join(f"`{column.name}`" for column in columns)  # type: ignore[attr-defined]


def _type(column: Column[object]) -> str:
    return column.type.compile(dialect=postgresql.dialect()).lower()  # type: ignore[no-untyped-call]


def _mark(column: Column[object]) -> str:
    return " PK" if column.primary_key else " FK" if column.foreign_keys else ""


def _default(column: Column[object]) -> str:
    if column.identity is not None:
        return "identity"
    return f"`{column.server_default.arg}`" if column.server_default is not None else ""  # type: ignore[attr-defined]


def _note(table: Table) -> str | None:
    """The docstring of the table's own class, not one inherited from Base."""
    mapped: list[Mapper[object]] = [mapper for mapper in Base.registry.mappers if mapper.local_table is table]
    return " ".join((mapped[0].class_.__dict__.get("__doc__") or "").split())


def write(page: Path = PAGE) -> None:
    """Renew the generated part of the page and leave the rest alone."""
    head, _, rest = page.read_text().partition(BEGIN)
    _, _, tail = rest.partition(END)
    page.write_text(f"{head}{BEGIN}\n{rendered()}\n{END}{tail}")


if __name__ == "__main__":
    write()
