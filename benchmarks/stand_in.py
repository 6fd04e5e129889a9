"""A stand-in for Twilio that costs next to nothing: on two cores it would else take from those who are measured.

It takes each text, answers after a while, and notes when it came; it checks nothing, and its list is empty.
"""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

EMPTY_LIST = b'{"messages": [], "page": 0, "page_size": 1000, "next_page_uri": null, "uri": ""}'


class QuickTwilio:
    def __init__(self, *, answer: float) -> None:
        """It answers a text after so many seconds."""
        self.answer, self.url = answer, ""
        self.arrived: list[float] = []

    @property
    def sid(self) -> str:
        return f"SM{len(self.arrived):032x}"

    @contextmanager
    def running(self) -> Iterator[Self]:
        loop = asyncio.new_event_loop()
        server = loop.run_until_complete(loop.create_server(lambda: _Line(self), "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        thread = threading.Thread(target=loop.run_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            server.close()
            loop.close()


class _Line(asyncio.Protocol):
    """One connection, on which a request comes after the answer to the one before it."""

    def __init__(self, twilio: QuickTwilio) -> None:
        self._twilio, self._heard = twilio, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, complete, body = self._heard.partition(b"\r\n\r\n")
        _, _, length = head.lower().partition(b"\r\ncontent-length:")
        if not complete or len(body) < int(length.partition(b"\r\n")[0] or 0):
            return
        self._heard = b""
        if head.startswith(b"POST"):
            self._twilio.arrived.append(time.perf_counter())
            made = json.dumps({"sid": self._twilio.sid, "status": "queued"}).encode()
            asyncio.get_running_loop().call_later(self._twilio.answer, self._say, b"201 Created", made)
        else:
            self._say(b"200 OK", EMPTY_LIST)

    def _say(self, status: bytes, body: bytes) -> None:
        head = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        self._transport.write(head + body)
