"""Nobody but the provider gets a word in, whatever they send."""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPResponse

import pytest
from fastapi import FastAPI

from app.http.door import LARGEST, FrontDoor
from app.http.limiter import Limiter
from app.http.rates import Rates
from app.http.site import Site
from app.providers.twilio import Twilio
from app.providers.twilio_messages import signature
from app.webhooks import webhooks
from channels.channel import News
from tests.app.forgeries import (
    SECRET,
    SMS,
    TELEGRAM,
    WHATSAPP,
    Call,
    an_sms,
    an_update,
    forged_for_telegram,
    forged_for_twilio,
    signed,
)
from tests.app.serving import open_port, serving
from tests.channels.accounts import our_channels

FORGERIES = 5_000
REFUSED = {403, 429}


@dataclass
class House:
    line: HTTPConnection
    heard: list[News]

    def answer_to(self, call: Call) -> int:
        return self.ask("POST", call).status

    def ask(self, method: str, call: Call) -> HTTPResponse:
        """Header by header as they stand in the call: kinder clients would put them in order."""
        self.line.putrequest(method, call.path)
        for name, value in (*call.headers, ("Content-Length", str(len(call.body)))):
            self.line.putheader(name, value.encode("latin-1") if isinstance(value, str) else value)
        self.line.endheaders(call.body)
        answer = self.line.getresponse()
        answer.read()
        return answer


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    heard: list[News] = []
    app = FastAPI()
    app.add_middleware(FrontDoor, site=Site())
    with our_channels() as channels, open_port() as (listening, url):
        app.include_router(webhooks(channels, heard.extend, site=Site(), limiter=Limiter()))
        with serving(app, listening), closing(HTTPConnection(url.removeprefix("http://"), timeout=20)) as line:
            yield House(line, heard)


def test_the_true_calls_are_heard(house: House) -> None:
    calls = (an_update(), signed(SMS, an_sms()), signed(WHATSAPP, Twilio().form("whatsapp:+4915112345678", "ja")))
    for call in calls:
        house.heard.clear()
        assert house.answer_to(call) == 200
        assert len(house.heard) == 1


def test_no_forgery_is_heard_and_none_breaks_us(house: House) -> None:
    house.heard.clear()
    dice = random.Random(11)
    answers = {
        house.answer_to(forged_for_telegram(dice) if dice.random() < 0.4 else forged_for_twilio(dice))
        for _ in range(FORGERIES)
    }
    assert house.heard == []
    assert answers == REFUSED


def test_forgers_are_soon_turned_away_without_a_word_and_providers_at_the_same_address_never(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.heard.clear()
    true = an_update()
    for _ in range(Rates().forged.calls + 1):
        last = house.ask("POST", true.without(SECRET))
        assert house.answer_to(true) == 200
    assert (last.status, int(last.headers["Retry-After"]) > 0) == (429, True)
    assert len(caplog.records) <= Rates().forged.calls
    assert len(house.heard) == Rates().forged.calls + 1


def test_names_cut_out_of_words_are_a_forgery_though_the_signature_fits(house: House) -> None:
    fields = an_sms("Ja Fahren")
    cut = {**fields, "Body": "Ja ", "Fahr": "en"}
    assert signature(SMS, cut) == signature(SMS, fields)
    assert house.answer_to(signed(SMS, cut)) in REFUSED


def test_new_fields_of_twilio_do_no_harm(house: House) -> None:
    house.heard.clear()
    assert house.answer_to(signed(SMS, an_sms() | {"AddedLater": "x", "ToPlanet": "earth"})) == 200
    assert len(house.heard) == 1


def test_true_updates_that_nobody_can_read_are_taken_so_that_they_do_not_come_back(house: House) -> None:
    house.heard.clear()
    bodies: list[bytes] = [
        b"{}",
        b"[]",
        b"null",
        b"7",
        b'{"update_id": 1}',
        b'{"update_id": 1, "message": {"text": []}}',
    ]
    for body in bodies:
        assert house.answer_to(replace(an_update(), body=body)) == 200
    assert house.heard == []


def test_what_is_too_long_is_not_even_read(house: House) -> None:
    assert house.answer_to(replace(an_update(), body=b" " * (LARGEST + 1))) == 413


def test_only_posts_to_known_places(house: House) -> None:
    assert house.ask("GET", Call(TELEGRAM, b"", ())).status == 405
    assert house.answer_to(Call("/webhooks/viber", b"", ())) == 404
