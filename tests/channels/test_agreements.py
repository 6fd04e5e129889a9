"""Where agreements with providers are noted, no other provider gets customers' data."""

import pytest

from app.checkup import checkup
from channels import open_channels
from channels.channel import Misconfigured
from tests.channels.accounts import our_settings


def test_while_none_are_noted_every_channel_starts() -> None:
    with open_channels(our_settings()) as channels:
        assert {"telegram", "sms", "email"} <= set(channels)


def test_once_some_are_noted_no_other_channel_starts() -> None:
    with pytest.raises(Misconfigured, match="whatsapp"), open_channels(our_settings(agreements="telegram, sms, email")):
        pass


def test_a_relay_is_our_own_and_wants_none() -> None:
    with open_channels(our_settings(agreements="telegram, sms, whatsapp, email")) as channels:
        assert "relay" in channels


@pytest.mark.parametrize(
    ("agreements", "well", "words"),
    [(None, True, "AGREEMENTS does not name"), ("sms", False, "AGREEMENTS does not name")],
)
def test_doctor_says_for_whom_they_are_wanting(agreements: str | None, well: bool, words: str) -> None:
    settings = our_settings(
        agreements=agreements, database_url="postgresql://127.0.0.1:1/x", redis_url="redis://127.0.0.1:1"
    )
    [found] = [one for one in checkup(settings) if one.what == "Channels"]
    assert (found.well, words in found.words) == (well, True)
