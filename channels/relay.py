"""A relay: any program of ours that passes words on by plain HTTP – a chat box on a website, a bridge.

Both directions are JSON by POST, signed. The relay draws choices as it likes, and tells of a tap by the choice's id.
"""

import json
import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, ClassVar

import httpx

from bot.messages import Address, InboundMessage, OutboundMessage, point
from bot.text import clean
from channels.channel import (
    Accounts,
    Channel,
    Later,
    Misconfigured,
    News,
    Receipt,
    Refused,
    Sent,
    Unknown,
    WebhookCall,
)
from channels.signing import keys_of, proved, signed

log = logging.getLogger(__name__)

ANSWER = 10.0
"""Seconds the relay may take to answer."""

LONGEST_SENDER = 200
SOON, LONGEST_PAUSE, WRONG_SECRET = timedelta(minutes=1), timedelta(hours=1), timedelta(minutes=10)


class Relay(Channel):
    name: ClassVar[str] = "relay"

    def __init__(self, url: str, keys: tuple[bytes, ...]) -> None:
        super().__init__()
        self._url, self._keys = url, keys
        self._http = httpx.Client(timeout=ANSWER)

    def read(self, call: WebhookCall) -> list[News]:
        """Nothing for what is signed and yet no message: to refuse it would only bring it again."""
        id = proved(call, self._keys, now=self.clock())
        try:
            told = json.loads(call.body)
        except (ValueError, RecursionError):
            told = None
        message = _message(id, told) if isinstance(told, dict) else None
        if message is None:
            log.error("the relay sent something that is no message")
        return [message] if message else []

    def send(self, message: OutboundMessage) -> Receipt:
        """A second copy has the same id, by which the relay knows it."""
        body, id = json.dumps(_written(message)).encode(), f"letter-{message.reference}"
        headers = {"Content-Type": "application/json", **signed(self._keys[0], id, body, now=self.clock())}
        try:
            answer = self._http.post(self._url, content=body, headers=headers)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            return Later(SOON, f"the relay cannot be reached: {type(error).__name__}", down=True)
        except httpx.HTTPError as error:
            return Unknown(type(error).__name__)
        return _receipt(answer, id)

    def close(self) -> None:
        self._http.close()


def open_channel(accounts: Accounts) -> Relay | None:
    """Raises Misconfigured where address or secret is missing or wrong."""
    if not accounts.relay_url and not accounts.relay_secret:
        return None
    if not (accounts.relay_url or "").startswith(("https://", "http://")):
        raise Misconfigured("RELAY_URL must be where the relay takes our messages, as in https://chat.example.de/out")
    return Relay(accounts.relay_url or "", keys_of(accounts.relay_secret or ""))


def _message(id: str, told: Mapping[str, Any]) -> InboundMessage | None:
    """None where it does not say who wrote, or what."""
    sender, text, choice = clean(_text(told, "sender")), _text(told, "text"), _text(told, "choice") or None
    place = told.get("place")
    where = point(place.get("lat"), place.get("lng")) if isinstance(place, dict) else None
    if not sender or len(sender) > LONGEST_SENDER or not (text or choice or where):
        return None
    name, language = _text(told, "name") or None, _text(told, "language") or None
    return InboundMessage(id, Address(Relay.name, sender), text, choice, name, language, place=where)


def _text(told: Mapping[str, Any], field: str) -> str:
    value = told.get(field)
    return value if isinstance(value, str) else ""


def _written(message: OutboundMessage) -> dict[str, object]:
    return {
        "recipient": message.recipient.id,
        "text": message.text,
        "choices": [{"id": choice.id, "label": choice.label} for choice in message.choices],
        "kind": message.kind,
    }


def _receipt(answer: httpx.Response, id: str) -> Receipt:
    """After an error of its own the relay may have the message or not."""
    reason, status = f"the relay answered {answer.status_code}", answer.status_code
    if 200 <= status < 300:
        return Sent(id)
    if status in {401, 403}:
        return Later(WRONG_SECRET, f"{reason}: is RELAY_SECRET right?", down=True)
    if status in {429, 503}:
        asked = answer.headers.get("retry-after", "")
        return Later(min(timedelta(seconds=int(asked[:6])), LONGEST_PAUSE) if asked.isdecimal() else SOON, reason)
    if 400 <= status < 500:
        return Refused(reason, unreachable=status in {404, 410})
    return Unknown(reason) if status >= 500 else Later(SOON, reason, down=True)
