"""A Twilio of our own: signed webhooks, messages that are created, listed and reported on, and WhatsApp's rules."""

import argparse
import base64
import hashlib
import hmac
import itertools
import json
import re
import threading
import urllib.parse
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from tests.providers.server import Mood, Provider, Reply, Request, call

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


class Twilio(Provider):
    """`public_url` is where it calls us; `reports` how often it reports each status, none for 0."""

    def __init__(self, *, public_url: str = "", mood: Mood | None = None, reports: int = 1) -> None:
        super().__init__(mood)
        self.public_url, self.reports = public_url, reports
        self.messages: list[Made] = []
        self.contents: list[dict[str, Any]] = []
        self.opted_out: set[str] = set()
        self.dead: dict[str, int] = {}
        self.heard: dict[str, datetime] = {}
        self.typing: list[str] = []
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._ids = itertools.count(1)

    # What a customer does.

    def write(self, customer: str, text: str, **more: str) -> int:
        """Write to the workshop, by WhatsApp if the number says so; the status of the webhook's answer."""
        return self.deliver(self.form(customer, text, **more))

    def form(self, customer: str, text: str, **more: str) -> dict[str, str]:
        """The fields of a message that is written now."""
        ours = WHATSAPP if customer.startswith("whatsapp:") else SMS
        with self.lock:
            made = Made(self._sid(), ours, customer, text, "inbound", self.clock(), "received")
            self.messages.append(made)
        self.heard[customer] = made.made
        word = text.strip().upper()
        if word in {"STOP", "CANCEL", "END"} and ours == SMS:
            self.opted_out.add(customer)
        if word == "START":
            self.opted_out.discard(customer)
        extra = {"ProfileName": "Petra", "WaId": customer.removeprefix("whatsapp:+"), "MessageType": "text"}
        return {
            "ToCountry": "DE",
            "SmsMessageSid": made.sid,
            "NumMedia": "0",
            "ToCity": "",
            "FromZip": "",
            "SmsSid": made.sid,
            "SmsStatus": "received",
            "FromCity": "",
            "Body": text,
            "FromCountry": "DE",
            "To": ours,
            "NumSegments": "1",
            "MessageSid": made.sid,
            "AccountSid": ACCOUNT,
            "From": customer,
            "ApiVersion": "2010-04-01",
            **(extra if ours == WHATSAPP else {}),
            **more,
        }

    def press(self, customer: str, label: str, nth: int = 0) -> int:
        """Press a button or choose from a list of the last message that has one."""
        shown = next(one for one in reversed(self.messages) if one.to == customer and one.buttons)
        title, id = [(title, id) for title, id in shown.buttons if label in title][nth]
        more = (
            {"ButtonText": title, "ButtonPayload": id}
            if len(shown.buttons) <= 3
            else {"ListTitle": title, "ListId": id}
        )
        return self.write(customer, title, OriginalRepliedMessageSid=shown.sid, **more)

    def deliver(self, fields: Mapping[str, str]) -> int:
        """Call the webhook once: Twilio does not come back for an answer it did not like."""
        kind = "whatsapp" if fields["To"].startswith("whatsapp:") else "sms"
        return self.call(f"{self.public_url}/webhooks/twilio/{kind}", fields)

    def call(self, url: str, fields: Mapping[str, str]) -> int:
        return call(url, urllib.parse.urlencode(fields).encode(), self.headers(url, fields))

    def headers(self, url: str, fields: Mapping[str, str]) -> dict[str, str]:
        return {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
            "X-Twilio-Signature": signature(url, fields),
            "I-Twilio-Idempotency-Token": "once",
        }

    def letters(self, customer: str) -> list[Made]:
        """What the customer got, oldest first."""
        return [one for one in self.messages if one.to == customer]

    # What we ask for.

    def sends(self, request: Request) -> bool:
        return request.method == "POST" and request.path.endswith("/Messages.json")

    def busy(self) -> Reply:
        return _error(429, 20429)

    def handle(self, request: Request) -> Reply:
        if request.path.startswith("/_/"):
            return self._control(request.path.removeprefix("/_/"), request)
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {expected}":
            return _error(401, 20003)
        match request.method, request.path.rpartition("/")[2]:
            case "POST", "Messages.json":
                return self._create(dict(urllib.parse.parse_qsl(request.body.decode(), keep_blank_values=True)))
            case "GET", "Messages.json":
                return self._list(dict(urllib.parse.parse_qsl(request.query)))
            case "POST", "Content":
                return self._make_content(json.loads(request.body))
            case "GET", "Content":
                meta = {"key": "contents", "page": 0, "page_size": 500, "url": "", "next_page_url": None}
                return Reply(200, {"contents": self.contents, "meta": meta})
            case "POST", "Typing.json":
                self.typing.append(dict(urllib.parse.parse_qsl(request.body.decode()))["messageId"])
                return Reply(200, {"success": True})
            case _:
                return _error(404, 20404)

    def _create(self, asked: dict[str, str]) -> Reply:
        to, sender, body = asked["To"], asked["From"], asked.get("Body", "")
        if sender not in {SMS, WHATSAPP}:
            return _error(400, 21606)
        if not re.fullmatch(r"(whatsapp:)?(\+[1-9]\d{6,14}|[A-Z]{2}\.\w+)", to):
            return _error(400, 21211)
        if to in self.opted_out:
            return _error(400, 21610)
        if len(body) > 1600:
            return _error(400, 21617)
        if bool(body) == bool(asked.get("ContentSid")):
            return _error(400, 21656)
        made = Made(
            self._sid(), to, sender, body, "outbound-api", self.clock(), callback=asked.get("StatusCallback", "")
        )
        if sid := asked.get("ContentSid"):
            if error := self._fill(made, sid, json.loads(asked.get("ContentVariables", "{}"))):
                return _error(400, error)
        elif sender == WHATSAPP and self._outside(to):
            made.error = 63016
        made.error = made.error or self.dead.get(to)
        with self.lock:
            self.messages.append(made)
        if self.reports and made.callback:
            threading.Thread(target=self._report, args=(made,), daemon=True).start()
        return Reply(201, made.json())

    def _outside(self, customer: str) -> bool:
        return self.clock() - self.heard.get(customer, datetime.min.replace(tzinfo=UTC)) >= timedelta(hours=24)

    def _fill(self, made: Made, sid: str, values: dict[str, str]) -> int | None:
        """Write the content into the message; an error's code if it cannot be."""
        content = next((one for one in self.contents if one["sid"] == sid), None)
        if content is None:
            return 21655
        [(kind, shape)] = content["types"].items()
        if kind != "twilio/text" and self._outside(made.to):
            made.error = 63016

        def fill(text: str) -> str:
            return re.sub(r"\{\{(\d+)\}\}", lambda found: values[found[1]], text)

        try:
            made.body = fill(shape["body"])
            buttons = [(one.get("title") or one["item"], one["id"]) for one in _choices(shape)]
            made.buttons = [(fill(title), fill(id)) for title, id in buttons]
        except KeyError:
            return 21656
        longest = 24 if kind == "twilio/list-picker" else 20
        fits = len(made.body) <= 1024 and all(0 < len(title) <= longest for title, _ in made.buttons)
        return None if fits else 21656

    def _make_content(self, asked: dict[str, Any]) -> Reply:
        [(kind, shape)] = asked["types"].items()
        if len(_choices(shape)) > {"twilio/quick-reply": 3, "twilio/list-picker": 10}.get(kind, 0):
            return _error(400, 60200)
        with self.lock:
            made = {"sid": f"HX{next(self._ids):032x}", **asked}
            self.contents.append(made)
        return Reply(201, made)

    def approve_template(self, body: str) -> str:
        """The ContentSid of a template that WhatsApp has approved."""
        with self.lock:
            sid = f"HX{next(self._ids):032x}"
            self.contents.append({"sid": sid, "friendly_name": body[:20], "types": {"twilio/text": {"body": body}}})
        return sid

    def _list(self, asked: dict[str, str]) -> Reply:
        with self.lock:
            found = [
                one.json()
                for one in reversed(self.messages)
                if one.to == asked.get("To", one.to) and one.sender == asked.get("From", one.sender)
            ]
        page = {"messages": found[:1000], "page": 0, "page_size": 1000, "next_page_uri": None, "uri": ""}
        return Reply(200, page)

    def _report(self, made: Made) -> None:
        """In the wrong order, and each as often as we were told to."""
        final = ("sent", "undelivered") if made.error else STATUSES
        for status in [*reversed(final)] * self.reports:
            fields = {
                "AccountSid": ACCOUNT,
                "MessageSid": made.sid,
                "SmsSid": made.sid,
                "MessageStatus": status,
                "SmsStatus": status,
                "To": made.to,
                "From": made.sender,
                "ApiVersion": "2010-04-01",
            }
            if made.error and status == "undelivered":
                fields["ErrorCode"] = str(made.error)
            self.call(made.callback, fields)
        made.status = final[-1]

    def _sid(self) -> str:
        return f"SM{next(self._ids):032x}"

    def _control(self, wanted: str, request: Request) -> Reply:
        """For those who play the customer over HTTP."""
        asked = json.loads(request.body or b"{}")
        match wanted:
            case "write":
                return Reply(200, {"status": self.write(asked["from"], asked["text"])})
            case "press":
                return Reply(200, {"status": self.press(asked["from"], asked["label"])})
            case "messages":
                return Reply(200, [one.json() | {"buttons": one.buttons} for one in self.messages])
            case _:
                return Reply(404)


def _choices(shape: Mapping[str, Any]) -> list[dict[str, str]]:
    return list(shape.get("actions", shape.get("items", [])))


def _error(status: int, code: int) -> Reply:
    told = {"code": code, "message": f"Error {code}", "more_info": "", "status": status}
    return Reply(status, told)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--public-url", required=True, help="where the webhooks are")
    parser.add_argument("--faults", type=float, default=0.0, help="the part of sends that go wrong")
    arguments = parser.parse_args()
    with Twilio(public_url=arguments.public_url, mood=Mood(arguments.faults)).running(arguments.port):
        threading.Event().wait()


if __name__ == "__main__":
    main()
