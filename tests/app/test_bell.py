"""The bell rings after a commit that posted letters, and nobody waits for it."""

import threading
import time

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.bell import Bell
from app.clock import database_now
from app.database import session_factory
from bot import outbox
from bot.messages import Address, OutboundMessage
from tests.app.eventually import eventually


def post(session: Session, key: str) -> None:
    letter = OutboundMessage(Address("sms", "+4915"), "hallo")
    outbox.post(session, letter, key=key, now=database_now(session))


def test_it_rings_after_the_commit_and_not_inside_of_it(database: Engine) -> None:
    rung: list[str] = []
    sessions = session_factory(database)
    with Bell(rung.append) as bell:
        bell.listen_to(sessions)
        with sessions() as session, session.begin():
            with session.begin_nested():
                post(session, "1")
            time.sleep(0.1)
            assert rung == []
        eventually(lambda: rung == ["sms"])
        with sessions() as session, session.begin():
            database_now(session)
    assert rung == ["sms"]


def test_nobody_waits_for_a_bell_that_hangs_or_breaks(database: Engine) -> None:
    hanging = threading.Event()

    def ring(channel: str) -> None:
        hanging.wait(30)
        raise ConnectionError(channel)

    sessions = session_factory(database)
    with Bell(ring) as bell:
        bell.listen_to(sessions)
        began = time.monotonic()
        for key in ("1", "2"):
            with sessions() as session, session.begin():
                post(session, key)
        assert time.monotonic() - began < 10
        hanging.set()
