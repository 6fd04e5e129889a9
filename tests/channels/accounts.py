"""Our channels on accounts with the providers that stand in."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from limits import RateLimitItemPerSecond

from app.providers.telegram import SECRET, TOKEN
from app.providers.twilio_messages import ACCOUNT, SMS, WHATSAPP, signature
from app.providers.twilio_messages import TOKEN as TWILIO_TOKEN
from app.settings import Settings
from channels import open_channels
from channels.channel import Channel, WebhookCall
from channels.pace import Pace
from channels.tally import Tally
from channels.telegram import Telegram

PUBLIC_URL = "https://termin.example.de"
NOWHERE = "http://127.0.0.1:1"
RELAY_SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()


def our_settings(
    *,
    telegram: str = NOWHERE,
    twilio: str = NOWHERE,
    mail: str = "smtp://127.0.0.1:1",
    relay: str = NOWHERE,
    public_url: str = PUBLIC_URL,
    **more: Any,
) -> Settings:
    """An account with every provider, each under this URL."""
    return Settings(
        **{
            "public_url": public_url,
            "telegram_token": TOKEN,
            "telegram_webhook_secret": SECRET,
            "telegram_api_url": telegram,
            "twilio_account_sid": ACCOUNT,
            "twilio_auth_token": TWILIO_TOKEN,
            "twilio_api_url": twilio,
            "twilio_sms_from": SMS,
            "twilio_whatsapp_from": WHATSAPP,
            "relay_url": relay,
            "relay_secret": RELAY_SECRET,
            "smtp_url": mail,
            "mail_from": "Werkstatt Muster <termin@example.de>",
            **more,
        }
    )


@contextmanager
def our_channels(*, templates: dict[str, str] | None = None, **settings: Any) -> Iterator[dict[str, Channel]]:
    """All channels, with settings as above."""
    with open_channels(our_settings(twilio_templates=templates or {}, **settings)) as channels:
        unhurried(channels["telegram"])
        yield channels


def unhurried(channel: Channel) -> None:
    """Customers of tests read faster than Telegram lets a bot write."""
    assert isinstance(channel, Telegram)
    channel.pace = Pace("4711", Tally(), chat=RateLimitItemPerSecond(1_000), overall=RateLimitItemPerSecond(1_000))


def telegram_call(body: bytes) -> WebhookCall:
    return WebhookCall("/webhooks/telegram", body, [("X-Telegram-Bot-Api-Secret-Token", SECRET)])


def twilio_call(path: str, fields: dict[str, str], *, query: str = "", token: str = TWILIO_TOKEN) -> WebhookCall:
    """A call that is signed as Twilio signs."""
    url = f"{PUBLIC_URL}{path}{'?' if query else ''}{query}"
    headers = [
        ("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),
        ("X-Twilio-Signature", signature(url, fields, token)),
    ]
    return WebhookCall(path, urlencode(fields).encode(), headers, query)
