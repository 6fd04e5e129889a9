"""What SMS and WhatsApp share at Twilio: signatures, sending, errors, reports, and the list of messages."""

import json
import logging
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from urllib.parse import parse_qs, urlencode

from twilio.base.deserialize import rfc2822_datetime
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.base.serialize import iso8601_datetime
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from urllib3 import make_headers

from channels.calls import Calls, never_sent
from channels.channel import (
    Absent,
    Accounts,
    Forged,
    Later,
    Misconfigured,
    Receipt,
    Report,
    Sent,
    Thanks,
    Unknown,
    WebhookCall,
)
from channels.forms import signed_form
from channels.twilio_errors import failure_for, receipt_for
from channels.twilio_resources import Record, Resource

log = logging.getLogger(__name__)

ANSWER = 10.0
"""Seconds Twilio may take to answer."""

WHATSAPP = "whatsapp:"
STATUS_PATH = "/webhooks/twilio/status"
STATUS = {
    "accepted": "accepted",
    "scheduled": "accepted",
    "queued": "accepted",
    "sending": "accepted",
    "sent": "sent",
    "partially_delivered": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}
EMPTY_TWIML = Thanks(200, '<?xml version="1.0" encoding="UTF-8"?><Response/>', "text/xml")
CLOCKS_DIFFER = timedelta(minutes=1)

_SID = re.compile(r"(SM|MM)[0-9a-f]{32}")
_UNREACHABLE = Later(timedelta(seconds=5), "Twilio cannot be reached", down=True)


class TwilioCalls(HttpClient):  # type: ignore[misc]
    """How Twilio's library calls Twilio: what its own way of doing it does for each call costs thrice as much."""

    def __init__(self, calls: Calls) -> None:
        super().__init__(log, False, calls.answer)
        self._calls = calls

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        **_: object,
    ) -> Response:
        told = dict(headers or {})
        if auth:
            told |= make_headers(basic_auth=":".join(auth))
        body = json.dumps(data) if told.get("Content-Type") == "application/json" else urlencode(data or {}, True)
        where = f"{url}?{urlencode(params, True)}" if params else url
        answer = self._calls(method, where, body=body or None, headers=told, answer=timeout)
        return Response(answer.status, answer.data.decode(), answer.headers)


class Line:
    """Our account at Twilio and one sender of it. `address` is the sender as Twilio writes it."""

    def __init__(
        self, account: str, tokens: Sequence[str], address: str, *, public_url: str, api_url: str | None
    ) -> None:
        self.account, self.address = account, address
        self._public_url = public_url.rstrip("/")
        self._validators = [RequestValidator(token) for token in tokens]
        self._api_url = api_url
        self._calls = Calls(self._address("api"), answer=ANSWER)
        self._client = Client(account, tokens[0], http_client=TwilioCalls(self._calls))
        self._messages = self.resource("api", "2010-04-01", f"Accounts/{account}/Messages", ".json")

    def resource(self, domain: str, version: str, path: str, suffix: str = "") -> Resource:
        return Resource(self._client, self._address(domain), version, path, suffix)

    def _address(self, domain: str) -> str:
        return self._api_url or f"https://{domain}.twilio.com"

    def form(self, call: WebhookCall, required: frozenset[str]) -> dict[str, str]:
        """The fields of a call that Twilio signed for our account, these among them; raises Forged."""
        url = f"{self._public_url}{call.path}{'?' if call.query else ''}{call.query}"
        fields = signed_form(call, url, self._validators)
        if not required <= fields.keys() or fields["AccountSid"] != self.account:
            raise Forged
        if not _SID.fullmatch(fields["MessageSid"]):
            raise Forged
        return fields

    def report(self, call: WebhookCall) -> Report | None:
        """What became of a message; None where a new status of Twilio's tells us nothing."""
        fields = self.form(call, frozenset({"AccountSid", "MessageSid", "MessageStatus"}))
        status = STATUS.get(fields["MessageStatus"])
        if status is None:
            return None
        code = fields.get("ErrorCode", "")
        failure = failure_for(int(code) if code.isdecimal() else None) if status == "failed" else None
        channel = "whatsapp" if fields.get("To", "").startswith(WHATSAPP) else "sms"
        reference = parse_qs(call.query).get("letter", [""])[0]
        return Report(channel, fields["MessageSid"], status, reference, failure)

    def create(self, to: str, content: Record, *, reference: str) -> Receipt:
        """Send, asking for reports that carry our reference: they prove that it was sent even if no answer came."""
        callback = f"{self._public_url}{STATUS_PATH}?letter={reference}"
        try:
            made = self._messages.create({"To": to, "From": self.address, "StatusCallback": callback, **content})
        except (TwilioRestException, TwilioServiceException) as error:
            return receipt_for(error.status, error.code)
        except Exception as error:
            return _UNREACHABLE if never_sent(error) else Unknown(type(error).__name__)
        return Sent(made["sid"]) if made.get("sid") else Unknown("no sid in the answer")

    def look_up(self, to: str, body: str | None, *, since: datetime, others: Collection[str]) -> Receipt | Absent:
        """Whether Twilio has a message of ours like this one, with this body unless that is not known."""
        try:
            # No filter by date: what still waits to be sent has none.
            found = self._messages.list(100, To=to, From=self.address)
        except Exception as error:
            return Later(timedelta(minutes=1), type(error).__name__)
        for one in found:
            made = rfc2822_datetime(one["date_created"]) or datetime.now(UTC)
            ours = one["direction"] == "outbound-api" and one["sid"] not in others and made >= since - CLOCKS_DIFFER
            if ours and (body is None or (one["body"] or "").strip() == body.strip()):
                return Sent(one["sid"])
        return Absent()

    def received(self, since: datetime) -> list[Record]:
        """What came in since then, oldest first."""
        later = {"DateSent>": iso8601_datetime(since.astimezone(UTC))}
        found = self._messages.list(1000, To=self.address, **later)
        return [one for one in reversed(found) if one["direction"] == "inbound" and one["sid"]]

    def delete(self, sid: str) -> bool:
        """Whether Twilio keeps it no longer; it deletes no message that is still on its way."""
        if not _SID.fullmatch(sid):
            return True
        try:
            return self._messages.delete(sid)
        except TwilioRestException as error:
            return bool(error.status == HTTPStatus.NOT_FOUND)
        except Exception as error:
            log.warning("Twilio deletes nothing", extra={"error": type(error).__name__})
            return False

    def close(self) -> None:
        self._calls.close()


def thanks_for(call: WebhookCall) -> Thanks:
    """Twilio takes JSON for an error, and TwiML only for messages."""
    return Thanks(204) if call.path == STATUS_PATH else EMPTY_TWIML


def open_line(accounts: Accounts, sender: str | None) -> Line | None:
    """The line of one of our senders; None if we have none. Raises Misconfigured."""
    if not sender or not accounts.twilio_account_sid:
        return None
    tokens = [token.strip() for token in (accounts.twilio_auth_token or "").split(",") if token.strip()]
    if not tokens:  # An empty token would find every signature right that is made with an empty token.
        raise Misconfigured("TWILIO_AUTH_TOKEN is missing.")
    if not accounts.public_url:
        raise Misconfigured("PUBLIC_URL is missing: Twilio signs the address it calls.")
    return Line(
        accounts.twilio_account_sid, tokens, sender, public_url=accounts.public_url, api_url=accounts.twilio_api_url
    )
