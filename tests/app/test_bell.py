"""The bell rings after a commit that posted letters, and nobody waits for it."""

import threading
import time

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.bell import Bell
from app.clock import database_now
from app.database import session_factory
from app.office import Office
from app.web import create_app
from bot import outbox
from bot.messages import Address, InboundMessage, OutboundMessage
from tests.app.eventually import eventually
from tests.app.post_office import Board, Phone
from tests.app.serving import client_of


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


def test_nobody_is_woken_for_an_answer_that_we_carry_ourselves(busy: Engine) -> None:
    rung: list[str] = []
    sessions, board = session_factory(busy), Board()
    with Bell(rung.append) as bell, Office(sessions, {"telegram": board}) as office:
        bell.listen_to(sessions)
        office.receive([InboundMessage("1", Address("telegram", "77"), "hallo")])
        eventually(lambda: len(board.shown) == 1)
        with sessions() as session, session.begin():
            post(session, "1")
        eventually(lambda: rung != [])
    assert rung == ["sms"]


def test_what_a_server_writes_it_carries_itself_and_at_once(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Office, "make_round", lambda office: None)  # Or it would find the letter all the same.
    phone = Phone()
    app = create_app(database, {"sms": phone})
    with client_of(app):
        app.state.transactions(lambda session, now: post(session, "1"))
        eventually(lambda: [letter.text for letter in phone.shown] == ["hallo"])
