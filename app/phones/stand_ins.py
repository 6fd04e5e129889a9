"""The providers that stand in for the real ones while the demo runs."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from app.providers.mail import Mailbox
from app.providers.telegram import SECRET, Telegram
from app.providers.telegram import TOKEN as TELEGRAM_TOKEN
from app.providers.twilio import Twilio
from app.providers.twilio_messages import ACCOUNT, SMS, WHATSAPP
from app.providers.twilio_messages import TOKEN as TWILIO_TOKEN
from app.settings import Settings
from bot.messages import Address

TEMPLATES = {
    "reminder": "Erinnerung an {{1}} bei {{2}}. Passt es? Antworten Sie bitte JA, ABSAGEN oder VERSCHIEBEN.",
    "ready": "Ihr Auto ist fertig! Abholen können Sie es bei {{2}}, solange wir geöffnet haben.",
    "no_show": "Schade, am {{1}} haben wir Sie bei {{2}} vermisst. Einen neuen Termin? Schreiben Sie einfach.",
}
"""What WhatsApp has approved for this workshop, by kind of message: after a day of silence it takes nothing else."""


@dataclass(frozen=True)
class StandIns:
    telegram: Telegram
    twilio: Twilio
    mailbox: Mailbox

    def accounts(self, settings: Settings, public_url: str) -> Settings:
        """The settings, with our accounts at these providers."""
        templates = {kind: self.twilio.contents.approve_template(words) for kind, words in TEMPLATES.items()}
        return settings.model_copy(
            update={
                "public_url": public_url,
                "telegram_token": TELEGRAM_TOKEN,
                "telegram_webhook_secret": SECRET,
                "telegram_api_url": self.telegram.url,
                "twilio_account_sid": ACCOUNT,
                "twilio_auth_token": TWILIO_TOKEN,
                "twilio_api_url": self.twilio.url,
                "twilio_sms_from": SMS,
                "twilio_whatsapp_from": WHATSAPP.removeprefix("whatsapp:"),
                "twilio_templates": templates,
                "smtp_url": self.mailbox.url,
                "mail_from": "Werkstatt <termin@example.de>",
            }
        )

    def recall(self, who: Address, heard_at: datetime) -> None:
        """Somebody wrote before the providers were started: they may be answered like everybody else."""
        match who.channel:
            case "telegram":
                self.telegram.chats.setdefault(who.id, [])
            case "whatsapp":
                self.twilio.heard[f"whatsapp:{who.id}"] = heard_at

    def forget(self) -> None:
        """All that anybody ever wrote."""
        self.telegram.chats.clear()
        self.twilio.messages.clear()
        self.twilio.heard.clear()
        self.mailbox.mails.clear()


@contextmanager
def stand_ins(public_url: str) -> Iterator[StandIns]:
    """Providers on ports of their own, calling us back at this URL, until the end of the block.

    They count from the time of day on: a number of an earlier run is one that the bot has answered.
    """
    first = int(time.time())
    with (
        Telegram(webhook=f"{public_url}/webhooks/telegram", first=first).running() as telegram,
        Twilio(public_url=public_url, first=first).running() as twilio,
        Mailbox().running() as mailbox,
    ):
        yield StandIns(telegram, twilio, mailbox)
