"""Telegram: a bot's webhook or long polling in, `sendMessage` out."""

import hmac
import json
import logging
import os
import re
from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import MessageLimit
from telegram.error import RetryAfter

from bot.messages import InboundMessage, OutboundMessage
from channels.calls import Calls
from channels.channel import (
    Accounts,
    Channel,
    Forged,
    Later,
    Menus,
    Misconfigured,
    News,
    Receipt,
    Sent,
    Unknown,
    WebhookCall,
)
from channels.pace import Pace
from channels.tally import Tally
from channels.telegram_errors import receipt_for
from channels.telegram_requests import Requests, done
from channels.updates import news_of, read_update

# Until the library's next major version this is how it gives durations as such, without a warning.
os.environ.setdefault("PTB_TIMEDELTA", "1")

log = logging.getLogger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
WANTED = ["message", "edited_message", "callback_query", "my_chat_member"]
"""Kinds of updates; always named, since Telegram remembers what was asked for last."""

ANSWER = 10.0
"""Seconds Telegram may take to answer."""

POLL = 25
"""Seconds Telegram may wait for an update before it says that there is none."""


class Telegram(Channel):
    """One bot, in private chats only: what we talk about is nobody else's business.

    Each of the `secrets` proves that a call is Telegram's; the first is the one that Telegram is told.
    """

    name: ClassVar[str] = "telegram"

    def __init__(self, token: str, *, secrets: Sequence[str] = (), api_url: str, tally: Tally | None = None) -> None:
        super().__init__()
        self._bot_id = token.partition(":")[0]
        self.pace = Pace(self._bot_id, tally or Tally())
        self._secrets = secrets
        base = api_url.rstrip("/")
        self._calls = Calls(base, answer=ANSWER)
        requests = Requests(self._calls)
        self._bot = Bot(token, base_url=f"{base}/bot", request=requests, get_updates_request=requests)

    @property
    def rest(self) -> timedelta:
        return max(super().rest, self.pace.rest)

    def close(self) -> None:
        self._calls.close()

    def read(self, call: WebhookCall) -> list[News]:
        """Without a secret nothing can prove that it comes from Telegram, so nothing is accepted."""
        shown = call.header(HEADER).encode("utf-8", "surrogateescape")
        if not any(hmac.compare_digest(shown, secret.encode()) for secret in self._secrets):
            raise Forged
        try:
            update = json.loads(call.body)
        except (ValueError, RecursionError):
            raise Forged from None
        return read_update(update, self._bot_id)

    def poll(self, offset: int) -> tuple[list[News], int]:
        """News since the update with this number, waited for half a minute, and the number to go on with."""
        updates = done(self._bot.get_updates(offset=offset, timeout=POLL, allowed_updates=WANTED))
        news = [one for update in updates for one in news_of(update, self._bot_id)]
        return news, max((update.update_id + 1 for update in updates), default=offset)

    def connect(self, public_url: str) -> None:
        """Have Telegram call us; updates that wait there are kept. Raises TelegramError."""
        url = f"{public_url.rstrip('/')}/webhooks/telegram"
        done(self._bot.set_webhook(url, secret_token=self._secrets[0], allowed_updates=WANTED))

    def disconnect(self) -> None:
        """Have Telegram wait until we poll. Raises TelegramError."""
        done(self._bot.delete_webhook())

    def show_menus(self, menus: Menus) -> None:
        for language, menu in ((None, [*menus.values()][-1]), *menus.items()):
            done(self._bot.set_my_commands(menu, language_code=language))

    def acknowledge(self, message: InboundMessage) -> None:
        """Stop the spinner on the button, then take the buttons away: the decision is made."""
        if message.handle is None:
            return
        query, _, pressed = message.handle.partition(":")
        try:
            done(self._bot.answer_callback_query(query))
        except Exception as error:
            log.info("callback query not answered", extra={"error": type(error).__name__})
        try:
            done(self._bot.edit_message_reply_markup(chat_id=message.sender.id, message_id=int(pressed)))
        except Exception as error:
            log.info("keyboard not removed", extra={"error": type(error).__name__})

    def send(self, message: OutboundMessage) -> Receipt:
        *first, last = parts(message.text)
        sent: Receipt = Sent()
        for part in first:
            sent = self._send(message.recipient.id, part, None)
            if not isinstance(sent, Sent):
                return sent if part is first[0] else Unknown("only the beginning was sent")
        sent = self._send(message.recipient.id, last, _keyboard(message))
        return Unknown("only the beginning was sent") if first and not isinstance(sent, Sent) else sent

    def _send(self, chat: str, text: str, keyboard: InlineKeyboardMarkup | None) -> Receipt:
        """Without a parse mode: what customers called themselves stays text, whatever it looks like."""
        if wait := self.pace.wait(chat):
            return Later(wait, "we write too fast for Telegram")
        try:
            sent = done(self._bot.send_message(chat_id=chat, text=text, reply_markup=keyboard))
            return Sent(str(sent.message_id))
        except Exception as error:
            receipt = receipt_for(error)
            if isinstance(error, RetryAfter) and isinstance(receipt, Later):
                self.pace.pause(receipt.after)
            return receipt


def open_channel(accounts: Accounts) -> Telegram | None:
    """Raises Misconfigured where the token has no company of a secret that is worth the name."""
    if not accounts.telegram_token:
        return None
    secrets = [secret.strip() for secret in (accounts.telegram_webhook_secret or "").split(",")]
    if not all(re.fullmatch(r"[A-Za-z0-9_-]{32,256}", secret) for secret in secrets):
        raise Misconfigured("TELEGRAM_WEBHOOK_SECRET must be 32 to 256 random letters, digits, - or _.")
    logging.getLogger("telegram").setLevel(logging.WARNING)  # It logs addresses, and the address holds the token.
    try:
        tally = Tally(accounts.redis_url)
    except ValueError as error:
        raise Misconfigured(f"REDIS_URL is wrong: {error}") from None
    return Telegram(accounts.telegram_token, secrets=secrets, api_url=accounts.telegram_api_url, tally=tally)


def parts(text: str, longest: int = MessageLimit.MAX_TEXT_LENGTH) -> list[str]:
    """The text in messages that Telegram takes, cut between lines or words; it counts an emoji as two."""
    cut = []
    while len(text.encode("utf-16-le")) // 2 > longest:
        head = text.encode("utf-16-le")[: longest * 2].decode("utf-16-le", "ignore")
        end = max(head.rfind("\n"), 0) or max(head.rfind(" "), 0) or len(head)
        cut.append(text[:end])
        text = text[end:].lstrip()
    return [*cut, text]


def _keyboard(message: OutboundMessage) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(choice.label, callback_data=choice.id)] for choice in message.choices]
    return InlineKeyboardMarkup(rows) if rows else None
