"""What the tests of the API say over and over."""

import uuid
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import Engine

from booking_core.values import ServiceId
from tests.booking_core.builders import Garage

PETRA = {"name": "Petra Müller", "email": "petra@example.de", "phone": "+491701234567"}


def somebody() -> dict[str, str]:
    """A guest to whose mailbox we never wrote."""
    return PETRA | {"email": f"petra.{uuid.uuid4().hex}@example.de"}


def fresh_key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


@dataclass(frozen=True)
class Mine:
    """An appointment as its guest knows it."""

    code: str
    headers: dict[str, str]
    etag: str
    shown: dict[str, Any]

    @property
    def path(self) -> str:
        return f"/api/appointments/{self.code}"

    @property
    def may_change(self) -> dict[str, str]:
        return self.headers | {"If-Match": self.etag}


@dataclass(frozen=True)
class House:
    engine: Engine
    client: httpx.Client
    garage: Garage
    wheels: ServiceId

    def slots(self, day: str, **wanted: Any) -> dict[str, Any]:
        answer = self.ask(day, **wanted)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    def ask(self, day: str, **wanted: Any) -> httpx.Response:
        asked: dict[str, Any] = {"workshop_id": self.garage.workshop, "service_id": self.garage.service, "date": day}
        return self.client.get("/api/slots", params=asked | wanted)

    def slot(self, start: str) -> dict[str, Any]:
        """ "2026-11-24T10:00" on a Berlin clock in winter, to be held or booked."""
        services = [self.garage.service]
        return {"workshop_id": self.garage.workshop, "service_ids": services, "start": f"{start}:00+01:00"}

    def try_to_hold(self, start: str, **headers: str) -> httpx.Response:
        return self.client.post("/api/holds", json=self.slot(start), headers=fresh_key() | headers)

    def try_to_book(
        self, start: str, *, headers: dict[str, str] | None = None, customer: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        body = self.slot(start) | {"customer": customer or PETRA} | more
        return self.client.post("/api/appointments", json=body, headers=headers or fresh_key())

    def book(self, start: str, **more: Any) -> Mine:
        return mine(self.try_to_book(start, **more))

    def hold(self, start: str) -> Mine:
        return mine(self.try_to_hold(start))

    def show(self, one: Mine) -> httpx.Response:
        return self.client.get(one.path, headers=one.headers)


def mine(made: httpx.Response) -> Mine:
    assert made.status_code == 201, made.text
    shown = made.json()
    return Mine(shown["code"], {"Appointment-Proof": shown["proof"]}, made.headers["ETag"], shown)


def refused(answer: httpx.Response) -> tuple[int, str]:
    """The status and the code of a problem."""
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]
