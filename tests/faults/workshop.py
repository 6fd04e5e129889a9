"""A workshop with many customers by SMS, the real worker as a process, and a bell that can break."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import IO, Protocol

from redis import Redis, RedisError
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.clock import database_now, set_clock
from app.embedded import Valkey
from app.providers.twilio_messages import ACCOUNT, SMS, TOKEN
from booking_core import appointments
from booking_core.register import Appointment
from booking_core.reservations import hold_slot
from booking_core.tables import ChannelIdentityRow
from booking_core.values import UserId
from tests.app.eventually import eventually
from tests.app.ports import free_port
from tests.booking_core.builders import Garage, a_customer

WERKSTATT = [sys.executable, "-c", "from app.cli import main; main()"]
NOWHERE = "redis://127.0.0.1:1/0"


@dataclass
class Bell:
    """A Valkey of our own, to be killed and started again on the same port."""

    place: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        binary = Valkey().binary()
        assert binary is not None
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen([binary, *options], cwd=self.place, stdout=subprocess.DEVNULL)
        eventually(self._answers)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def flush(self) -> None:
        with Redis.from_url(self.url) as client:
            client.flushall()

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except RedisError:
            return False


@contextmanager
def a_redis() -> Iterator[Bell]:
    with TemporaryDirectory() as place:
        redis = Bell(Path(place), free_port())
        redis.start()
        try:
            yield redis
        finally:
            redis.kill()


class Reached(Protocol):
    """Somebody who plays Twilio at an address."""

    url: str


def start_worker(engine: Engine, twilio: Reached, redis_url: str, told: IO[bytes]) -> subprocess.Popen[bytes]:
    settings = {
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "REDIS_URL": redis_url,
        "PUBLIC_URL": "http://127.0.0.1:1",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": twilio.url,
        "TWILIO_SMS_FROM": SMS,
        "SMS_PER_DAY": "1000000",
        "TELEGRAM_TOKEN": "",
        "SMTP_URL": "",
    }
    return subprocess.Popen([*WERKSTATT, "worker"], env=os.environ | settings, stderr=told)


@contextmanager
def at_work(engine: Engine, twilio: Reached, redis_url: str = NOWHERE) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that has begun; killed at the end if it has not gone before."""
    with NamedTemporaryFile() as told:
        process = start_worker(engine, twilio, redis_url, told)
        try:
            eventually(lambda: b"At work" in Path(told.name).read_bytes(), seconds=120)
            yield process
        finally:
            process.kill()
            process.wait()


def clock(engine: Engine) -> datetime:
    with Session(engine) as session:
        return database_now(session)


def set_time(engine: Engine, now: datetime) -> None:
    """For all processes on this database."""
    with Session(engine) as session, session.begin():
        set_clock(session, now)


def pass_time(engine: Engine, by: timedelta) -> None:
    set_time(engine, clock(engine) + by)


def a_customer_by_sms(session: Session, number: str) -> UserId:
    user = a_customer(session)
    session.add(ChannelIdentityRow(user_id=user, channel="sms", external_id=number))
    session.flush()
    return user


def book(session: Session, garage: Garage, user: UserId, start: datetime, now: datetime) -> Appointment:
    hold = hold_slot(session, garage.slot(f"{start:%Y-%m-%d %H:%M}"), user, channel="sms", now=now)
    return appointments.confirm(session, hold.id, user, now=now)
