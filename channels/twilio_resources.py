"""What Twilio keeps for us, as its API writes it.

We call it ourselves: the library's client brings `requests` along, four megabytes in each process, and what it does for
a call costs more than the call. Its errors, dates and signatures are the library's.
"""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urljoin

from twilio.base.exceptions import TwilioRestException
from urllib3 import make_headers

from channels.calls import Calls

Record = Mapping[str, Any]

MOST = 1000
"""Records that Twilio gives at once."""


class Resource:
    """All records of a kind, such as "messages" at `https://api.twilio.com/2010-04-01/Accounts/AC…/Messages`, `.json`.

    Raises TwilioRestException for what Twilio refuses, else whatever calls raise.
    """

    def __init__(self, calls: Calls, credentials: str, url: str, kind: str = "", suffix: str = "") -> None:
        """The credentials are `account:token`."""
        self._calls, self._url, self._kind, self._suffix = calls, url, kind, suffix
        self._headers = make_headers(basic_auth=credentials, user_agent="werkstatt-bot") | {
            "Accept": "application/json"
        }

    def create(self, fields: Record) -> Record:
        made: Record = self._call("POST", self._url + self._suffix, urlencode(fields), "x-www-form-urlencoded")
        return made

    def create_from_json(self, facts: Record) -> Record:
        made: Record = self._call("POST", self._url + self._suffix, json.dumps(facts), "json")
        return made

    def list(self, limit: int, **filters: str) -> "list[Record]":
        """The first so many, newest first."""
        found: list[Record] = []
        page = f"{self._url}{self._suffix}?{urlencode({**filters, 'PageSize': min(limit, MOST)})}"
        while page and len(found) < limit:
            answer = self._call("GET", page)
            found += answer[self._kind]
            following = answer.get("next_page_uri") or answer.get("meta", {}).get("next_page_url")
            page = urljoin(self._url, following) if following else ""
        return found[:limit]

    def delete(self, sid: str) -> None:
        self._call("DELETE", f"{self._url}/{sid}{self._suffix}")

    def _call(self, method: str, url: str, body: str | None = None, kind: str | None = None) -> Any:
        headers = self._headers | ({"Content-Type": f"application/{kind}"} if kind else {})
        answer = self._calls(method, url, body=body, headers=headers)
        if not 200 <= answer.status < 300:
            raise _refusal(answer.status, url, answer.data)
        return json.loads(answer.data) if answer.data else None


def _refusal(status: int, url: str, body: bytes) -> TwilioRestException:
    """Twilio says why by a code of its own, unless something on the way speaks in its place."""
    try:
        told = json.loads(body)
        return TwilioRestException(status, url, str(told.get("message", "")), told.get("code"))
    except (ValueError, AttributeError):
        return TwilioRestException(status, url)
