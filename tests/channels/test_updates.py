"""Telegram's updates as its documents show them."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from app.providers import telegram
from bot.messages import Address, InboundMessage, Point
from channels.channel import Consent, News
from channels.telegram import Telegram
from tests.channels.accounts import NOWHERE, telegram_call

PETRA = {"id": 77, "is_bot": False, "first_name": "Petra", "last_name": "Müller", "language_code": "de"}
CHAT = {"id": 77, "first_name": "Petra", "last_name": "Müller", "type": "private"}
GROUP = {"id": -100, "title": "Stammtisch", "type": "supergroup"}
SENDER = Address("telegram", "77")
BOT = {"id": 4711, "is_bot": True, "first_name": "Werkstatt", "username": "werkstatt_bot"}


@pytest.fixture(scope="module")
def channel() -> Iterator[Telegram]:
    with closing(Telegram(telegram.TOKEN, secrets=[telegram.SECRET], api_url=NOWHERE)) as channel:
        yield channel


def news(channel: Telegram, **update: Any) -> list[News]:
    return channel.read(telegram_call(json.dumps({"update_id": 5, **update}).encode()))


def message(chat: dict[str, Any] = CHAT, **content: Any) -> dict[str, Any]:
    return {"message_id": 9, "from": PETRA, "chat": chat, "date": 1_795_000_000, **content}


def said(text: str, **more: Any) -> InboundMessage:
    return InboundMessage("4711:5", SENDER, text, None, "Petra Müller", "de", **more)


def test_a_text(channel: Telegram) -> None:
    assert news(channel, message=message(text="Ölwechsel morgen?")) == [said("Ölwechsel morgen?")]


def test_a_command_is_a_text_and_a_deep_link_carries_a_token(channel: Telegram) -> None:
    entities = [{"offset": 0, "length": 6, "type": "bot_command"}]
    assert news(channel, message=message(text="/start", entities=entities)) == [said("/start")]
    [linked] = news(channel, message=message(text="/start aB3_-", entities=entities))
    assert linked == said("/start", token="aB3_-")  # noqa: S106 - of a link that nobody made.
    for text in ("/start two words", f"/start {'a' * 65}"):
        assert news(channel, message=message(text=text, entities=entities)) == [said(text)]


def test_a_place_that_is_shared(channel: Telegram) -> None:
    here = {"latitude": 50.938361, "longitude": 6.959974, "horizontal_accuracy": 12.5}
    assert news(channel, message=message(location=here)) == [said("", place=Point(50.938361, 6.959974))]
    venue = {"location": here, "title": "Dom", "address": "Domkloster 4"}
    assert news(channel, message=message(location=here, venue=venue)) == [said("", place=Point(50.938361, 6.959974))]


def test_a_text_that_was_mended_counts_as_said_again(channel: Telegram) -> None:
    assert news(channel, edited_message=message(text="Mittwoch", edit_date=1_795_000_009)) == [said("Mittwoch")]


def test_a_picture_is_its_caption(channel: Telegram) -> None:
    photo = [{"file_id": "a", "file_unique_id": "b", "width": 9, "height": 9}]
    assert news(channel, message=message(photo=photo, caption="So sieht es aus")) == [said("So sieht es aus")]
    assert news(channel, message=message(photo=photo)) == [said("")]


def test_ones_own_phone_number_is_vouched_for(channel: Telegram) -> None:
    contact = {"phone_number": "4915112345678", "first_name": "Petra", "user_id": 77}
    assert news(channel, message=message(contact=contact)) == [said("+4915112345678", phone="+4915112345678")]


@pytest.mark.parametrize("owner", [{"user_id": 78}, {}])
def test_somebody_elses_phone_number_is_not(channel: Telegram, owner: dict[str, int]) -> None:
    contact = {"phone_number": "+4915112345678", "first_name": "Max", **owner}
    assert news(channel, message=message(contact=contact)) == [said("")]


def test_what_is_no_phone_number_is_none(channel: Telegram) -> None:
    contact = {"phone_number": "call me", "first_name": "Petra", "user_id": 77}
    assert news(channel, message=message(contact=contact)) == [said("")]


def test_a_button(channel: Telegram) -> None:
    query = {"id": "42", "from": PETRA, "message": message(text="Wann?"), "chat_instance": "1", "data": "abc"}
    expected = InboundMessage("4711:5", SENDER, "", "abc", "Petra Müller", "de", handle="42:9")
    assert news(channel, callback_query=query) == [expected]


def test_a_button_of_a_message_that_is_out_of_reach(channel: Telegram) -> None:
    old = {"chat": CHAT, "message_id": 9, "date": 0}
    query = {"id": "42", "from": PETRA, "message": old, "chat_instance": "1", "data": "abc"}
    [pressed] = news(channel, callback_query=query)
    assert isinstance(pressed, InboundMessage)
    assert pressed.sender == SENDER


@pytest.mark.parametrize(("status", "granted"), [("kicked", False), ("member", True)])
def test_being_blocked_and_let_in_again(channel: Telegram, status: str, granted: bool) -> None:
    member = {"user": BOT, "status": status} | ({"until_date": 0} if status == "kicked" else {})
    change = {
        "chat": CHAT,
        "from": PETRA,
        "date": 1_795_000_000,
        "old_chat_member": {"user": BOT, "status": "member"},
        "new_chat_member": member,
    }
    [consent] = news(channel, my_chat_member=change)
    assert isinstance(consent, Consent)
    assert (consent.sender, consent.granted) == (SENDER, granted)
    assert news(channel, my_chat_member={**change, "chat": GROUP}) == []


def test_groups_and_what_we_do_not_know_are_none_of_our_business(channel: Telegram) -> None:
    assert news(channel, message=message(GROUP, text="Wer kommt?")) == []
    query = {"id": "42", "from": PETRA, "message": message(GROUP), "chat_instance": "1", "data": "abc"}
    assert news(channel, callback_query=query) == []
    assert news(channel, poll={"id": "1"}) == []
    assert news(channel) == []
