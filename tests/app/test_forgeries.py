"""Nobody but the provider gets a word in, whatever they send."""

import json
import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlencode

import pytest
from fastapi import FastAPI

from app.http.door import LARGEST, FrontDoor
from app.http.limiter import Limiter
from app.http.rates import Rates
from app.http.site import Site
from app.providers.telegram import Telegram
from app.providers.twilio import Twilio
from app.providers.twilio_messages import ACCOUNT, signature
from app.webhooks import webhooks
from channels.channel import News
from tests.app.serving import open_port, serving
from tests.channels.accounts import PUBLIC_URL, our_channels

FORGERIES = 5_000
TELEGRAM, SMS, WHATSAPP = "/webhooks/telegram", "/webhooks/twilio/sms", "/webhooks/twilio/whatsapp"
FORM = "application/x-www-form-urlencoded"
SENDABLE = [*range(0x21, 0x7F), *range(0x80, 0x100)]
REFUSED = {403, 429}
SIGNATURE, SECRET = "X-Twilio-Signature", "X-Telegram-Bot-Api-Secret-Token"


@dataclass(frozen=True)
class Call:
    path: str
    body: bytes
    headers: tuple[tuple[str, str | bytes], ...]

    def without(self, name: str) -> "Call":
        return replace(self, headers=tuple((key, value) for key, value in self.headers if key != name))

    def with_header(self, name: str, value: str | bytes) -> "Call":
        changed = self.without(name)
        return replace(changed, headers=(*changed.headers, (name, value)))


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


def signed(path: str, fields: dict[str, str]) -> Call:
    made = signature(PUBLIC_URL + path, fields)
    return Call(path, urlencode(fields).encode(), (("Content-Type", FORM), (SIGNATURE, made)))


def an_sms(text: str = "ja") -> dict[str, str]:
    return Twilio().form("+4915112345678", text)


def an_update() -> Call:
    provider = Telegram()
    body = json.dumps(provider.text_update("77", "ja")).encode()
    return Call(TELEGRAM, body, tuple(provider.headers.items()))


def forged_for_telegram(dice: random.Random) -> Call:
    true = an_update()
    secret = str(dict(true.headers)[SECRET])
    cut = dice.randrange(len(secret))
    wrong: list[Call] = [
        true.without(SECRET),
        true.with_header(SECRET, ""),
        true.with_header(SECRET, secret[:cut]),
        true.with_header(SECRET, secret + dice.choice("aA0-_ä")),
        true.with_header(
            SECRET, secret[:cut] + chr(dice.choice(SENDABLE)).replace(secret[cut], "!") + secret[cut + 1 :]
        ),
        true.with_header(SECRET, secret.upper()),
        true.with_header(SECRET, bytes(dice.choices(SENDABLE, k=32))),
        replace(true, headers=(*true.headers, (SECRET, secret))),
        replace(true, body=true.body[: dice.randrange(len(true.body))]),
    ]
    return dice.choice(wrong)


def forged_for_twilio(dice: random.Random) -> Call:
    path = dice.choice((SMS, WHATSAPP))
    customer = "+4915112345678" if path == SMS else "whatsapp:+4915112345678"
    fields = Twilio().form(customer, dice.choice(("ja", "Ölwechsel morgen", "", "a" * dice.randrange(1, 900))))
    true = signed(path, fields)
    name = dice.choice(sorted(fields))
    made = signature(PUBLIC_URL + path, fields)
    place = dice.randrange(len(made) - 2)
    changed = {**fields, name: fields[name] + dice.choice("x1 ä")}
    resplit = {key: value for key, value in fields.items() if key != "Body"} | {"Bod": "y" + fields["Body"]}
    wrong: list[Call] = [
        true.without(SIGNATURE),
        true.with_header(SIGNATURE, ""),
        true.with_header(SIGNATURE, made[:place] + ("A" if made[place] != "A" else "B") + made[place + 1 :]),
        true.with_header(SIGNATURE, signature(PUBLIC_URL + path, fields, "")),
        true.with_header(SIGNATURE, signature(PUBLIC_URL + path, fields, "guessed")),
        true.with_header(SIGNATURE, signature("http://somewhere.else" + path, fields)),
        true.with_header(SIGNATURE, dice.randbytes(20).hex()),
        replace(true, headers=(*true.headers, (SIGNATURE, made))),
        replace(true, body=urlencode(changed).encode()),
        replace(true, body=urlencode({k: v for k, v in fields.items() if k != name}).encode()),
        replace(true, body=true.body + b"&" + urlencode({name: fields[name]}).encode()),
        replace(true, body=true.body + f"&{name}=".encode()),
        replace(true, body=urlencode(resplit).encode()),
        replace(true, body=true.body[: dice.randrange(len(true.body) - 1)]),
        replace(true, body=true.body.replace(b"Body=", b"Body=%ff", 1)),
        replace(true, body=json.dumps(fields).encode()).with_header("Content-Type", "application/json"),
        true.with_header("Content-Type", "multipart/form-data; boundary=x"),
        replace(true, path=f"{path}?x={dice.randrange(9)}"),
        replace(true, path=WHATSAPP if path == SMS else SMS),
        signed(path, fields | {"AccountSid": ACCOUNT[:-1] + "0"}),
        signed(path, fields | {"To": "+4915100000000"}),
        signed(path, fields | {"MessageSid": "SM123"}),
        signed(path, {key: value for key, value in fields.items() if key != "AccountSid"}),
    ]
    return dice.choice(wrong)


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
