"""What strangers name is not fetched, and what they pack is not unpacked."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import courier, mailroom
from app.database import session_factory
from app.providers.twilio import Twilio
from app.worker import celery
from bot.messages import InboundMessage
from tests.booking_core.builders import a_garage
from tests.channels.accounts import our_channels, twilio_call


class Trap(BaseHTTPRequestHandler):
    """Notes whoever comes."""

    visits: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.visits.append(self.path)
        self.send_response(200)
        self.end_headers()


def test_an_address_in_a_message_is_never_visited(database: Engine) -> None:
    with Session(database) as session, session.begin():
        a_garage(session)
    trap = HTTPServer(("127.0.0.1", 0), Trap)
    thread = threading.Thread(target=trap.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    inside = f"http://127.0.0.1:{trap.server_port}/latest/meta-data"
    try:
        with Twilio().running() as provider, our_channels(twilio=provider.url) as channels:
            fields = provider.form("+4915112345678", f"schaut mal {inside}", MediaUrl0=inside, NumMedia="1")
            news = channels["sms"].read(twilio_call("/webhooks/twilio/sms", fields))
            [message] = mailroom.take_in(session_factory(database), news, channels)
            assert isinstance(message, InboundMessage)
            mailroom.answer(session_factory(database), message.sender)
            courier.drain(session_factory(database), channels)
            assert len(provider.letters("+4915112345678")) == 1
    finally:
        trap.shutdown()
        trap.server_close()
        thread.join()
    assert Trap.visits == []


def test_a_worker_unpacks_nothing_that_can_run() -> None:
    assert celery.conf.accept_content == ["json"]
    content_type, encoding, packed = dumps({"task": "carry"}, serializer="pickle")  # type: ignore[no-untyped-call]
    with pytest.raises(ContentDisallowed):
        loads(packed, content_type, encoding, accept=celery.conf.accept_content)  # type: ignore[no-untyped-call]
