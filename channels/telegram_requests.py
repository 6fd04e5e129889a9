"""How Telegram's library calls Telegram: by calls of ours, and without an event loop."""

from collections.abc import Coroutine
from typing import Any, TypeVar
from urllib.parse import urlencode

from telegram.request import BaseRequest, RequestData

from channels.calls import Calls

T = TypeVar("T")

HEADERS = {"User-Agent": BaseRequest.USER_AGENT, "Content-Type": "application/x-www-form-urlencoded"}


class Requests(BaseRequest):
    """Waits in the thread that asks, so that nothing of what awaits it ever has to be taken up again."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    @property
    def read_timeout(self) -> float:
        return self._calls.answer

    async def initialize(self) -> None:
        """There is nothing to open."""

    async def shutdown(self) -> None:
        self._calls.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = None,
        *_: Any,
        **__: Any,
    ) -> tuple[int, bytes]:
        """What urllib3 raises the library wraps in its NetworkError."""
        body = urlencode(request_data.json_parameters) if request_data else None
        seconds = read_timeout if isinstance(read_timeout, int | float) else None
        answer = self._calls(method, url, body=body, headers=HEADERS, answer=seconds)
        return answer.status, answer.data


def done(call: Coroutine[Any, Any, T]) -> T:
    """What a call of the library comes to. All that it awaits are our requests, so one step takes it to its end."""
    try:
        call.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    call.close()
    raise RuntimeError("Telegram's library waits for something that is not a request of ours")
