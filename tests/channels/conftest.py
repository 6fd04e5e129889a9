"""Our channels on an account with the Twilio that stands in."""

from collections.abc import Iterator

import pytest

from app.providers.twilio import Twilio
from channels.channel import Channel
from tests.channels.accounts import our_channels


@pytest.fixture
def provider() -> Iterator[Twilio]:
    with Twilio(reports=0).running() as running:
        yield running


@pytest.fixture
def channels(provider: Twilio) -> Iterator[dict[str, Channel]]:
    with our_channels(twilio=provider.url) as channels:
        yield channels


@pytest.fixture
def sms(channels: dict[str, Channel]) -> Channel:
    return channels["sms"]


@pytest.fixture
def whatsapp(channels: dict[str, Channel]) -> Channel:
    return channels["whatsapp"]
