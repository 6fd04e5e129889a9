"""Messages as Twilio keeps them, and how it signs what it calls us with."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "a-token-of-an-account-that-does-not-exist"  # noqa: S105
SMS, WHATSAPP = "+4915735980000", "whatsapp:+4915735980001"
STATUSES = ("queued", "sent", "delivered")


@dataclass
class Made:
    """A message as Twilio keeps it."""

    sid: str
    to: str
    sender: str
    body: str
    direction: str
    made: datetime
    status: str = "queued"
    error: int | None = None
    callback: str = ""
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        moment = format_datetime(self.made)
        return {
            "sid": self.sid,
            "account_sid": ACCOUNT,
            "to": self.to,
            "from": self.sender,
            "body": self.body,
            "direction": self.direction,
            "status": self.status,
            "error_code": self.error,
            "date_created": moment,
            "date_sent": None if self.status == "queued" else moment,
            "date_updated": moment,
            "num_segments": "1",
        }


def signature(url: str, fields: Mapping[str, str], token: str = TOKEN) -> str:
    """As Twilio's documents describe it: the address, then names and values in the order of names."""
    signed = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
