"""A program of ours that passes words on by plain HTTP."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import standardwebhooks

from app.providers.relay import Relay as Stand
from app.providers.server import Fault, Reply
from app.settings import Settings
from bot.messages import Address, Choice, InboundMessage, OutboundMessage, Point
from channels import open_channels
from channels.channel import Channel, Forged, Later, Misconfigured, News, Receipt, Refused, Sent, Unknown, WebhookCall
from channels.relay import Relay
from channels.signing import keys_of, signed
from tests.channels.accounts import RELAY_SECRET, our_channels

KEYS = keys_of(RELAY_SECRET)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANNA = Address("relay", "anna-17")
LETTER = OutboundMessage(ANNA, "Wann paßt es?", (Choice("a1", "Di, 24.11., 08:00"),), reference="12")


@pytest.fixture
def stand() -> Iterator[Stand]:
    with Stand(RELAY_SECRET).running() as stand:
        yield stand


@pytest.fixture
def relay(stand: Stand) -> Iterator[Channel]:
    with our_channels(relay=stand.url) as channels:
        yield channels["relay"]


def at_noon(relay: Relay) -> Relay:
    relay.clock = lambda: NOON
    return relay


def heard(told: object, *, at: datetime = NOON, key: bytes = KEYS[0], keys: tuple[bytes, ...] = KEYS) -> list[News]:
    """What we read at noon of a call that was signed then."""
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    call = WebhookCall("/webhooks/relay", body, tuple(signed(key, "m-1", body, now=at).items()))
    return at_noon(Relay("https://chat.example.de", keys)).read(call)


def test_words_a_tap_and_a_place_are_messages() -> None:
    assert heard({"sender": "anna-17", "text": "Moin", "name": "Anna", "language": "de"}) == [
        InboundMessage("m-1", ANNA, "Moin", name="Anna", language="de")
    ]
    assert heard({"sender": "anna-17", "choice": "a1"}) == [InboundMessage("m-1", ANNA, choice="a1")]
    assert heard({"sender": "anna-17", "place": {"lat": 50.9, "lng": 6.9}}) == [
        InboundMessage("m-1", ANNA, place=Point(50.9, 6.9))
    ]


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"{",
        b"[" * 100_000,
        [],
        {"text": "Moin"},
        {"sender": "anna-17"},
        {"sender": 17, "text": "Moin"},
        {"sender": "\0", "text": "Moin"},
        {"sender": "a" * 201, "text": "Moin"},
        {"sender": "anna-17", "place": {"lat": "NaN", "lng": 6.9}},
        {"sender": "anna-17", "place": {"lat": 50.9}},
    ],
)
def test_what_is_no_message_is_taken_and_forgotten(told: object) -> None:
    assert heard(told) == []


def test_an_old_call_and_one_of_the_future_are_forged() -> None:
    for minutes in (-6, 6):
        with pytest.raises(Forged):
            heard({"sender": "anna-17", "text": "Moin"}, at=NOON + timedelta(minutes=minutes))
    assert heard({"sender": "anna-17", "text": "Moin"}, at=NOON - timedelta(minutes=4))


def test_whoever_changes_anything_is_a_forger() -> None:
    body = b'{"sender": "anna-17", "text": "ja"}'
    true = signed(KEYS[0], "m-1", body, now=NOON)
    relay = at_noon(Relay("https://chat.example.de", KEYS))
    assert relay.read(WebhookCall("/webhooks/relay", body, tuple(true.items())))
    for name, value in {"webhook-id": "m-2", "webhook-timestamp": "1795435201", "webhook-signature": "v1,"}.items():
        with pytest.raises(Forged):
            relay.read(WebhookCall("/webhooks/relay", body, tuple({**true, name: value}.items())))
        with pytest.raises(Forged):
            relay.read(WebhookCall("/webhooks/relay", body, tuple({**true, name: ""}.items())))
    with pytest.raises(Forged):
        relay.read(WebhookCall("/webhooks/relay", body.replace(b"ja", b"na"), tuple(true.items())))


def test_while_the_secret_is_being_changed_both_are_good() -> None:
    old, new = bytes(24), bytes(range(24))
    assert heard({"sender": "anna-17", "text": "Moin"}, key=old, keys=(new, old))
    with pytest.raises(Forged):
        heard({"sender": "anna-17", "text": "Moin"}, key=old, keys=(new,))


def test_others_who_follow_the_standard_sign_alike() -> None:
    theirs = standardwebhooks.Webhook(RELAY_SECRET)
    body = '{"sender": "anna-17", "text": "ja"}'
    headers = signed(KEYS[0], "m-1", body.encode(), now=datetime.now(UTC))
    assert theirs.verify(body, headers) == json.loads(body)
    assert theirs.sign("m-1", NOON, body) == signed(KEYS[0], "m-1", body.encode(), now=NOON)["webhook-signature"]


def test_a_letter_arrives_with_its_choices(stand: Stand, relay: Channel) -> None:
    assert relay.send(LETTER) == Sent("letter-12")
    assert stand.chats == {
        "anna-17": [
            {
                "recipient": "anna-17",
                "text": "Wann paßt es?",
                "choices": [{"id": "a1", "label": "Di, 24.11., 08:00"}],
                "kind": "reply",
            }
        ]
    }


def test_a_second_copy_is_known_by_its_id(stand: Stand, relay: Channel) -> None:
    stand.mood.planned = [Fault.LOST_ANSWER]
    assert isinstance(relay.send(LETTER), Unknown)
    assert relay.send(LETTER) == Sent("letter-12")
    assert stand.arrived == ["letter-12", "letter-12"]
    assert len(stand.chats["anna-17"]) == 1


@pytest.mark.parametrize(
    ("status", "headers", "receipt"),
    [
        (202, {}, Sent("letter-12")),
        (302, {}, Later(timedelta(minutes=1), "the relay answered 302", down=True)),
        (401, {}, Later(timedelta(minutes=10), "the relay answered 401: is RELAY_SECRET right?", down=True)),
        (410, {}, Refused("the relay answered 410", unreachable=True)),
        (422, {}, Refused("the relay answered 422")),
        (429, {"Retry-After": "7"}, Later(timedelta(seconds=7), "the relay answered 429")),
        (503, {"Retry-After": "99999999"}, Later(timedelta(hours=1), "the relay answered 503")),
        (503, {"Retry-After": "soon"}, Later(timedelta(minutes=1), "the relay answered 503")),
        (500, {}, Unknown("the relay answered 500")),
    ],
)
def test_every_answer_is_a_receipt(
    stand: Stand,
    relay: Channel,
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    headers: dict[str, str],
    receipt: Receipt,
) -> None:
    monkeypatch.setattr(stand, "handle", lambda request: Reply(status, headers=tuple(headers.items())))
    assert relay.send(LETTER) == receipt


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        (None, RELAY_SECRET),
        ("chat.example.de", RELAY_SECRET),
        ("https://chat.example.de", None),
        ("https://chat.example.de", "whsec_c2hvcnQ="),
        ("https://chat.example.de", RELAY_SECRET.removeprefix("whsec_")),
        ("https://chat.example.de", f"{RELAY_SECRET},"),
    ],
)
def test_half_an_account_is_refused_at_once(url: str | None, secret: str | None) -> None:
    with pytest.raises(Misconfigured, match=r"RELAY_"), open_channels(Settings(relay_url=url, relay_secret=secret)):
        pass
