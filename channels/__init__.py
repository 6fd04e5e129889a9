"""How words travel: each provider in a file of its own."""

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from channels.channel import Accounts, Channel

# Name -> the module that opens it, and the paths below /webhooks on which its provider calls us.
CHANNELS: dict[str, tuple[str, tuple[str, ...]]] = {
    "telegram": ("channels.telegram", ("telegram",)),
    "sms": ("channels.sms", ("twilio/sms", "twilio/status")),
    "whatsapp": ("channels.whatsapp", ("twilio/whatsapp", "twilio/status")),
    "email": ("channels.email", ()),
}


def open_channels(accounts: "Accounts", names: Iterable[str] = CHANNELS) -> "dict[str, Channel]":
    """The channels that there are accounts for, by name. A provider's library is loaded only for its own channel.

    Raises Misconfigured for an account that lacks something.
    """
    opened = {name: import_module(CHANNELS[name][0]).open_channel(accounts) for name in names}
    return {name: channel for name, channel in opened.items() if channel is not None}
