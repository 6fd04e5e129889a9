"""What we send to providers and read from them ourselves, held against the libraries that others use for it."""

import asyncio
from typing import Any

import pytest

from app.providers.telegram import TOKEN, Telegram
from app.providers.twilio import Twilio
from app.providers.twilio_messages import ACCOUNT, SMS
from app.providers.twilio_messages import TOKEN as TWILIO_TOKEN
from bot.messages import Address, Choice, InboundMessage, OutboundMessage
from channels.channel import Channel, Sent
from channels.updates import read_update
from tests.channels.accounts import our_channels

NUMBER = "+4915112345678"


def test_a_message_with_buttons_is_the_one_of_telegrams_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

    async def send_theirs(url: str) -> int:
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("10:00", callback_data="abc")]])
        async with Bot(TOKEN, base_url=f"{url}/bot") as bot:
            sent = await bot.send_message(77, "Wann? <b>Bald</b>", reply_markup=keyboard)
            await bot.set_my_commands([("absagen", "Absagen")], language_code="de")
        return sent.message_id

    with Telegram().running() as provider, our_channels(telegram=provider.url) as channels:
        provider.chats["77"] = []
        ours = OutboundMessage(Address("telegram", "77"), "Wann? <b>Bald</b>", (Choice("abc", "10:00"),))
        receipts = [Sent(str(asyncio.run(send_theirs(provider.url)))), channels["telegram"].send(ours)]
        theirs, shown = provider.chats["77"]
        assert receipts == [Sent(str(theirs.id)), Sent(str(shown.id))]
        assert (shown.text, shown.buttons) == (theirs.text, theirs.buttons)
        commands = provider.menus["de"]
        channels["telegram"].show_menus({"de": [("absagen", "Absagen")]})
        assert provider.menus["de"] == commands


def test_updates_mean_what_telegrams_library_reads_in_them() -> None:
    from telegram import Update

    provider = Telegram()
    for told in (provider.text_update("77", "Ölwechsel?"), provider.press_update("77", "abc", 9)):
        theirs = Update.de_json(told, None)
        [ours] = read_update(told, "4711")
        assert isinstance(ours, InboundMessage)
        assert theirs.effective_user is not None
        assert theirs.effective_chat is not None
        assert ours.id == f"4711:{theirs.update_id}"
        assert ours.sender.id == str(theirs.effective_chat.id)
        assert (ours.name, ours.language) == (theirs.effective_user.full_name, theirs.effective_user.language_code)
        heard = theirs.callback_query.data if theirs.callback_query else None
        assert (ours.text, ours.choice) == ("" if heard else theirs.effective_message.text, heard)  # type: ignore[union-attr]


def test_a_text_is_the_one_of_twilios_library(sms: Channel, provider: Twilio) -> None:
    from twilio.http.http_client import TwilioHttpClient
    from twilio.rest import Client

    class Redirected(TwilioHttpClient):  # type: ignore[misc]
        def request(self, method: str, url: str, **how: Any) -> Any:
            return super().request(method, url.replace("https://api.twilio.com", provider.url), **how)

    messages = Client(ACCOUNT, TWILIO_TOKEN, http_client=Redirected()).messages
    theirs = messages.create(to=NUMBER, from_=SMS, body="Gebucht", validity_period=3600)
    ours = sms.send(OutboundMessage(Address("sms", NUMBER), "Gebucht", reference="12"))
    assert [one.body for one in provider.letters(NUMBER)] == ["Gebucht", "Gebucht"]
    assert [one.sid for one in messages.list(to=NUMBER)][::-1] == [theirs.sid, getattr(ours, "provider_id", None)]
    provider.longest_page = 1
    assert [one.sid for one in messages.list(to=NUMBER)][::-1] == [theirs.sid, getattr(ours, "provider_id", None)]
    assert messages(theirs.sid).delete()
