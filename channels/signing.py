"""Signatures as Standard Webhooks has them: over an id, the time and the body, with keys that both sides know."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from channels.channel import Forged, Misconfigured, WebhookCall

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"

FRESH = timedelta(minutes=5)
"""How far the other side's clock may be from ours; an older call may be one that somebody recorded."""


def keys_of(secrets: str) -> tuple[bytes, ...]:
    """The keys in secrets as `whsec_…`, with commas between. Raises Misconfigured for one that could be guessed."""
    return tuple(map(_key, secrets.split(",")))


def signed(key: bytes, id: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """The headers that prove a call of ours."""
    told_at = str(int(now.timestamp()))
    return {ID: id, TIMESTAMP: told_at, SIGNATURE: _signature(key, id, told_at, body)}


def proved(call: WebhookCall, keys: Sequence[bytes], *, now: datetime) -> str:
    """The id of a call that somebody signed just now who has one of the keys. Raises Forged."""
    id, told_at = call.header(ID), call.header(TIMESTAMP)
    try:
        age = abs(now - datetime.fromtimestamp(int(told_at), UTC))
    except (ValueError, OverflowError, OSError):
        raise Forged from None
    shown = call.header(SIGNATURE).split()
    right = [_signature(key, id, told_at, call.body) for key in keys]
    if not id or age > FRESH or not any(_same(one, other) for one in shown for other in right):
        raise Forged
    return id


def _signature(key: bytes, id: str, told_at: str, body: bytes) -> str:
    content = f"{id}.{told_at}.".encode("utf-8", "surrogateescape") + body
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


def _same(shown: str, right: str) -> bool:
    return hmac.compare_digest(shown.encode("utf-8", "surrogateescape"), right.encode())


def _key(secret: str) -> bytes:
    prefix, _, written = secret.strip().partition("_")
    try:
        key = base64.b64decode(written, validate=True)
    except ValueError:
        key = b""
    if prefix != "whsec" or not 24 <= len(key) <= 64:
        raise Misconfigured("RELAY_SECRET must be whsec_ and 24 to 64 random bytes in Base64.")
    return key
