"""The disk is full: nothing can be written, what is there can be read, and once there is room all goes on by itself."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.database import engine_for
from app.embedded import Postgres, shared
from app.embedded.account import server_account
from app.migrating import migrate
from booking_core.tables import AppointmentRow
from tests.app.api.house import fresh_key
from tests.app.eventually import eventually
from tests.faults.house import House, a_house
from tests.faults.test_crashes import at_ten

MEGABYTE = 1024 * 1024
ENOUGH = 300
"""Bookings after which what the database has in reserve is used up."""


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 160 MB in memory; whoever may not mount one has to do without this test."""
    with TemporaryDirectory() as place:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", place], capture_output=True)
        if mounted.returncode:
            pytest.skip("only root can mount a small disk, and not everywhere")
        try:
            account = server_account(Path(place))
            os.chown(place, account.pw_uid, account.pw_gid)
            Path(place).chmod(0o700)
            yield Path(place)
        finally:
            subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture
def cramped(small_disk: Path) -> Iterator[House]:
    """A house whose database lies on the small disk, and its server at work."""
    with ExitStack() as stack:
        engine = stack.enter_context(engine_for(stack.enter_context(shared(Postgres(), small_disk))))
        migrate(engine)
        house = stack.enter_context(a_house(engine, lifts=ENOUGH, redis=False))
        house.serve()
        yield house


def fill(disk: Path) -> Path:
    """Take all the room that is left."""
    filling = disk / "filling"
    with suppress(OSError), filling.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(MEGABYTE))
    with suppress(OSError), filling.open("ab", buffering=0) as file:
        while True:
            file.write(bytes(512))
    return filling


def book(house: House, number: int, start: datetime) -> httpx.Response:
    body = {
        "workshop_id": house.garage.workshop,
        "service_ids": [house.garage.service],
        "start": start.isoformat(),
        "customer": {"name": "Petra Müller", "email": f"petra{number}@example.de"},
    }
    headers = fresh_key() | {"X-Forwarded-For": f"10.1.{number // 250}.{number % 250}"}
    return httpx.post(f"{house.url}/api/appointments", json=body, headers=headers, timeout=30)


@pytest.mark.long
def test_a_full_disk_costs_patience_and_nothing_else(cramped: House, small_disk: Path) -> None:
    start = at_ten(cramped.now + timedelta(days=3))  # Asked once: a database without a disk may die at any word.
    booked = [book(cramped, 0, start).json()["code"]]
    filling = fill(small_disk)
    for number in range(1, ENOUGH):
        answer = book(cramped, number, start)
        if answer.status_code != 201:
            break
        booked.append(answer.json()["code"])
    assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (503, True)
    wish: dict[str, str | int] = {"workshop_id": cramped.garage.workshop, "service_id": cramped.garage.service}
    assert httpx.get(f"{cramped.url}/api/slots", params=wish, timeout=30).status_code == 200

    with suppress(DBAPIError), cramped.engine.connect() as connection:
        connection.execute(text("SELECT pg_switch_wal()"))  # The next entry of its log needs a new file.
    assert book(cramped, ENOUGH, start).status_code == 503
    assert httpx.get(f"{cramped.url}/healthz", timeout=30).status_code == 200

    filling.unlink()
    eventually(cramped.answers, seconds=120)
    booked.append(book(cramped, ENOUGH + 1, start).json()["code"])
    with Session(cramped.engine) as session:
        confirmed = session.scalars(select(AppointmentRow.public_code).where(AppointmentRow.status == "confirmed"))
        assert sorted(confirmed) == sorted(booked)
    assert cramped.broken() == []
