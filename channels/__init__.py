"""How words travel: each provider in a file of its own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from channels.channel import Accounts, Channel


class Entry(NamedTuple):
    """The module that opens it, the settings any of which asks for it, and the paths below /webhooks that call us."""

    module: str
    settings: tuple[str, ...]
    paths: tuple[str, ...]


CHANNELS = {
    "telegram": Entry("channels.telegram", ("telegram_token",), ("telegram",)),
    "sms": Entry("channels.sms", ("twilio_sms_from",), ("twilio/sms", "twilio/status")),
    "whatsapp": Entry("channels.whatsapp", ("twilio_whatsapp_from",), ("twilio/whatsapp", "twilio/status")),
    "relay": Entry("channels.relay", ("relay_url", "relay_secret"), ("relay",)),
    "email": Entry("channels.email", ("smtp_url",), ()),
}


@contextmanager
def open_channels(accounts: "Accounts") -> "Iterator[dict[str, Channel]]":
    """The channels that there are accounts for, by name; a provider's library is loaded only for its own channel.

    Raises Misconfigured for an account that lacks something, or one with whose provider nothing is agreed.
    """
    from channels.agreements import demand_agreement

    with ExitStack() as closing:
        opened: dict[str, Channel] = {}
        for name, entry in CHANNELS.items():
            asked_for = any(getattr(accounts, setting) for setting in entry.settings)
            if asked_for and (channel := import_module(entry.module).open_channel(accounts)):
                demand_agreement(name, accounts.agreements)
                channel.public_url = (accounts.public_url or "").rstrip("/")
                opened[name] = channel
                closing.callback(channel.close)
        yield opened
