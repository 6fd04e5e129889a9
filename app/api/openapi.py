"""The description of all our operations (OpenAPI 3.1), with examples that were really answered."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.api.problem_schema import PROBLEM
from app.api.refusals import refusals

DATA = Path(__file__).parent.parent / "data"
EXAMPLES = ("api_examples.json", "staff_api_examples.json")
TAGS = [
    {"name": "workshops", "description": "Which workshops there are, and what they do"},
    {"name": "slots", "description": "When there is time, and why not"},
    {"name": "appointments", "description": "Holds and appointments, for whoever can prove that they are theirs"},
    {"name": "webhooks", "description": "What we tell a relay of yours"},
]
NEEDED = {"Idempotency-Key", "If-Match"}
"""Headers whose absence has a problem of its own, so that no parameter may simply be required."""


def describe(app: FastAPI) -> dict[str, Any]:
    """The whole document, made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title="werkstatt-bot",
            version=version("werkstatt-bot"),
            summary="Appointments with car workshops",
            description=(DATA / "api.md").read_text("utf-8"),
            routes=app.routes,
            webhooks=app.webhooks.routes,
            tags=TAGS,
            servers=[{"url": app.state.site.public_url or "/"}],
            license_info={"name": "MIT", "identifier": "MIT"},
        )
        schemas = document["components"]["schemas"]
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        schemas["Problem"] = PROBLEM
        for operation in operations(document):
            _mend(operation)
        for hook in document["webhooks"].values():
            del hook["post"]["responses"]["422"]  # What FastAPI would refuse; here others answer.
        app.openapi_schema = document
    return app.openapi_schema


def operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from (operation for operation in path.values() if "operationId" in operation)


@cache
def examples() -> list[dict[str, Any]]:
    """Requests and their answers, a guest's and then staff's, in an order in which they can be made."""
    return [one for name in EXAMPLES for one in json.loads((DATA / name).read_text("utf-8"))]


def _mend(operation: dict[str, Any]) -> None:
    _refuse(operation["responses"], body="requestBody" in operation)
    mine = [one for one in examples() if one["operation"] == operation["operationId"]]
    for parameter in operation.get("parameters", ()):
        _mend_parameter(parameter, mine)
    for one in mine:
        _show(operation, one)


def _refuse(responses: dict[str, Any], *, body: bool) -> None:
    """What FastAPI says of invalid requests is not what we answer."""
    if "HTTPValidationError" in json.dumps(responses.get("422", {})):
        del responses["422"]
    for status, told in refusals(body=body).items():
        responses.setdefault(str(status), told)


def _mend_parameter(parameter: dict[str, Any], mine: list[dict[str, Any]]) -> None:
    """In an address or a header nothing can be null."""
    schema = parameter["schema"]
    if alternatives := schema.pop("anyOf", None):
        schema |= next(one for one in alternatives if one.get("type") != "null")
    name = parameter["name"] = next((one for one in NEEDED if one.lower() == parameter["name"]), parameter["name"])
    parameter["required"] = parameter["required"] or name in NEEDED
    sent = [one["request"][parameter["in"]][name] for one in mine if name in one["request"].get(parameter["in"], {})]
    if sent:
        parameter["example"] = sent[0]


def _show(operation: dict[str, Any], one: dict[str, Any]) -> None:
    """Put an example where it belongs; one that was really refused replaces the made-up one of its kind."""
    shown = {"summary": one["summary"]}
    if "body" in one["request"] and one["answer"]["status"] < 300:
        content = operation["requestBody"]["content"]["application/json"]
        content.setdefault("examples", {})[one["name"]] = shown | {"value": one["request"]["body"]}
    answer = operation["responses"][str(one["answer"]["status"])]
    if "body" in one["answer"]:
        [media] = answer["content"].values()
        name = one["answer"]["body"]["code"] if one["answer"]["status"] >= 400 else one["name"]
        media.setdefault("examples", {})[name] = shown | {"value": one["answer"]["body"]}
