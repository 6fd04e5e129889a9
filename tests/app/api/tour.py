"""Asks the API and writes down what was answered, in words that are the same each time."""

import json
import random
import re
import string
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from itertools import count
from typing import Any

import httpx
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import demo
from app.api.refusals import REQUEST_ID
from app.clock import set_clock
from app.database import engine_for
from app.http.site import Site
from app.throwaway import template_database, throwaway_database
from app.web import create_app
from tests.app.api.conftest import PLENTY
from tests.app.serving import client_of
from tests.booking_core.builders import NOW

Step = dict[str, Any]

TOLD = (
    *("ETag", "Location", "Link", "Retry-After", "Idempotency-Replayed"),
    *("Content-Type", "Content-Disposition", "Set-Cookie", "WWW-Authenticate"),
)
CAPITALS, LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", string.digits + string.ascii_letters
CHANCE = {
    r'"code": "(\w{4}-\w{4}-\w{4})"': ("4-4-4", CAPITALS),
    r'"proof": "([\w-]{32})"': ("32", LETTERS),
    r'"prefix": "wbk_(\w{8})"': ("8", "0123456789abcdef"),
    r'"secret": "wbk_\w{8}_([\w-]{43})"': ("36", LETTERS),  # Too short to be taken for a key that leaked.
    r'"secret": "([A-Z2-7]{32})"': ("32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"),
    r'"path": "/api/admin/feeds/([\w-]{43})\.ics"': ("43", LETTERS),
    r'"password": "(\w{5}-\w{5}-\w{5}-\w{5})"': ("5-5-5-5", string.ascii_lowercase),
    r'"form_token": "([0-9a-f]{64})"': ("64", "0123456789abcdef"),
    r'"code": "(\d{6})"': ("6", string.digits),
    r'"Set-Cookie": "werkstatt=([\w-]{43})': ("43", LETTERS),
    r'"hash": "([0-9a-f]{64})"': ("64", "0123456789abcdef"),
}
"""Where an answer tells what chance made, and the shape and the letters of what is written down instead."""

TODAY = {
    r'(?<="created_at": ")[^"]+\.\d+Z': NOW.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    r"(?<=DTSTAMP:20261123T090)\d{3}": "000",
    r'(?<="last_used_on": ")[^"]+': str(NOW.date()),
    r"(?<=expires=)[^;]+": "Mon, 23 Nov 2026 09:00:00 GMT",
}
"""Where an answer tells the day or the minute in another way, or by the server's own clock."""


@dataclass
class Tour:
    """`known` is what is written down as something else."""

    client: httpx.Client
    engine: Engine
    steps: list[Step] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    keys: Iterator[int] = field(default_factory=count)

    def __post_init__(self) -> None:
        paths = self.client.get("/openapi.json").json()["paths"]
        self.operations = {
            operation["operationId"]: (method.upper(), path)
            for path, item in paths.items()
            for method, operation in item.items()
        }

    def ask(
        self,
        operation: str,
        name: str,
        summary: str,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        **headers: str,
    ) -> httpx.Response:
        method, template = self.operations[operation]
        address = template.format_map(path or {})
        header = {key.replace("_", "-"): value for key, value in headers.items()}
        answer = self.client.request(
            method, address, params=query, json=body, headers=header | {"X-Request-ID": REQUEST_ID}
        )
        self.client.cookies.clear()
        names = {name: value for name, value in (path or {}).items() if f"{{{name}}}" in template}
        parts = {"path": names, "query": query, "header": header, "body": body}
        request = {"method": method, "address": address} | {part: told for part, told in parts.items() if told}
        step = {"operation": operation, "name": name, "summary": summary, "request": request, "answer": _told(answer)}
        self.steps.append(self._disguised(step))
        return answer

    def key(self) -> str:
        return f"8e03978e-40d5-43dd-bc93-{next(self.keys):012x}"

    def _disguised(self, step: Step) -> Step:
        """The clock stands still meanwhile on the last full five minutes, and the calendar on the first day."""
        text = json.dumps(step, ensure_ascii=False)
        for pattern, (shape, letters) in CHANCE.items():
            for true in re.findall(pattern, text):
                self.known.setdefault(true, _made_up(shape, letters, seed=len(self.known)))
        for today, then in TODAY.items():
            text = re.sub(today, then, text)
        text = re.sub(r"(T\d\d:\d)(\d):\d\d\.\d+", lambda at: f"{at[1]}{int(at[2]) // 5 * 5}:00", text)
        for true, shown in self.known.items():
            text = text.replace(true, shown)
        disguised: Step = json.loads(text)
        return disguised


def _told(answer: httpx.Response) -> Step:
    told: Step = {"status": answer.status_code}
    told["header"] = {one: answer.headers[one] for one in TOLD if one in answer.headers}
    if answer.content:
        told["body"] = answer.json() if "json" in answer.headers["Content-Type"] else answer.text
    return told


def _made_up(shape: str, letters: str, *, seed: int) -> str:
    dice = random.Random(seed)
    return "-".join("".join(dice.choices(letters, k=int(size))) for size in shape.split("-"))


def written(steps: list[Step]) -> str:
    return json.dumps(steps, ensure_ascii=False, indent=1) + "\n"


@contextmanager
def demo_town(server: str) -> Iterator[Tour]:
    """To the demonstration's workshops, on a Monday morning."""
    template = template_database(server, kind="demo", fill=demo.fill, sources=demo.SOURCES)
    with throwaway_database(server, template) as url, engine_for(url) as engine:
        with Session(engine) as session, session.begin():
            set_clock(session, NOW)
        with client_of(create_app(engine, {}, Site(rates=PLENTY))) as client:
            yield Tour(client, engine)
