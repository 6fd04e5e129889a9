"""How words travel: each provider in a file of its own."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from channels.channel import Accounts, Channel

# Name -> the module that opens it, and the paths below /webhooks on which its provider calls us.
CHANNELS: dict[str, tuple[str, tuple[str, ...]]] = {
    "telegram": ("channels.telegram", ("telegram",)),
    "sms": ("channels.sms", ("twilio/sms", "twilio/status")),
    "whatsapp": ("channels.whatsapp", ("twilio/whatsapp", "twilio/status")),
    "relay": ("channels.relay", ("relay",)),
    "email": ("channels.email", ()),
}


@contextmanager
def open_channels(accounts: "Accounts") -> "Iterator[dict[str, Channel]]":
    """The channels that there are accounts for, by name; a provider's library is loaded only for its own channel.

    Raises Misconfigured for an account that lacks something, or one with whose provider nothing is agreed.
    """
    from channels.agreements import demand_agreement

    with ExitStack() as closing:
        opened: dict[str, Channel] = {}
        for name, (module, _) in CHANNELS.items():
            if channel := import_module(module).open_channel(accounts):
                demand_agreement(name, accounts.agreements)
                channel.public_url = (accounts.public_url or "").rstrip("/")
                opened[name] = channel
                closing.callback(channel.close)
        yield opened
