"""A bot on Telegram: what it needs to start, what it sends, and how it is answered."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from limits import RateLimitItemPerHour

from app.providers import telegram
from app.providers.server import Fault
from app.settings import Settings
from bot.menu import menus
from bot.messages import Address, Choice, InboundMessage, OutboundMessage
from channels.channel import Forged, Later, Misconfigured, Refused, Sent, Unknown, WebhookCall
from channels.pace import Pace
from channels.tally import Tally
from channels.telegram import Telegram, open_channel, parts
from tests.channels.accounts import NOWHERE, unhurried

SENDER = Address("telegram", "77")


@pytest.fixture(scope="module")
def provider() -> Iterator[telegram.Telegram]:
    with telegram.Telegram().running() as running:
        yield running


@pytest.fixture(scope="module")
def channel(provider: telegram.Telegram) -> Iterator[Telegram]:
    with closing(Telegram(telegram.TOKEN, secrets=[telegram.SECRET], api_url=provider.url)) as channel:
        unhurried(channel)
        yield channel


def test_without_a_secret_nothing_is_read() -> None:
    with closing(Telegram(telegram.TOKEN, api_url=NOWHERE)) as mute:
        for headers in ([], [("X-Telegram-Bot-Api-Secret-Token", "")]):
            with pytest.raises(Forged):
                mute.read(WebhookCall("/webhooks/telegram", b"{}", headers))


@pytest.mark.parametrize("secret", [None, "short", "x" * 31, "with spaces in it, which Telegram does not allow"])
def test_a_bot_without_a_good_secret_does_not_start(secret: str | None) -> None:
    with pytest.raises(Misconfigured):
        open_channel(Settings(telegram_token=telegram.TOKEN, telegram_webhook_secret=secret))


def test_limits_that_nobody_can_count_do_not_start() -> None:
    account = Settings(
        telegram_token=telegram.TOKEN, telegram_webhook_secret=telegram.SECRET, redis_url="http://127.0.0.1"
    )
    with pytest.raises(Misconfigured, match="REDIS_URL"):
        open_channel(account)


def test_buttons_are_pressed_once(channel: Telegram, provider: telegram.Telegram) -> None:
    provider.text_update("77", "hi")
    asked = OutboundMessage(SENDER, "Wann? <b>Bald</b>", (Choice("abc", "10:00"), Choice("def", "11:00")))
    receipt = channel.send(asked)
    shown = provider.chats["77"][-1]
    assert (shown.text, shown.buttons) == ("Wann? <b>Bald</b>", [("10:00", "abc"), ("11:00", "def")])
    assert receipt == Sent(str(shown.id))
    pressed = InboundMessage("1", SENDER, choice="abc", handle=f"42:{shown.id}")
    channel.acknowledge(pressed)
    channel.acknowledge(pressed)
    assert shown.buttons == []
    assert provider.answered == ["42"]


def test_a_very_long_text_comes_in_parts(channel: Telegram, provider: telegram.Telegram) -> None:
    provider.text_update("78", "hi")
    text = "Zeile mit Wörtern 🚗\n" * 300
    assert isinstance(channel.send(OutboundMessage(Address("telegram", "78"), text, (Choice("a", "A"),))), Sent)
    *first, last = provider.chats["78"]
    assert len(first) == 1
    assert [one.buttons for one in first] == [[]]
    assert last.buttons == [("A", "a")]
    assert "".join(one.text for one in provider.chats["78"]).count("🚗") == 300
    assert [len(part) for part in parts("a" * 5_000)] == [4_096, 904]


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Fault.TOO_MANY, Later(timedelta(seconds=1), "too many requests")),
        (Fault.BROKEN, Later(timedelta(seconds=5), "Telegram has an error of its own", down=True)),
        (Fault.LOST_ANSWER, Unknown("ProtocolError")),
        (Fault.GARBAGE, Unknown("JSONDecodeError")),
    ],
)
def test_bad_days(channel: Telegram, provider: telegram.Telegram, fault: Fault, expected: object) -> None:
    provider.chats["79"] = []
    provider.mood.planned = [fault]
    assert channel.send(OutboundMessage(Address("telegram", "79"), "hi")) == expected
    assert len(provider.chats["79"]) == fault.accepts


def test_too_many_requests_mean_the_whole_bot(provider: telegram.Telegram) -> None:
    with closing(Telegram(telegram.TOKEN, api_url=provider.url)) as hasty:
        provider.text_update("82", "hi")
        provider.mood.planned = [Fault.TOO_MANY]
        assert hasty.rest == timedelta()
        hasty.send(OutboundMessage(Address("telegram", "82"), "hi"))
        assert timedelta() < hasty.rest <= timedelta(seconds=1)


def test_who_writes_too_fast_waits_for_another_time(provider: telegram.Telegram) -> None:
    with closing(Telegram(telegram.TOKEN, api_url=provider.url)) as hasty:
        hasty.pace = Pace("4711", Tally(), overall=RateLimitItemPerHour(1))
        provider.text_update("83", "hi")
        receipts = [hasty.send(OutboundMessage(Address("telegram", "83"), "hi")) for _ in range(2)]
        assert [type(receipt) for receipt in receipts] == [Sent, Later]
        assert len(provider.chats["83"]) == 1


def test_who_blocked_us_and_who_is_not_there_are_not_tried_again(
    channel: Telegram, provider: telegram.Telegram
) -> None:
    provider.text_update("80", "hi")
    provider.blocked.add("80")
    for chat in ("80", "81"):
        receipt = channel.send(OutboundMessage(Address("telegram", chat), "hi"))
        assert isinstance(receipt, Refused)
        assert receipt.unreachable


def test_a_wrong_token_is_our_fault_and_not_the_customers(provider: telegram.Telegram) -> None:
    with closing(Telegram("1:wrong", api_url=provider.url)) as stranger:
        assert isinstance(stranger.send(OutboundMessage(SENDER, "hi")), Later)


def test_the_menu_is_shown_in_the_customers_language(provider: telegram.Telegram, channel: Telegram) -> None:
    channel.show_menus(menus())
    assert dict(provider.menus["de"])["absagen"] == "Einen Termin absagen"
    assert provider.menus[""] == provider.menus["en"] != provider.menus["de"]


def test_polling_takes_each_update_once(provider: telegram.Telegram, channel: Telegram) -> None:
    channel.connect("https://termin.example.de/")
    assert provider.webhook == "https://termin.example.de/webhooks/telegram"
    channel.disconnect()
    provider.write("77", "eins")
    provider.write("77", "zwei")
    heard, offset = channel.poll(0)
    assert [one.text for one in heard if isinstance(one, InboundMessage)] == ["eins", "zwei"]
    assert channel.poll(offset) == ([], offset)
