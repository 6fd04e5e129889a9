"""Our calls of a provider: over connections that are kept, from the thread that waits for the answer."""

import logging
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import certifi
from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Retry, Timeout
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

CONNECT = 5.0
"""Seconds a provider may take to pick up."""

KEPT = 16
"""Connections kept to each provider; more are opened when all are in use, and closed again."""

logging.getLogger("urllib3").setLevel(logging.ERROR)  # Its warnings hold addresses, and those may hold a token.

_RETRIES = Retry(2, read=False, redirect=False, status=False, other=False)
"""Connects that failed are repeated, never a request that may have reached the server."""


class Calls:
    """Calls of the provider at this address; `answer` is how many seconds it may take to answer.

    Which proxy leads there the environment says. It is asked once: to ask for each call costs as much as the call.
    """

    def __init__(self, url: str, *, answer: float) -> None:
        self.answer = answer
        found = urlsplit(url)
        proxy = None if proxy_bypass(found.hostname or "") else getproxies().get(found.scheme)
        facts: dict[str, Any] = {"num_pools": KEPT, "maxsize": KEPT, "retries": _RETRIES, "ca_certs": certifi.where()}
        self._pool = ProxyManager(proxy, **facts) if proxy else PoolManager(**facts)

    def __call__(
        self, method: str, url: str, *, body: str | None, headers: Mapping[str, str], answer: float | None = None
    ) -> BaseHTTPResponse:
        """Raises urllib3's HTTPError; of which `never_sent` tells whether the provider may have the request."""
        timeout = Timeout(connect=CONNECT, read=answer or self.answer)
        return self._pool.request(method, url, body=body, headers=dict(headers), timeout=timeout, redirect=False)

    def close(self) -> None:
        self._pool.clear()


def never_sent(error: BaseException | None) -> bool:
    """Whether a call failed before any of it was sent."""
    return isinstance(error, MaxRetryError) and isinstance(error.reason, (NewConnectionError, ConnectTimeoutError))
