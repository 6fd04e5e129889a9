"""Writes docs/API.md and docs/API-staff.md from the description of the API: `python -m app.api.reference`."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from sqlalchemy import create_engine

from app.access.rules import NEEDS
from app.api.openapi import DATA, examples
from app.api.wording import (
    Document,
    cell,
    kinds_in_full,
    links_to,
    named,
    operation_in_full,
    refusals_of,
    schemas_in_full,
)
from app.settings import CHECKOUT
from app.web import create_app

DOCS = CHECKOUT / "docs"
NOTE = "<!-- Made by `python -m app.api.reference` from the description at /openapi.json; do not edit. -->"
STAFF = "/api/admin"
STAFF_PAGE = "API-staff.md"


class Operation(NamedTuple):
    method: str
    path: str
    told: Document

    @property
    def name(self) -> str:
        return str(self.told["operationId"])


def for_guests() -> str:
    """The reference of the public API, and all kinds of problems."""
    document = _document()
    public = [one for one in _operations(document) if not one.path.startswith(STAFF)]
    hooks = [Operation("post", "RELAY_URL", hook["post"]) for hook in document["webhooks"].values()]
    parts = [NOTE, "", "# API", "", document["info"]["description"].strip(), "", "## Operations", ""]
    parts += ["| | | |", "|---|---|---|"]
    parts += [f"| {one.method.upper()} | `{one.path}` | [{one.name}](#{one.name.lower()}) |" for one in public]
    parts += ["", f"What staff and their programs may do is on [a page of its own]({STAFF_PAGE}).", ""]
    parts += _in_full(public)
    parts += ["## Webhooks", "", "What we call, by POST, at an address of yours.", ""]
    for one in hooks:
        parts += operation_in_full(*one)
    parts += ["## Schemas", "", *_schemas(document, [one.told for one in (*hooks, *public)])]
    parts += ["## Kinds of problems", "", *kinds_in_full()]
    return "\n".join(parts).rstrip() + "\n"


def for_staff() -> str:
    """The reference of the staff's API, in the order of the day that its examples tell."""
    document = _document()
    days_order = list(dict.fromkeys(one["operation"] for one in examples()))
    staff = [one for one in _operations(document) if one.path.startswith(STAFF)]
    staff.sort(key=lambda one: days_order.index(one.name))
    parts = [
        NOTE,
        "",
        "# API for staff",
        "",
        (DATA / "staff_api.md").read_text("utf-8").strip(),
        "",
        "## Operations",
        "",
    ]
    parts += [*_contents(staff), "## A day", ""]
    parts += _in_full(staff, kinds_at="API.md")
    parts += ["## Schemas", "", *_schemas(document, [one.told for one in staff])]
    return "\n".join(parts).rstrip() + "\n"


PAGES: Mapping[str, Callable[[], str]] = {"API.md": for_guests, STAFF_PAGE: for_staff}


def _document() -> Document:
    return create_app(create_engine("postgresql+psycopg://"), {}).openapi()


def _operations(document: Document) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        yield from (Operation(method, path, told) for method, told in item.items())


def _contents(staff: list[Operation]) -> Iterator[str]:
    """By what it is about: what each operation does, and whom it is for."""
    by_tag: dict[str, list[Operation]] = {}
    for one in staff:
        by_tag.setdefault(one.told["tags"][0], []).append(one)
    for tag, those in by_tag.items():
        yield f"### {tag.capitalize()}"
        yield ""
        yield "| operation | from role | |"
        yield "|---|---|---|"
        for one in those:
            role = NEEDS.get(one.name, "anybody")
            yield f"| [{one.name}](#{one.name}) | {role} | {cell(one.told['description'])} |"
        yield ""


def _in_full(operations: list[Operation], *, kinds_at: str = "") -> Iterator[str]:
    codes = [{code for _, those in refusals_of(one.told) for code in those} for one in operations]
    known = frozenset.intersection(*map(frozenset, codes))
    yield f"Whatever is asked may be refused with {links_to(sorted(known), kinds_at)}."
    yield ""
    for one in operations:
        yield from operation_in_full(*one, known=known, kinds_at=kinds_at)


def _schemas(document: Document, parts: list[Document]) -> Iterator[str]:
    schemas = document["components"]["schemas"]
    return schemas_in_full({name: schemas[name] for name in named(parts, schemas)})


if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
