"""Parts of the API's description as Markdown: operations with their examples, schemas, kinds of problems."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any
from urllib.parse import urlencode

from app.api.openapi import examples
from app.api.proving import HEADER, SCHEME
from app.http.problems import kinds

Document = Mapping[str, Any]

HOST = "http://127.0.0.1:8000"
MOST = 2
"""Entries that are shown of a list."""


def refusals_of(operation: Document) -> Iterator[tuple[str, list[str]]]:
    """The codes of what it may refuse with, by status."""
    for status, answer in operation["responses"].items():
        if problem := answer.get("content", {}).get("application/problem+json"):
            yield status, list(problem.get("examples", {}))


def operation_in_full(
    method: str, path: str, operation: Document, *, known: Set[str] = frozenset(), kinds_at: str = ""
) -> Iterator[str]:
    """`known` are refusals that were told before, `kinds_at` is the page that tells of their kinds."""
    yield f"### {operation['operationId']}"
    yield ""
    yield f"`{method.upper()} {path}`"
    yield ""
    yield operation.get("description", operation["summary"])
    yield ""
    parameters, proof = operation.get("parameters", []), list(_proof(operation))
    if parameters or proof:
        yield "| parameter | in | | |"
        yield "|---|---|---|---|"
        yield from proof
        for one in parameters:
            needed = "required" if one["required"] else ""
            text = one["schema"].get("description", "")
            yield f"| `{one['name']}` | {one['in']} | {needed} | {cell(_type(one['schema']), text)} |"
        yield ""
    for media in operation.get("requestBody", {}).get("content", {}).values():
        yield f"Body: {_type(media['schema'])}"
        yield ""
    yield from _answers(operation, known, kinds_at)
    for one in examples():
        if one["operation"] == operation["operationId"]:
            yield from _example(one)


def _proof(operation: Document) -> Iterator[str]:
    """The header by which guests prove whose an appointment is; OpenAPI does not count it among the parameters."""
    ways = operation.get("security", [])
    if {SCHEME.scheme_name: []} in ways:
        needed = "" if {} in ways else "required"
        yield f"| `{HEADER}` | header | {needed} | {cell('string', SCHEME.model.description or '')} |"


def _answers(operation: Document, known: Set[str], kinds_at: str) -> Iterator[str]:
    for status, answer in operation["responses"].items():
        content = answer.get("content", {})
        if "application/problem+json" not in content:
            shapes = (_type(media["schema"]) if media.get("schema") else kind for kind, media in content.items())
            yield f"- {status}: {', '.join(shapes) or answer['description']}"
    for status, codes in refusals_of(operation):
        if links := links_to((code for code in codes if code not in known), kinds_at):
            yield f"- {status}: {links}"
    yield ""


def links_to(codes: Iterable[str], kinds_at: str = "") -> str:
    return ", ".join(f"[{code}]({kinds_at}#{code})" for code in codes)


def _example(one: Document) -> Iterator[str]:
    request, answer = one["request"], one["answer"]
    query = "?" + urlencode(request["query"], doseq=True) if "query" in request else ""
    lines = [f"curl -i -X {request['method']} '{HOST}{request['address']}{query}'"]
    lines += [f"-H {_quoted(f'{name}: {value}')}" for name, value in request.get("header", {}).items()]
    if "body" in request:
        lines += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(request['body'], ensure_ascii=False)}'"]
    yield f"{one['summary']}:"
    yield ""
    yield "```console"
    yield "$ " + " \\\n    ".join(lines)
    yield f"HTTP/1.1 {answer['status']}"
    yield from (f"{name}: {value}" for name, value in answer["header"].items())
    if body := answer.get("body"):
        yield ""
        yield body.strip().replace("\r", "") if isinstance(body, str) else _shortened(body)
    yield "```"
    yield ""


def _quoted(header: str) -> str:
    return f'"{header}"' if "$" in header else f"'{header}'"


def _shortened(body: object) -> str:
    """Of a long list the first entries, and how many more there are."""

    def shorten(part: object) -> object:
        if isinstance(part, dict):
            return {name: shorten(inside) for name, inside in part.items()}
        if isinstance(part, list):
            more = [f"… {len(part) - MOST} more"] if len(part) > MOST and isinstance(part[0], dict) else []
            return [shorten(one) for one in part[: MOST if more else None]] + more
        return part

    return re.sub(r'"(… \d+ more)"', r"\1", json.dumps(shorten(body), ensure_ascii=False, indent=2))


def named(parts: object, schemas: Document) -> set[str]:
    """The schemas that a part of the description names, and those that they name."""
    found = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(parts)))
    known: set[str] = set()
    while found:
        known |= found
        inside = json.dumps([schemas[name] for name in found])
        found = set(re.findall(r'"#/components/schemas/([^"]+)"', inside)) - known
    return known


def schemas_in_full(schemas: Document) -> Iterator[str]:
    for name, schema in sorted(schemas.items()):
        yield f"### {name}"
        yield ""
        if text := schema.get("description"):
            yield text
            yield ""
        if "enum" in schema:
            yield ", ".join(f"`{value}`" for value in schema["enum"])
            yield ""
        needed = schema.get("required", [])
        if fields := schema.get("properties"):
            yield "| member | | |"
            yield "|---|---|---|"
            for field, told in fields.items():
                there = "always" if field in needed else ""
                yield f"| `{field}` | {there} | {cell(_type(told), told.get('description', ''))} |"
            yield ""


def kinds_in_full() -> Iterator[str]:
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
    if schema.get("type") == "array" and "items" in schema:
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


def cell(*parts: str) -> str:
    return " – ".join(filter(None, parts)).replace("|", "\\|").replace("\n", " ")
