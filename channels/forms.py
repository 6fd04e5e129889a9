"""The forms that Twilio calls us with, and what its signature does not promise."""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

from channels.channel import Forged, WebhookCall

MOST_FIELDS = 200

WORDS = frozenset(
    {"Address", "Body", "ButtonPayload", "ButtonText", "Label", "ListDescription", "ListId", "ListTitle", "ProfileName"}
)
"""Fields in which people write."""

AFTER_WORDS = WORDS | frozenset(
    {
        "ApiVersion",
        "ChannelMetadata",
        "ChannelPrefix",
        "ChannelToAddress",
        "ErrorCode",
        "ErrorMessage",
        "EventType",
        "ExternalUserId",
        "Forwarded",
        "FrequentlyForwarded",
        "From",
        "FromCity",
        "FromCountry",
        "FromState",
        "FromZip",
        "InteractiveData",
        "Latitude",
        "Longitude",
        "MediaContentType0",
        "MediaUrl0",
        "MessageSid",
        "MessageStatus",
        "MessageType",
        "MessagingServiceSid",
        "NumMedia",
        "NumSegments",
        "OptOutType",
        "OriginalRepliedMessageSender",
        "OriginalRepliedMessageSid",
        "ReferralBody",
        "ReferralNumMedia",
        "ReferralSourceId",
        "SmsMessageSid",
        "SmsSid",
        "SmsStatus",
    }
)
"""Fields that may come next to them in the order of names."""

_NAME = re.compile(r"[A-Z][A-Za-z0-9]{1,60}")


def signed_form(call: WebhookCall, url: str, validators: Iterable[RequestValidator]) -> dict[str, str]:
    """The fields of a form that one of these tokens signed for this URL; raises Forged.

    The signature runs over names and values without a border between them: "Body=ja" is signed as "Bod=yja" is. So no
    name may come twice, and none that we do not know may begin inside of what people wrote.
    """
    signature = call.header("X-Twilio-Signature")
    if not signature or not call.header("Content-Type").startswith("application/x-www-form-urlencoded"):
        raise Forged
    fields = _fields(call.body)
    if not any(validator.validate(url, fields, signature) for validator in validators) or _resplit(fields):
        raise Forged
    return fields


def _fields(body: bytes) -> dict[str, str]:
    """Blank fields are signed too."""
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Forged from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Forged
    return fields


def _resplit(fields: Mapping[str, str]) -> bool:
    names = sorted(fields)
    strange = any(before in WORDS and name not in AFTER_WORDS for before, name in pairwise(names))
    return strange or not all(_NAME.fullmatch(name) for name in names)
