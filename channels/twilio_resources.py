"""What Twilio keeps for us, by the base classes of its library, and as its API writes it.

The library's own classes for each kind are left alone: one of them brings all others along, twelve megabytes in each
process, and to make an object of an answer costs more than the call.
"""

from collections.abc import Mapping
from typing import Any

from twilio.base.domain import Domain
from twilio.base.page import Page
from twilio.base.version import Version
from twilio.rest import Client

Record = Mapping[str, Any]


class Records(Page):  # type: ignore[misc]
    def get_instance(self, payload: Record) -> Record:
        return payload


class Resource:
    """All records of a kind, such as those at `https://api.twilio.com`, `2010-04-01`, `Accounts/AC…/Messages`, `.json`.

    Raises TwilioRestException or TwilioServiceException for what Twilio refuses, else whatever calls raise.
    """

    def __init__(self, client: Client, address: str, version: str, path: str, suffix: str = "") -> None:
        self._version = Version(Domain(client, address), version)
        self._path, self._suffix = path, suffix

    def create(self, fields: Record, headers: Mapping[str, str] | None = None) -> Record:
        told = dict(headers or {})
        made: Record = self._version.create("POST", self._path + self._suffix, data=dict(fields), headers=told)
        return made

    def list(self, limit: int, **filters: str) -> "list[Record]":
        """The first so many, newest first."""
        asked = {**filters, "PageSize": min(limit, 1000)}
        first = Records(self._version, self._version.page("GET", self._path + self._suffix, params=asked))
        return list(self._version.stream(first, limit))

    def delete(self, sid: str) -> bool:
        return bool(self._version.delete("DELETE", f"{self._path}/{sid}{self._suffix}"))
