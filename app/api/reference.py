"""Writes docs/API.md from the description of the API: `python -m app.api.reference`."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import create_engine

from app.access.rules import NEEDS
from app.admin.refusals import KNOWN
from app.api.openapi import DATA, examples
from app.http.problems import kinds
from app.settings import CHECKOUT
from app.web import create_app

TARGET = CHECKOUT / "docs" / "API.md"
NOTE = "<!-- Made by `python -m app.api.reference` from the description at /openapi.json; do not edit. -->"
HOST = "http://127.0.0.1:8000"
STAFF = "/api/admin"
ABOUT_STAFF = DATA / "staff_api.md"

Document = Mapping[str, Any]


def reference() -> str:
    """The reference as Markdown."""
    document = create_app(create_engine("postgresql+psycopg://"), {}).openapi()
    public = list(_public(document))
    parts = [NOTE, "", "# API", "", document["info"]["description"].strip(), "", *_contents(public)]
    for method, path, operation in public:
        parts += _operation(method, path, operation)
    hooks = [hook["post"] for hook in document["webhooks"].values()]
    parts += ["## Webhooks", "", "What we call, by POST, at an address of yours.", ""]
    for hook in hooks:
        parts += _operation("post", "RELAY_URL", hook)
    parts += _for_staff(document)
    schemas = document["components"]["schemas"]
    named = _named([*hooks, *(operation for _, _, operation in public)], schemas)
    parts += ["## Schemas", "", *_schemas({name: schemas[name] for name in sorted(named)})]
    parts += ["## Kinds of problems", "", *_kinds()]
    return "\n".join(parts).rstrip() + "\n"


def _public(document: Document) -> Iterator[tuple[str, str, Document]]:
    for path, item in document["paths"].items():
        if not path.startswith(STAFF):
            yield from ((method, path, operation) for method, operation in item.items())


def _named(part: object, schemas: Document) -> set[str]:
    """The schemas that a part of the description names, and those that they name."""
    found = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(part)))
    known: set[str] = set()
    while found:
        known |= found
        inside = json.dumps([schemas[name] for name in found])
        found = set(re.findall(r'"#/components/schemas/([^"]+)"', inside)) - known
    return known


def _contents(public: Sequence[tuple[str, str, Document]]) -> Iterator[str]:
    yield "## Operations"
    yield ""
    yield "| | | |"
    yield "|---|---|---|"
    for method, path, operation in public:
        name = operation["operationId"]
        yield f"| {method.upper()} | `{path}` | [{name}](#{name.lower()}) |"
    yield ""


def _for_staff(document: Document) -> Iterator[str]:
    """The admin API by what it is about: whom each operation is for, what it does, and what may be sent."""
    yield "## For staff and their programs"
    yield ""
    yield ABOUT_STAFF.read_text("utf-8").strip()
    yield ""
    named: dict[str, list[str]] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if path.startswith(STAFF):
                row = _row(method, path, operation)
                named.setdefault(operation["tags"][0], []).append(row)
    for tag, rows in named.items():
        yield f"### {tag.capitalize()} (staff)"
        yield ""
        yield "| operation | from role | | refuses with |"
        yield "|---|---|---|---|"
        yield from rows
        yield ""


def _row(method: str, path: str, operation: Document) -> str:
    role = NEEDS.get(operation["operationId"], "anybody")
    codes = {
        code
        for answer in operation["responses"].values()
        for code in answer.get("content", {}).get("application/problem+json", {}).get("examples", {})
    }
    special = ", ".join(f"[{code}](#{code})" for code in sorted(codes - set(KNOWN) - {"internal", "unknown_workshop"}))
    return f"| `{method.upper()} {path}` | {role} | {_cell(operation['description'])} | {special} |"


def _operation(method: str, path: str, operation: Document) -> Iterator[str]:
    yield f"### {operation['operationId']}"
    yield ""
    yield f"`{method.upper()} {path}`"
    yield ""
    yield operation.get("description", operation["summary"])
    yield ""
    if parameters := operation.get("parameters", []):
        yield "| parameter | in | | |"
        yield "|---|---|---|---|"
        for one in parameters:
            needed = "required" if one["required"] else ""
            text = one["schema"].get("description", "")
            yield f"| `{one['name']}` | {one['in']} | {needed} | {_cell(_type(one['schema']), text)} |"
        yield ""
    for media in operation.get("requestBody", {}).get("content", {}).values():
        yield f"Body: {_type(media['schema'])}"
        yield ""
    yield from _answers(operation)
    for one in examples():
        if one["operation"] == operation["operationId"]:
            yield from _example(one)


def _answers(operation: Document) -> Iterator[str]:
    for status, answer in operation["responses"].items():
        content = answer.get("content", {})
        if problem := content.get("application/problem+json"):
            named = problem.get("examples", {})
            links = ", ".join(f"[{code}](#{code})" for code in named)
            yield f"- {status}: {links}"
        else:
            shapes = ", ".join(_type(media.get("schema", {})) for media in content.values())
            yield f"- {status}: {shapes or answer['description']}"
    yield ""


def _example(one: Document) -> Iterator[str]:
    request, answer = one["request"], one["answer"]
    query = "?" + urlencode(request["query"], doseq=True) if "query" in request else ""
    lines = [f"curl -i -X {request['method']} '{HOST}{request['address']}{query}'"]
    lines += [f"-H '{name}: {value}'" for name, value in request.get("header", {}).items()]
    if "body" in request:
        lines += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(request['body'], ensure_ascii=False)}'"]
    yield f"{one['summary']}:"
    yield ""
    yield "```console"
    yield "$ " + " \\\n    ".join(lines)
    yield f"HTTP/1.1 {answer['status']}"
    yield from (f"{name}: {value}" for name, value in answer["header"].items())
    if "body" in answer:
        yield ""
        yield json.dumps(answer["body"], ensure_ascii=False, indent=2)
    yield "```"
    yield ""


def _schemas(schemas: Document) -> Iterator[str]:
    for name, schema in schemas.items():
        yield f"### {name}"
        yield ""
        if text := schema.get("description"):
            yield text
            yield ""
        if "enum" in schema:
            yield ", ".join(f"`{value}`" for value in schema["enum"])
        needed = schema.get("required", [])
        if fields := schema.get("properties"):
            yield "| member | | |"
            yield "|---|---|---|"
            for field, told in fields.items():
                there = "always" if field in needed else ""
                yield f"| `{field}` | {there} | {_cell(_type(told), told.get('description', ''))} |"
        yield ""


def _kinds() -> Iterator[str]:
    for kind in kinds().values():
        yield f"### {kind.code}"
        yield ""
        yield f"{kind.status} · {kind.title['en']} · {kind.title['de']}"
        yield ""
        yield kind.about
        yield ""


def _type(schema: Document) -> str:
    """A schema in a few words, with a link where there are more."""
    if reference := schema.get("$ref"):
        name = reference.rsplit("/", 1)[1]
        return f"[{name}](#{name.lower()})"
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(_type(one) for one in schema[several])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    kind = schema.get("type", "anything")
    kind = " or ".join(kind) if isinstance(kind, list) else kind
    rules = [schema["format"]] if "format" in schema else []
    rules += [f"{word} {_exact(schema[rule])}" for rule, word in _RULES.items() if rule in schema]
    rules += [f"one of {', '.join(map(str, schema['enum']))}"] if "enum" in schema else []
    return ", ".join([kind, *rules])


def _exact(limit: object) -> object:
    """Some limits of integers are described as floats."""
    return int(limit) if isinstance(limit, float) and limit.is_integer() else limit


_RULES = {
    "minimum": "from",
    "maximum": "to",
    "minLength": "at least",
    "maxLength": "at most",
    "default": "default",
}


def _cell(*parts: str) -> str:
    return " – ".join(filter(None, parts)).replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
