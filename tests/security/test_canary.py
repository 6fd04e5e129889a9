"""A customer with a name that nobody has goes every way there is, and only the database and letters name them."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
from redis import Redis
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from app.access import api_keys
from app.access.caller import Role
from app.clock import database_now, real_now
from app.providers.mail import Mailbox
from app.providers.telegram import SECRET, TOKEN, Telegram
from app.providers.twilio import Twilio
from app.providers.twilio_messages import ACCOUNT, SMS, WHATSAPP
from app.providers.twilio_messages import TOKEN as TWILIO_TOKEN
from booking_core import slots
from booking_core.tables import AppointmentRow, InboxRow, OutboxRow
from tests.app.eventually import eventually
from tests.app.ports import free_port
from tests.app.test_serve import WERKSTATT, answers
from tests.app.town import EVERY_DAY
from tests.booking_core.builders import Garage, a_garage
from tests.faults.workshop import a_redis
from tests.security.listening_post import ListeningPost, listening

NAME, MAIL, WORDS = "Zwitscherling", "kanaria.vogel@example.de", "Quietschkanarie"
NUMBER, CHAT = "+4915199887766", "770099887766"
CANARY = (NAME, "kanaria.vogel", WORDS, "99887766", "9988 7766", WORDS.lower())
EVERYWHERE = {"logs", "traces", "crash reports", "metrics", "redis"}

CHATTERBOX = f"""
import logging
from prometheus_client import generate_latest
from app.telemetry import metrics
from app.telemetry.reporting import begin
from app.settings import Settings
from app.telemetry.tracing import tracer
from app.worker import celery
begin(Settings())
logging.getLogger("app.courier").error("{WORDS}", extra={{"kind": "{NAME}"}})
with tracer.start_as_current_span("send", attributes={{"channel": "{WORDS}"}}):
    pass
celery.send_task("carry", ("{WORDS}",))
metrics.MISSES.labels("{WORDS}").inc()
print(generate_latest(metrics.REGISTRY).decode())
"""


@dataclass(frozen=True)
class Place:
    """Our processes, and all that is around them."""

    url: str
    engine: Engine
    garage: Garage
    telegram: Telegram
    twilio: Twilio
    mailbox: Mailbox
    post: ListeningPost
    environment: dict[str, str]

    def book(self, start: int) -> dict[str, Any]:
        with Session(self.engine) as session:
            now = database_now(session)
            found = slots.find_slots(session, ["oil-change"], workshops=[self.garage.workshop], now=now).slots[start]
        return {"service_ids": [self.garage.service], "start": found.start.isoformat()}

    def count(self, table: type[AppointmentRow] | type[InboxRow] | type[OutboxRow], *where: Any) -> int:
        with Session(self.engine) as session:
            return session.scalar(select(func.count()).select_from(table).where(*where)) or 0

    def key(self) -> str:
        with Session(self.engine) as session, session.begin():
            now = real_now(session)
            facts: dict[str, Any] = {"label": "test", "workshop": None, "expires_at": None, "actor": "system"}
            return api_keys.issue(session, Role.OWNER, now=now, **facts)[1]


@contextmanager
def a_place(engine: Engine, folder: Path) -> Iterator[Place]:
    port, metrics_port = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    with Session(engine) as session, session.begin():
        garage = a_garage(session, lifts=3, opening_hours=EVERY_DAY)
    with ExitStack() as stack:
        redis = stack.enter_context(a_redis())
        post = stack.enter_context(listening(folder, redis.url))
        telegram = stack.enter_context(Telegram(webhook=f"{url}/webhooks/telegram").running())
        twilio = stack.enter_context(Twilio(public_url=url).running())
        mailbox = stack.enter_context(Mailbox().running())
        environment = os.environ | post.settings
        environment |= {
            "DATABASE_URL": engine.url.render_as_string(hide_password=False),
            "REDIS_URL": redis.url,
            "PUBLIC_URL": url,
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TELEGRAM_API_URL": telegram.url,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TWILIO_TOKEN,
            "TWILIO_API_URL": twilio.url,
            "TWILIO_SMS_FROM": SMS,
            "TWILIO_WHATSAPP_FROM": WHATSAPP,
            "SMTP_URL": mailbox.url,
            "MAIL_FROM": "Werkstatt <termin@example.de>",
        }
        logs = stack.enter_context(post.logs.open("ab"))
        for command in (["serve", "--port", str(port)], ["worker"]):
            own = environment | ({"METRICS_PORT": str(metrics_port)} if command == ["worker"] else {})
            process = subprocess.Popen([*WERKSTATT, *command], env=own, stderr=logs, stdout=logs)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        eventually(lambda: answers(f"{url}/readyz"), seconds=60)
        eventually(lambda: answers(f"http://127.0.0.1:{metrics_port}/metrics"), seconds=60)
        yield Place(url, engine, garage, telegram, twilio, mailbox, post, environment)
        post.scrape(port, metrics_port)


def by_chat(place: Place) -> None:
    """Somebody who says everything at once, and somebody to whom nothing can be sent."""
    said = f"Moin, mein {WORDS} braucht Ölwechsel in 50667, ich heiße Kanaria {NAME}, K-AB 1234, {MAIL}, {NUMBER}"
    ways: list[Callable[[str], int]] = [
        partial(place.telegram.write, CHAT),
        partial(place.twilio.write, NUMBER),
        partial(place.twilio.write, f"whatsapp:{NUMBER}"),
    ]
    for write in ways:
        for words in (said, "das erste passt", f"Kanaria {NAME}", "ja, buchen", f"und {WORDS}?"):
            assert 200 <= write(words) < 300
    place.telegram.block(CHAT)
    place.telegram.write(CHAT, f"noch da, {WORDS}?")


def by_program(place: Place) -> None:
    """A guest of the API, one who is refused, and calls that are forged, broken or lost."""
    guest = {"name": f"Kanaria {NAME}", "email": MAIL, "phone": NUMBER}
    wish = place.book(20) | {"workshop_id": place.garage.workshop, "customer": guest}
    for body, status in ((wish, 201), (wish | {"note": WORDS}, 422)):
        key = {"Idempotency-Key": secrets.token_hex(16)}
        assert httpx.post(f"{place.url}/api/appointments", json=body, headers=key).status_code == status
    httpx.get(f"{place.url}/api/workshops", params={"plz": WORDS})
    httpx.get(
        f"{place.url}/{WORDS}", params={"phone": NUMBER}, headers={"User-Agent": WORDS, "X-Request-ID": NAME + "!"}
    )
    httpx.post(
        f"{place.url}/api/holds", content=f'{{"{WORDS}": '.encode(), headers={"Content-Type": "application/json"}
    )
    httpx.post(f"{place.url}/webhooks/telegram", json={"update_id": 1, "message": {"text": WORDS}})
    httpx.post(f"{place.url}/webhooks/twilio/sms", data={"Body": WORDS, "From": NUMBER})


def by_staff(place: Place) -> None:
    """A booking on the phone by the admin API, a search, and a sign-in that fails."""
    wish = place.book(30) | {"new_customer": {"name": f"Kanaria {NAME}", "phone": NUMBER, "email": MAIL}}
    headers = {"Authorization": f"Bearer {place.key()}", "Idempotency-Key": secrets.token_hex(16)}
    admin = f"{place.url}/api/admin/workshops/{place.garage.workshop}"
    assert httpx.post(f"{admin}/appointments", json=wish, headers=headers).status_code == 201
    httpx.get(f"{admin}/customers", params={"q": NAME}, headers=headers)
    httpx.post(f"{place.url}/staff/sign-in", data={"email": MAIL, "password": WORDS})
    httpx.get(f"{place.url}/staff", params={"next": NUMBER})


def by_command_line(place: Place, folder: Path) -> None:
    """A table that is taken over, and one that cannot be."""
    table = folder / "closures.csv"
    for start in ("2030-05-01", "when it suits"):
        table.write_text(f"workshop,from,to,reason\nWerkstatt Muster,{start},2030-05-02,{WORDS}\n")
        with place.post.logs.open("ab") as logs:
            order = [*WERKSTATT, "import", "closures", str(table)]
            subprocess.run(order, env=place.environment, stderr=logs, stdout=logs, check=False)


def by_accident(place: Place) -> None:
    """A message that nobody can read any more: it crashes each time it is tried."""
    row = "INSERT INTO inbox (channel, provider_id, sender, body, received_at) VALUES ('sms', 'x', :who, :body, now())"
    with place.engine.begin() as connection:
        connection.execute(text(row), {"who": f"{NUMBER}1", "body": f'{{"name": "{NAME}", "says": "{WORDS}"}}'})
    eventually(lambda: "crash reports" in place.post.heard, seconds=30)


def test_nobody_is_named_where_nobody_is_asked(database: Engine, tmp_path: Path) -> None:
    with a_place(database, tmp_path) as place:
        by_chat(place)
        by_program(place)
        by_staff(place)
        by_command_line(place, tmp_path)
        by_accident(place)
        waiting = OutboxRow.state.in_(("pending", "sending"))
        eventually(lambda: not place.count(OutboxRow, waiting), seconds=60)
        assert place.count(OutboxRow, OutboxRow.body["text"].astext.contains(NAME)), "it was there to be told"
        assert {row.channel for row in _went_out(place)} >= {"telegram", "sms", "whatsapp", "email"}
    assert set(place.post.heard) | {"logs"} == EVERYWHERE
    assert re.search(rb'"correlation": "[0-9a-f]{24}"', place.post.logs.read_bytes())
    assert b"/api/appointments" in b"".join(place.post.heard["traces"])
    assert place.post.places_of(*CANARY) == set()


def _went_out(place: Place) -> list[OutboxRow]:
    with Session(place.engine) as session:
        return list(session.scalars(select(OutboxRow)))


def test_whoever_names_somebody_is_caught_everywhere(tmp_path: Path) -> None:
    """Or the silence above would prove nothing."""
    with a_redis() as redis, listening(tmp_path, redis.url) as post, post.logs.open("ab") as logs:
        eventually(lambda: _is_overheard(redis.url, post))
        settings = os.environ | post.settings | {"REDIS_URL": redis.url}
        told = subprocess.run(
            [sys.executable, "-c", CHATTERBOX], env=settings, stdout=subprocess.PIPE, stderr=logs, check=True
        )
        post.note("metrics", told.stdout)
        eventually(lambda: post.places_of(*CANARY) == EVERYWHERE)


def _is_overheard(redis_url: str, post: ListeningPost) -> bool:
    with Redis.from_url(redis_url) as client:
        client.ping()
    return "redis" in post.heard
