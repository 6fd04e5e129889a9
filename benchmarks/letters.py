"""How long a letter takes from the commit that wrote it to the provider: `python -m benchmarks.letters`."""

import time
from contextlib import ExitStack
from statistics import median

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.bell import Bell
from app.clock import database_now
from app.database import engine_for, in_transaction, session_factory
from app.embedded import Postgres, shared, temporary_home
from app.providers.server import Reply, Request
from app.providers.twilio import Twilio
from app.throwaway import template_database, throwaway_database
from app.worker import celery, ring
from benchmarks.figures import Chapter, Figure, tell
from bot import outbox
from bot.messages import Address, OutboundMessage
from tests.app.eventually import eventually
from tests.faults.workshop import a_redis, at_work

LETTERS = 100
TEXT = "From the commit that wrote a letter to the moment it reaches the provider, by a worker of its own."
PAUSE = 0.13
"""Seconds between two letters: no multiple of what any loop waits, so that they come at all times of it."""


class Stopwatch(Twilio):
    """Notes when each message arrives."""

    arrived: dict[str, float]

    def handle(self, request: Request) -> Reply:
        if self.sends(request):
            moment, reply = time.perf_counter(), super().handle(request)
            self.arrived[self.messages[-1].body] = moment
            return reply
        return super().handle(request)


def measure(engine: Engine, twilio: Stopwatch) -> list[float]:
    """Seconds from the commit to the provider, letter by letter."""
    twilio.arrived, sessions, sent = {}, session_factory(engine), {}
    with Bell(ring) as bell:
        bell.listen_to(sessions)
        for number in range(LETTERS):
            letter = OutboundMessage(Address("sms", f"+49151{number:08}"), f"Brief {number}", kind="waitlist")
            key = f"{time.time_ns()}"

            def post(session: Session, letter: OutboundMessage = letter, key: str = key) -> None:
                outbox.post(session, letter, key=key, now=database_now(session))

            in_transaction(sessions, post)
            sent[letter.text] = time.perf_counter()
            time.sleep(PAUSE)
        eventually(lambda: len(twilio.arrived) == LETTERS, seconds=60)
    return [twilio.arrived[text] - moment for text, moment in sent.items()]


def report(what: str, seconds: list[float], *, at_most: float) -> Figure:
    """The median of each twenty."""
    rounds = (seconds[first : first + 20] for first in range(0, LETTERS, 20))
    return Figure(f"{what}, median", "ms", tuple(median(one) * 1_000 for one in rounds), at_most=at_most)


def main() -> None:
    with ExitStack() as stack:
        server = stack.enter_context(shared(Postgres(durable=False), stack.enter_context(temporary_home())))
        template = template_database(server, kind="empty", fill=lambda engine: None)
        engine = stack.enter_context(engine_for(stack.enter_context(throwaway_database(server, template))))
        twilio = stack.enter_context(Stopwatch(reports=0).running())
        redis = stack.enter_context(a_redis())
        celery.conf.broker_url = redis.url
        stack.enter_context(at_work(engine, twilio, redis.url))
        time.sleep(5)
        alive = report("with Valkey", measure(engine, twilio), at_most=30.0)
        redis.kill()
        dead = report("with Valkey dead", measure(engine, twilio), at_most=1_000.0)
    tell(Chapter("6-letters", "Letters", TEXT, (alive, dead)))


if __name__ == "__main__":
    main()
