"""Telegram's updates, as news."""

import logging
import re

import phonenumbers
from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update
from telegram.constants import ChatType

from bot.messages import LONGEST_TOKEN, Address, InboundMessage, point
from channels.channel import Consent, News

log = logging.getLogger(__name__)

START = "/start"
_DEEP_LINK = re.compile(rf"{START} ([A-Za-z0-9_-]{{1,{LONGEST_TOKEN}}})")


def read_update(told: object, bot: str) -> list[News]:
    """The news in an update's JSON; none if we cannot read it.

    Telegram would repeat for a day what we refuse, and hold back all that comes after it.
    """
    try:
        update = Update.de_json(told, None) if isinstance(told, dict) and "update_id" in told else None
        return news_of(update, bot) if update else []
    except Exception as error:
        log.error("an update that nobody can read", extra={"error": type(error).__name__})
        return []


def news_of(update: Update, bot: str) -> list[News]:
    """The news in an update to the bot with this id; two bots count their updates each for itself."""
    id = f"{bot}:{update.update_id}"
    if update.callback_query:
        return _pressed(id, update.callback_query)
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    message = update.message or update.edited_message
    return _written(id, message) if message else []


def _written(id: str, message: Message) -> list[News]:
    who = message.from_user
    if message.chat.type != ChatType.PRIVATE or who is None:
        return []
    phone = None
    if message.contact and message.contact.user_id == who.id:  # Anybody can forward somebody else's card.
        phone = e164(message.contact.phone_number)
    text = message.text or message.caption or phone or ""
    token = None
    if link := _DEEP_LINK.fullmatch(text):
        text, token = START, link[1]
    place = point(message.location.latitude, message.location.longitude) if message.location else None
    sender = Address("telegram", str(message.chat.id))
    name, language = who.full_name, who.language_code
    return [InboundMessage(id, sender, text, None, name, language, phone, place=place, token=token)]


def _pressed(id: str, query: CallbackQuery) -> list[News]:
    if query.message is None or query.message.chat.type != ChatType.PRIVATE:
        return []
    who = query.from_user
    handle = f"{query.id}:{query.message.message_id}"
    sender = Address("telegram", str(query.message.chat.id))
    return [InboundMessage(id, sender, "", query.data or "", who.full_name, who.language_code, handle=handle)]


def _membership(change: ChatMemberUpdated) -> list[News]:
    """In a private chat this says that the bot was blocked or let in again."""
    if change.chat.type != ChatType.PRIVATE:
        return []
    granted = change.new_chat_member.status not in {ChatMember.BANNED, ChatMember.LEFT}
    wording = "started the bot" if granted else "blocked the bot"
    return [Consent(Address("telegram", str(change.chat.id)), granted, wording)]


def e164(number: str | None) -> str | None:
    """A number as Telegram gives it, with or without its plus."""
    try:
        parsed = phonenumbers.parse("+" + (number or "").lstrip("+"))
    except phonenumbers.NumberParseException:
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
