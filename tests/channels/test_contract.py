"""What holds for every channel."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.messages import Address, Choice, OutboundMessage
from channels import CHANNELS
from channels.channel import Channel, Forged, Later, Sent, Thanks, Unknown, WebhookCall
from tests.channels.accounts import our_channels
from tests.wheel import ROOT

RECIPIENTS = {
    "telegram": "77",
    "relay": "anna-17",
    "sms": "+4915112345678",
    "whatsapp": "+4915112345678",
    "email": "petra@example.de",
}
NAMES = sorted(CHANNELS)


@pytest.fixture(scope="module")
def channels() -> Iterator[dict[str, Channel]]:
    """Accounts with providers that cannot be reached."""
    with our_channels() as channels:
        yield channels


def a_message(name: str) -> OutboundMessage:
    choices = (Choice("a", "Dienstag, 24.11."), Choice("b", "Andere Zeit"))
    return OutboundMessage(Address(name, RECIPIENTS[name]), "Wann?", choices, reference="1", heard_at=datetime.now(UTC))


@pytest.mark.parametrize("name", NAMES)
def test_a_channel_is_named_as_it_is_listed(channels: dict[str, Channel], name: str) -> None:
    assert channels[name].name == name


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("body", [b"", b"{}", b"Body=ja", b"\xff\x00", b"[" * 10_000])
def test_nothing_unsigned_is_read(channels: dict[str, Channel], name: str, body: bytes) -> None:
    for path in ("/", *(f"/webhooks/{path}" for path in CHANNELS[name].paths)):
        with pytest.raises(Forged):
            channels[name].read(WebhookCall(path, body, [("Content-Type", "application/x-www-form-urlencoded")]))


@pytest.mark.parametrize("name", NAMES)
def test_what_certainly_was_not_sent_is_sent_later(channels: dict[str, Channel], name: str) -> None:
    assert isinstance(channels[name].send(a_message(name)), Later)


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_in_doubt_is_never_taken_for_lost(channels: dict[str, Channel], name: str) -> None:
    found = channels[name].look_up(a_message(name), since=datetime.now(UTC), others=())
    assert isinstance(found, Unknown | Later)
    assert channels[name].doubt > timedelta()


@pytest.mark.parametrize("name", NAMES)
def test_providers_are_thanked(channels: dict[str, Channel], name: str) -> None:
    for path in CHANNELS[name].paths:
        thanks = channels[name].thanks(WebhookCall(f"/webhooks/{path}", b""))
        assert isinstance(thanks, Thanks)
        assert 200 <= thanks.status < 300


def test_a_receipt_says_what_it_is() -> None:
    assert Sent("1") != Sent("2")
    assert Later(timedelta(seconds=1)).reason


def test_a_server_without_accounts_loads_no_providers_library() -> None:
    serve = "import sys, app.web; from app.settings import Settings; from channels import open_channels\n"
    serve += "with open_channels(Settings(_env_file=None)) as channels:\n"
    serve += "    print(channels, {'telegram', 'twilio'} & set(sys.modules))"
    assert told_by(serve) == "{} set()\n"


def test_a_server_loads_neither_celery_nor_redis() -> None:
    assert told_by("import sys, app.web; print({'celery', 'redis'} & set(sys.modules))") == "set()\n"


def test_twilios_library_is_loaded_without_all_that_an_account_may_have() -> None:
    code = "import sys, channels.sms, channels.whatsapp; print({'twilio.rest', 'twilio.rest.api'} & set(sys.modules))"
    assert told_by(code) == "{'twilio.rest'}\n"


def told_by(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
