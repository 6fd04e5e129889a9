"""How long a customer waits for an answer: `python -m benchmarks.turns [--rate 50] [--seconds 6] [--turns 0]`.

`werkstatt serve` in a process of its own; two hundred customers write by Telegram, SMS and WhatsApp at a steady rate,
each in a conversation that books, moves and cancels. In turn with it, at the same rate, a bare FastAPI endpoint that
stores and thanks. `--turns 10000` says how much memory is in use after so many.
"""

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from statistics import median
from urllib.parse import urlencode

from app.demo import SOURCES, fill
from app.embedded import Postgres, shared, temporary_home
from app.providers.server import Reply, Request
from app.providers.telegram import SECRET, Telegram
from app.providers.telegram import TOKEN as TELEGRAM_TOKEN
from app.providers.twilio import Twilio
from app.providers.twilio_messages import ACCOUNT, SMS, TOKEN, WHATSAPP
from app.throwaway import template_database, throwaway_database
from benchmarks.figures import Chapter, Figure, percentile, tell
from benchmarks.served import Caller, process, resident, steadily, until_ready, used
from tests.app.eventually import eventually
from tests.app.ports import free_port

CUSTOMERS, ROUNDS, WARM_UP = 200, 5, 300
PREFIXES = ("", "+491511", "whatsapp:+491521")
"""Of an address on Telegram, by SMS and by WhatsApp."""

TALKS = tuple(
    tuple(talk.split(" / "))
    for talk in (
        "Moin, Ölwechsel nächste Woche in 50667, am liebsten vormittags / 1 / Petra Müller, K-PM {n} / keine / ja"
        " / absagen / ja / egal",
        "Hi, I need new brakes in 50823, next week please / 2 / Jo Smith / K-JS {n} / no email / yes"
        " / cancel please / yes / no",
        "hallo / Was kostet eine Inspektion? / Wann habt ihr offen? / Danke",
        "Reifenwechsel in Bonn / übermorgen / lieber Freitag nachmittag / 1 / Max Muster, BN-MM {n}"
        " / max{n}@example.de / ja / verschieben / Donnerstag / 1 / stornieren / ja / egal",
    )
)


@dataclass(frozen=True)
class Call:
    """A provider's call of our webhook."""

    path: str
    body: bytes
    headers: dict[str, str]


class Phones:
    """Two hundred phones, a third of them for each channel, so that no provider's own limit is met.

    They note when each answer arrives.
    """

    def __init__(self, public_url: str) -> None:
        self.arrived: dict[str, list[float]] = defaultdict(list)
        self.telegram, self.twilio = Telegrams(self.arrived), Twilios(self.arrived, public_url=public_url)

    def call(self, who: str, text: str) -> Call:
        """What the provider of this phone calls us with when somebody writes there."""
        if not who.startswith(("+", "whatsapp:")):
            update = json.dumps(self.telegram.text_update(who, text)).encode()
            return Call("/webhooks/telegram", update, self.telegram.headers)
        path = f"/webhooks/twilio/{'sms' if who.startswith('+') else 'whatsapp'}"
        fields = self.twilio.form(who, text)
        return Call(path, urlencode(fields).encode(), self.twilio.headers(f"{self.twilio.public_url}{path}", fields))

    def settings(self) -> dict[str, str]:
        return {
            "PUBLIC_URL": self.twilio.public_url,
            "TELEGRAM_TOKEN": TELEGRAM_TOKEN,
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
            "TELEGRAM_API_URL": self.telegram.url,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_API_URL": self.twilio.url,
            "TWILIO_SMS_FROM": SMS,
            "TWILIO_WHATSAPP_FROM": WHATSAPP.removeprefix("whatsapp:"),
            "SMS_PER_PERSON": "1000000",
            "SMS_PER_DAY": "1000000",
        }


class Telegrams(Telegram):
    def __init__(self, arrived: dict[str, list[float]]) -> None:
        super().__init__()
        self._arrived = arrived

    def handle(self, request: Request) -> Reply:
        moment, reply = time.perf_counter(), super().handle(request)
        if self.sends(request) and isinstance(reply.body, dict):
            self._arrived[str(reply.body["result"]["chat"]["id"])].append(moment)
        return reply


class Twilios(Twilio):
    """Reports nothing: what became of a message is news of another kind."""

    def __init__(self, arrived: dict[str, list[float]], *, public_url: str) -> None:
        super().__init__(public_url=public_url, reports=0)
        self._arrived = arrived

    def handle(self, request: Request) -> Reply:
        moment, reply = time.perf_counter(), super().handle(request)
        if self.sends(request) and isinstance(reply.body, dict):
            self._arrived[reply.body["to"]].append(moment)
        return reply


def lines() -> Iterator[tuple[str, str]]:
    """Who says what next: every customer in turn, each going on with their own conversation."""
    for number in count():
        customer, step = number % CUSTOMERS, number // CUSTOMERS
        talk = TALKS[customer // len(PREFIXES) % len(TALKS)]
        who = f"{PREFIXES[customer % len(PREFIXES)]}{10_000_001 + customer}"
        yield who, talk[step % len(talk)].format(n=customer + 1)


class Town:
    """Customers, the bot's port and the phones on which its answers arrive."""

    def __init__(self, port: int, phones: Phones, pid: int) -> None:
        self._call, self._phones, self._lines, self.pid = Caller(port), phones, lines(), pid

    def write(self, *, rate: int, messages: int) -> tuple[list[float], list[float]]:
        """Milliseconds until we were thanked, and until the answer was on the customer's phone, for each message."""
        said = [next(self._lines) for _ in range(messages)]
        calls = [self._phones.call(who, text) for who, text in said]
        arrived = self._phones.arrived
        before = {who: len(arrived[who]) for who, _ in said}
        sent: dict[str, list[float]] = defaultdict(list)
        begin = time.perf_counter() + 0.1
        for number, (who, _) in enumerate(said):
            sent[who].append(begin + number / rate)

        def call(number: int) -> int:
            return self._call("POST", calls[number].path, calls[number].body, calls[number].headers)

        thanked = steadily(call, rate=rate, calls=messages)
        eventually(
            lambda: all(len(arrived[who]) - before[who] >= len(times) for who, times in sent.items()), seconds=60
        )
        waited = [
            (there - due) * 1_000
            for who, times in sent.items()
            for due, there in zip(times, arrived[who][before[who] :], strict=False)
        ]
        return thanked, waited


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=int, default=50, help="messages a second")
    parser.add_argument("--seconds", type=int, default=6, help="how long a round takes")
    parser.add_argument("--turns", type=int, default=0, help="take so many first, and say how much memory is in use")
    asked = parser.parse_args()
    port, other = free_port(), free_port()
    with ExitStack() as stack:
        server = stack.enter_context(shared(Postgres(), stack.enter_context(temporary_home())))
        template = template_database(server, kind="demo", fill=fill, sources=SOURCES)
        url = stack.enter_context(throwaway_database(server, template))
        phones = Phones(f"http://127.0.0.1:{port}")
        for provider in (phones.telegram, phones.twilio):
            stack.enter_context(provider.running())
        settings = {"DATABASE_URL": url, **phones.settings()}
        pid = stack.enter_context(process("from app.cli import main; main()", "serve", "--port", str(port), **settings))
        stack.enter_context(process("from benchmarks.bare import main; main()", url, str(other)))
        town, bare = Town(port, phones, pid), Caller(other)
        until_ready(Caller(port))
        until_ready(bare)
        town.write(rate=asked.rate, messages=WARM_UP)
        tell(measure(town, bare, asked.rate, asked.seconds), memory(town, asked.turns))


def measure(town: Town, bare: Caller, rate: int, seconds: int) -> Chapter:
    whats = ("thanked", "answer on the phone", "bare endpoint")
    names = [f"{what}, {which}" for what in whats for which in ("median", "95th percentile")]
    limits = {names[1]: 50.0, names[2]: 12.0, names[3]: 30.0}
    took: dict[str, list[float]] = {name: [] for name in names}
    costs = []
    for _ in range(ROUNDS):
        before = used(town.pid)
        thanked, waited = town.write(rate=rate, messages=rate * seconds)
        costs.append((used(town.pid) - before) / (rate * seconds) * 1_000)
        stored = steadily(lambda number: bare("POST", "/", b"{}"), rate=rate, calls=rate * seconds)
        for which, times in enumerate((thanked, waited, stored)):
            took[names[2 * which]].append(median(times))
            took[names[2 * which + 1]].append(percentile(times, 0.95))
    figures = [Figure(name, "ms", tuple(times), at_most=limits.get(name)) for name, times in took.items()]
    figures.append(Figure("processor time of the server per message", "ms", tuple(costs)))
    text = (
        f"{CUSTOMERS} customers write {rate} messages a second, a third each by Telegram, SMS and WhatsApp, in talks "
        "that book, move and cancel. Times count from the moment at which a message was due: until the webhook thanks "
        "for it, and until the answer has been understood, thought of, committed and taken to the provider. In turn "
        "with it a FastAPI endpoint that does no more than store the call and thank."
    )
    return Chapter("4-turns", "Turns", text, tuple(figures))


def memory(town: Town, turns: int) -> Chapter:
    sizes = [resident(town.pid)]
    for _ in range(4 if turns else 0):
        town.write(rate=100, messages=turns // 4)
        sizes.append(resident(town.pid))
    figure = Figure("memory of the server", "MB", tuple(sizes), at_most=150.0)
    text = (
        f"In use, also after {turns} further turns. Telegram's library holds 12 MB of it and Twilio's client 6 "
        "(2026-11-28, servers with and without these accounts side by side); a server without an account loads neither."
    )
    return Chapter("4-turns-memory", "Memory of the server", text, (figure,))


if __name__ == "__main__":
    main()
