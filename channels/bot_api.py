"""Telegram's Bot API, as its documents have it.

We call it ourselves: the library for it wants an event loop, and a process that has it holds fourteen megabytes of
classes for the six methods that we need. Tests hold what we send and read against that library.
"""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from urllib3.exceptions import HTTPError

from channels.calls import Calls

HEADERS = {"User-Agent": "werkstatt-bot", "Content-Type": "application/x-www-form-urlencoded"}


class TelegramError(Exception):
    """Telegram says no, with this HTTP status; `wait` where it says for how long."""

    def __init__(self, status: int, description: str, wait: timedelta | None = None) -> None:
        super().__init__(description)
        self.status, self.description, self.wait = status, description, wait


FAILURES = (TelegramError, HTTPError, ValueError)
"""A refusal, a call that failed, and an answer that makes no sense."""


class BotApi:
    """What the bot with this token may ask for, at this address."""

    def __init__(self, token: str, address: str, *, answer: float) -> None:
        self._calls = Calls(address, answer=answer)
        self._address = f"{address}/bot{token}"

    def __call__(self, method: str, *, patience: float = 0, **facts: Any) -> Any:
        """The result; `patience` is how many seconds Telegram may think before it begins to answer.

        Raises one of FAILURES.
        """
        told = {name: fact if isinstance(fact, str) else json.dumps(fact) for name, fact in facts.items()}
        wait = self._calls.answer + patience
        answer = self._calls("POST", f"{self._address}/{method}", body=urlencode(told), headers=HEADERS, answer=wait)
        said = json.loads(answer.data)
        if not said["ok"]:
            raise _refusal(answer.status, said)
        return said["result"]

    def close(self) -> None:
        self._calls.close()


def _refusal(status: int, said: dict[str, Any]) -> TelegramError:
    seconds = said.get("parameters", {}).get("retry_after")
    return TelegramError(status, str(said.get("description", "")), timedelta(seconds=seconds) if seconds else None)
