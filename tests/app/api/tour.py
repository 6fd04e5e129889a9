"""A walk through the API on the demonstration's workshops: the requests and answers that its description shows."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from sqlalchemy.orm import Session

from app import demo
from app.api.openapi import EXAMPLES
from app.api.refusals import REQUEST_ID
from app.clock import set_clock
from app.database import engine_for
from app.http.site import Site
from app.throwaway import template_database, throwaway_database
from app.web import create_app
from tests.app.api.conftest import PLENTY
from tests.app.serving import client_of
from tests.booking_core.builders import NOW

CODES = ("7KQ4-M2XN-P9RT", "3FHW-8D6T-Q2JV", "Z5C1-R7YB-4NXK", "M8G2-T4KP-W6SD", "Q1VJ-X9E3-5HBF")
PROOFS = tuple(f"{letter}r3vQk1mT8yJ0cWbXn5LhA2dEfGuPsRo" for letter in "ZKTWB")
MAIL = {"name": "Petra Müller", "email": "petra@example.de", "phone": "+491701234567"}
TOLD = ("ETag", "Location", "Link", "Retry-After", "Idempotency-Replayed", "Content-Type", "WWW-Authenticate")


@dataclass
class Tour:
    """Asks, and writes down what was answered, with codes and proofs that are the same each time."""

    client: httpx.Client
    steps: list[dict[str, Any]] = field(default_factory=list)
    known: dict[str, str] = field(default_factory=dict)
    keys: Iterator[int] = field(default_factory=count)

    def ask(
        self,
        operation: str,
        name: str,
        summary: str,
        method: str,
        path: str,
        *,
        query: dict[str, Any] | None = None,
        body: dict[str, Any] | None = None,
        **headers: str,
    ) -> httpx.Response:
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        answer = self.client.request(
            method, path, params=query, json=body, headers=named | {"X-Request-ID": REQUEST_ID}
        )
        self._learn(answer)
        request: dict[str, Any] = {"method": method, "address": path}
        request |= {"path": {"code": path.rsplit("/", 1)[1]}} if operation.endswith("Appointment") else {}
        request |= {"query": query} if query else {}
        request |= {"header": named} if named else {}
        request |= {"body": body} if body else {}
        told: dict[str, Any] = {"status": answer.status_code}
        told["header"] = {one: answer.headers[one] for one in TOLD if one in answer.headers}
        told |= {"body": answer.json()} if answer.content else {}
        step = {"operation": operation, "name": name, "summary": summary, "request": request, "answer": told}
        self.steps.append(self._disguised(step))
        return answer

    def key(self) -> str:
        return f"8e03978e-40d5-43dd-bc93-{next(self.keys):012x}"

    def _learn(self, answer: httpx.Response) -> None:
        if answer.status_code == 201 and answer.json()["code"] not in self.known:
            number = len(self.known) // 2
            self.known |= {answer.json()["code"]: CODES[number], answer.json()["proof"]: PROOFS[number]}

    def _disguised(self, step: dict[str, Any]) -> dict[str, Any]:
        text = json.dumps(step, ensure_ascii=False)
        for true, shown in self.known.items():
            text = text.replace(true, shown)
        text = re.sub(r'("reserved_until": "2026-11-23T10:1)[^+]*\+', r"\g<1>0:00+", text)
        disguised: dict[str, Any] = json.loads(text)
        return disguised


def written(steps: list[dict[str, Any]]) -> str:
    return json.dumps(steps, ensure_ascii=False, indent=1) + "\n"


@contextmanager
def demo_town(server: str) -> Iterator[httpx.Client]:
    """The demonstration's workshops on a Monday morning."""
    template = template_database(server, kind="demo", fill=demo.fill, sources=demo.SOURCES)
    with throwaway_database(server, template) as url, engine_for(url) as engine:
        with Session(engine) as session, session.begin():
            set_clock(session, NOW)
        with client_of(create_app(engine, {}, Site(rates=PLENTY))) as client:
            yield client


def walk(client: httpx.Client) -> list[dict[str, Any]]:
    tour = Tour(client)
    _look_around(tour)
    _book(tour)
    _be_refused(tour)
    return tour.steps


def _look_around(tour: Tour) -> None:
    near = {"plz": "50667", "limit": 2}
    tour.ask("listWorkshops", "near", "The two nearest to a postcode", "GET", "/api/workshops", query=near)
    town = {"city": "Bonn"}
    tour.ask("listWorkshops", "town", "Those of a town", "GET", "/api/workshops", query=town)
    here = {"workshop_id": 3}
    tour.ask("listServices", "all", "What a workshop does", "GET", "/api/services", query=here)
    nowhere = {"workshop_id": 4711}
    tour.ask("listServices", "nobody", "No such workshop", "GET", "/api/services", query=nowhere)
    wanted = {"workshop_id": 1, "service_id": [1]}
    day = wanted | {"date": "2026-11-24", "limit": 2}
    tour.ask("findSlots", "day", "Free times on a day", "GET", "/api/slots", query=day)
    two = {"workshop_id": 1, "service_id": [1, 4], "date": "2026-11-24", "days": 7, "limit": 1}
    tour.ask("findSlots", "two", "Two services in one visit", "GET", "/api/slots", query=two)
    holiday = wanted | {"date": "2026-12-25"}
    tour.ask("findSlots", "none", "Nothing free, and why", "GET", "/api/slots", query=holiday)
    wrong = wanted | {"date": "Christmas"}
    tour.ask("findSlots", "wrong", "A day that is none", "GET", "/api/slots", query=wrong)


def _slot(day: str) -> dict[str, Any]:
    return {"workshop_id": 1, "service_ids": [1], "start": f"{day}:00+01:00"}


def _book(tour: Tour) -> None:
    golf = {"plate": "K-AB 1234", "make": "VW", "model": "Golf", "year": 2019}
    key = tour.key()
    held = tour.ask(
        "holdSlot", "hold", "Keep a time", "POST", "/api/holds", body=_slot("2026-11-24T10:00"), Idempotency_Key=key
    ).json()
    body = {"hold": held["code"], "customer": MAIL, "vehicle": golf}
    tour.ask(
        "bookAppointment",
        "confirm",
        "Confirm a hold",
        "POST",
        "/api/appointments",
        body=body,
        Idempotency_Key=tour.key(),
        Appointment_Proof=held["proof"],
    )
    path, proof = f"/api/appointments/{held['code']}", held["proof"]
    tour.ask("showAppointment", "mine", "With its proof", "GET", path, Appointment_Proof=proof)
    tour.ask("showAppointment", "name", "With the last name", "GET", path, Appointment_Proof="Mueller")
    tour.ask("showAppointment", "known", "As you know it", "GET", path, Appointment_Proof=proof, If_None_Match='"2"')
    other = {"start": "2026-11-25T14:00:00+01:00"}
    tour.ask(
        "moveAppointment",
        "move",
        "To the day after",
        "PATCH",
        path,
        body=other,
        Appointment_Proof=proof,
        If_Match='"2"',
    )
    tour.ask(
        "moveAppointment", "old", "It was moved", "PATCH", path, body=other, Appointment_Proof=proof, If_Match='"2"'
    )
    tour.ask("moveAppointment", "any", "No version", "PATCH", path, body=other, Appointment_Proof=proof)
    tour.ask("cancelAppointment", "cancel", "Cancel it", "DELETE", path, Appointment_Proof=proof, If_Match='"3"')
    tour.ask(
        "moveAppointment", "over", "It is cancelled", "PATCH", path, body=other, Appointment_Proof=proof, If_Match="*"
    )


def _be_refused(tour: Tour) -> None:
    guest = {"name": "Jo Li", "phone": "+4922198765"}
    key, soon = tour.key(), _slot("2026-11-23T13:00") | {"customer": guest}
    booked = tour.ask(
        "bookAppointment", "book", "Book in one go", "POST", "/api/appointments", body=soon, Idempotency_Key=key
    ).json()
    path, proof = f"/api/appointments/{booked['code']}", booked["proof"]
    tour.ask("cancelAppointment", "late", "Three hours before", "DELETE", path, Appointment_Proof=proof, If_Match="*")
    tour.ask("showAppointment", "guess", "A wrong proof", "GET", path, Appointment_Proof="Meier")
    tour.ask("showAppointment", "nothing", "No proof", "GET", path)
    again = soon | {"customer": MAIL}
    tour.ask(
        "bookAppointment", "used", "A key used before", "POST", "/api/appointments", body=again, Idempotency_Key=key
    )
    tour.ask("holdSlot", "keyless", "No key", "POST", "/api/holds", body=_slot("2026-11-24T10:00"))
    for name, summary, day in (
        ("holiday", "On a holiday", "2026-12-25T10:00"),
        ("grid", "Off the grid", "2026-11-24T10:07"),
    ):
        tour.ask("holdSlot", name, summary, "POST", "/api/holds", body=_slot(day), Idempotency_Key=tour.key())


def rewrite(steps: list[dict[str, Any]]) -> None:
    EXAMPLES.write_text(written(steps), encoding="utf-8")
