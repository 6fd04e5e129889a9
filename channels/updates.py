"""Telegram's updates, as news."""

import logging
import re
from collections.abc import Mapping
from typing import Any

import phonenumbers

from bot.messages import LONGEST_TOKEN, Address, InboundMessage, point
from channels.channel import Consent, News

log = logging.getLogger(__name__)

START = "/start"
PRIVATE = "private"
_DEEP_LINK = re.compile(rf"{START} ([A-Za-z0-9_-]{{1,{LONGEST_TOKEN}}})")

Told = Mapping[str, Any]
"""An object of the Bot API."""


def read_update(told: object, bot: str) -> list[News]:
    """The news in an update's JSON; none if we cannot read it.

    Telegram would repeat for a day what we refuse, and hold back all that comes after it.
    """
    try:
        return news_of(told, bot) if isinstance(told, dict) and "update_id" in told else []
    except Exception as error:
        log.error("an update that nobody can read", extra={"error": type(error).__name__})
        return []


def news_of(update: Told, bot: str) -> list[News]:
    """The news in an update to the bot with this id; two bots count their updates each for itself."""
    id = f"{bot}:{int(update['update_id'])}"
    if query := update.get("callback_query"):
        return _pressed(id, query)
    if change := update.get("my_chat_member"):
        return _membership(change)
    message = update.get("message") or update.get("edited_message")
    return _written(id, message) if message else []


def _written(id: str, message: Told) -> list[News]:
    who, chat = message.get("from"), message["chat"]
    if chat["type"] != PRIVATE or who is None:
        return []
    phone = None
    contact, location = message.get("contact"), message.get("location")
    if contact and contact.get("user_id") == who["id"]:  # Anybody can forward somebody else's card.
        phone = e164(contact["phone_number"])
    text = message.get("text") or message.get("caption") or phone or ""
    token = None
    if link := _DEEP_LINK.fullmatch(text):
        text, token = START, link[1]
    place = point(location["latitude"], location["longitude"]) if location else None
    language = who.get("language_code")
    return [InboundMessage(id, _address(chat), text, None, _name(who), language, phone, place=place, token=token)]


def _pressed(id: str, query: Told) -> list[News]:
    message, who = query.get("message"), query["from"]
    if message is None or message["chat"]["type"] != PRIVATE:
        return []
    handle = f"{query['id']}:{message['message_id']}"
    choice, language = query.get("data") or "", who.get("language_code")
    return [InboundMessage(id, _address(message["chat"]), "", choice, _name(who), language, handle=handle)]


def _membership(change: Told) -> list[News]:
    """In a private chat this says that the bot was blocked or let in again."""
    if change["chat"]["type"] != PRIVATE:
        return []
    granted = change["new_chat_member"]["status"] not in {"kicked", "left"}
    wording = "started the bot" if granted else "blocked the bot"
    return [Consent(_address(change["chat"]), granted, wording)]


def _address(chat: Told) -> Address:
    return Address("telegram", str(chat["id"]))


def _name(who: Told) -> str:
    return " ".join(filter(None, (who["first_name"], who.get("last_name"))))


def e164(number: str | None) -> str | None:
    """A number as Telegram gives it, with or without its plus."""
    try:
        parsed = phonenumbers.parse("+" + (number or "").lstrip("+"))
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
