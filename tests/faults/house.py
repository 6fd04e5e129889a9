"""The whole house, in the hand of a test: its processes, its servers, the wires between them, and a clock to turn."""

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import URL, Engine, select
from sqlalchemy.orm import Session

from app import rounds
from app.crash_points import VARIABLE
from app.database import session_factory
from app.providers.mail import Mailbox
from app.providers.telegram import SECRET, Telegram
from app.providers.telegram import TOKEN as TELEGRAM_TOKEN
from app.providers.twilio import Twilio
from app.providers.twilio_messages import ACCOUNT, SMS, TOKEN
from booking_core.tables import OutboxRow
from tests.app.eventually import eventually
from tests.app.ports import free_port
from tests.booking_core.builders import NOW, Garage, a_garage
from tests.faults.invariants import violations
from tests.faults.nursery import Child, Nursery, a_nursery
from tests.faults.proxy import Wire
from tests.faults.workshop import NOWHERE, Bell, a_redis, clock, pass_time, set_time

EVERY_DAY = {day: [["08:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
LEASES = timedelta(minutes=3)
"""Longer than any lease, and than any doubt that is not looked into."""


@dataclass
class House:
    engine: Engine
    garage: Garage
    nursery: Nursery
    telegram: Telegram
    twilio: Twilio
    mailbox: Mailbox
    redis: Bell | None
    port: int
    settings: dict[str, str]
    children: list[Child] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self, *, crash: str = "", ready: bool = True, **settings: str) -> Child:
        child = self._bear(["serve", "--port", str(self.port)], settings | {VARIABLE: crash})
        if ready:
            eventually(lambda: not child.alive or self.answers(), seconds=120)
        return child

    def work(self, *, crash: str = "", **settings: str) -> Child:
        """Worker, beat and drain loop as one process."""
        child = self._bear(["worker"], settings | {VARIABLE: crash})
        eventually(lambda: not child.alive or child.says("At work"), seconds=120)
        return child

    def celery(self, *, crash: str = "", **settings: str) -> Child:
        """Celery's own worker, with hands that are processes."""
        command = ["celery", "-A", "app.worker", "worker", "--concurrency", "2", "--loglevel", "WARNING"]
        return self._bear(command, settings | {VARIABLE: crash})

    def beat(self, **settings: str) -> Child:
        return self._bear(["celery", "-A", "app.worker", "beat", "--scheduler", "celery.beat:Scheduler"], settings)

    def _bear(self, command: list[str], settings: Mapping[str, str]) -> Child:
        child = self.nursery.bear(command, self.settings | dict(settings))
        self.children = [*(one for one in self.children if one.alive), child]
        return child

    def end_all(self) -> None:
        for child in self.children:
            if child.alive:
                child.tell_all(signal.SIGCONT)
                child.kill()
        self.children.clear()

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def pass_time(self, by: timedelta) -> None:
        pass_time(self.engine, by)

    @property
    def now(self) -> datetime:
        return clock(self.engine)

    def letters(self) -> list[OutboxRow]:
        with Session(self.engine) as session:
            return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))

    def settled(self) -> bool:
        """Whether no letter waits, is on its way or in doubt."""
        return all(
            row.state in {"sent", "refused"} or (row.state == "unknown" and not row.check_at) for row in self.letters()
        )

    def come_to_rest(self, until: Callable[[], bool] = lambda: True, *, seconds: float = 60) -> None:
        """Let what waits for a lease or a doubt be done, `until` it is; then everything holds that always must."""
        deadline = time.monotonic() + seconds
        while True:
            self.pass_time(LEASES)
            rounds.expire_holds(session_factory(self.engine), {})  # Where no worker does.
            if happens(lambda: until() and self.settled() and not self.broken(), seconds=8):
                return
            assert time.monotonic() < deadline, f"{self.broken()} {[row.state for row in self.letters()][-5:]}"

    def broken(self) -> list[str]:
        with Session(self.engine) as session:
            return violations(session)


def happens(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Whether it comes true within this time."""
    try:
        eventually(condition, seconds=seconds)
    except AssertionError:
        return False
    return True


@contextmanager
def a_wire_to_the_database(engine: Engine) -> Iterator[tuple[Wire, str]]:
    """The wire, and the URL by which to go over it."""
    url: URL = engine.url
    folder = url.query.get("host")
    there = str(Path(str(folder)) / ".s.PGSQL.5432") if folder else (url.port or 5432)
    with Wire(there).open() as wire:
        yield wire, url.set(host="127.0.0.1", port=wire.port, query={}).render_as_string(hide_password=False)


@contextmanager
def a_house(
    engine: Engine, *, redis: bool = True, lifts: int = 20, now: datetime = NOW, **settings: str
) -> Iterator[House]:
    """Nobody is at work in it yet. `settings` win over the usual ones."""
    with ExitStack() as stack:
        place = Path(stack.enter_context(TemporaryDirectory()))
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        set_time(engine, now)
        with Session(engine) as session, session.begin():
            garage = a_garage(session, lifts=lifts, opening_hours=EVERY_DAY, cancel_cutoff=0, state="BE")
        telegram = stack.enter_context(Telegram(webhook=f"{url}/webhooks/telegram").running())
        twilio = stack.enter_context(Twilio(public_url=url, reports=0).running())
        mailbox = stack.enter_context(Mailbox().running())
        bell = stack.enter_context(a_redis()) if redis else None
        for provider in (telegram, twilio):
            provider.clock = lambda: clock(engine)
        ours = {
            "DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "REDIS_URL": bell.url if bell else NOWHERE,
            "PUBLIC_URL": url,
            "TRUSTED_PROXIES": "1",
            "TELEGRAM_TOKEN": TELEGRAM_TOKEN,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TELEGRAM_API_URL": telegram.url,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_URL": twilio.url,
            "TWILIO_SMS_FROM": SMS,
            "SMTP_URL": mailbox.url,
            "MAIL_FROM": "Werkstatt Muster <termin@example.de>",
        }
        house = House(
            engine,
            garage,
            stack.enter_context(a_nursery(place)),
            telegram,
            twilio,
            mailbox,
            bell,
            port,
            ours | settings,
        )
        stack.callback(house.end_all)
        yield house
