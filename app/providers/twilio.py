"""A Twilio of our own: signed webhooks, messages that are created, listed and reported on, and WhatsApp's rules."""

import argparse
import base64
import itertools
import json
import re
import threading
import urllib.parse
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from app.providers.server import Mood, Provider, Reply, Request, call
from app.providers.twilio_contents import MOST_CHOICES, OUTSIDE_OF_WINDOW, Contents
from app.providers.twilio_messages import ACCOUNT, SMS, STATUSES, TOKEN, WHATSAPP, Made, signature


class Twilio(Provider):
    """`public_url` is where it calls us; `reports` how often it reports each status, none for 0; `first` numbers."""

    def __init__(self, *, public_url: str = "", mood: Mood | None = None, reports: int = 1, first: int = 1) -> None:
        super().__init__(mood)
        self.public_url, self.reports = public_url, reports
        self._ids = itertools.count(first)
        self.messages: list[Made] = []
        self.longest_page = 1000
        self.contents = Contents()
        self.opted_out: set[str] = set()
        self.dead: dict[str, int] = {}
        self.heard: dict[str, datetime] = {}
        self.typing: list[str] = []

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
        return self.tap(shown, [place for place, (title, _) in enumerate(shown.buttons) if label in title][nth])

    def tap(self, shown: Made, place: int, **more: str) -> int:
        """Press the button at this place of a message, counted from 0."""
        title, id = shown.buttons[place]
        few = len(shown.buttons) <= MOST_CHOICES["twilio/quick-reply"]
        pressed = {"ButtonText": title, "ButtonPayload": id} if few else {"ListTitle": title, "ListId": id}
        return self.write(shown.to, title, OriginalRepliedMessageSid=shown.sid, **pressed, **more)

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
            case "DELETE", name:
                return self._delete(name.removesuffix(".json"))
            case "POST", "Messages.json":
                return self._create(dict(urllib.parse.parse_qsl(request.body.decode(), keep_blank_values=True)))
            case "GET", "Messages.json":
                return self._list(request.path, dict(urllib.parse.parse_qsl(request.query)))
            case "POST", "Content":
                with self.lock:
                    content = self.contents.make(json.loads(request.body))
                return _error(400, content) if isinstance(content, int) else Reply(201, content)
            case "GET", "Content":
                meta = {"key": "contents", "page": 0, "page_size": 500, "url": "", "next_page_url": None}
                return Reply(200, {"contents": self.contents.made, "meta": meta})
            case "POST", "Typing.json":
                self.typing.append(dict(urllib.parse.parse_qsl(request.body.decode()))["messageId"])
                return Reply(200, {"success": True})
            case _:
                return _error(404, 20404)

    def _delete(self, sid: str) -> Reply:
        with self.lock:
            kept = [one for one in self.messages if one.sid != sid]
            found, self.messages = len(kept) < len(self.messages), kept
        return Reply(204, b"") if found else _error(404, 20404)

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
            values = json.loads(asked.get("ContentVariables", "{}"))
            if error := self.contents.fill(made, sid, values, outside=self._outside(to)):
                return _error(400, error)
        elif sender == WHATSAPP and self._outside(to):
            made.error = OUTSIDE_OF_WINDOW
        made.error = made.error or self.dead.get(to)
        with self.lock:
            self.messages.append(made)
        if self.reports and made.callback:
            threading.Thread(target=self._report, args=(made,), daemon=True).start()
        return Reply(201, made.json())

    def _outside(self, customer: str) -> bool:
        return self.clock() - self.heard.get(customer, datetime.min.replace(tzinfo=UTC)) >= timedelta(hours=24)

    def _list(self, path: str, asked: dict[str, str]) -> Reply:
        with self.lock:
            found = [
                one.json()
                for one in reversed(self.messages)
                if one.to == asked.get("To", one.to) and one.sender == asked.get("From", one.sender)
            ]
        size, page = min(int(asked.get("PageSize", 50)), self.longest_page), int(asked.get("Page", 0))
        here, after = found[page * size :], found[(page + 1) * size :]
        following = f"{path}?{urllib.parse.urlencode(asked | {'Page': page + 1})}" if after else None
        return Reply(200, {"messages": here[:size], "page": page, "page_size": size, "next_page_uri": following})

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
