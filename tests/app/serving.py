"""Our application on a port of its own, in a thread of the test."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from tests.app.eventually import eventually


@contextmanager
def open_port() -> Iterator[tuple[socket.socket, str]]:
    """A socket that listens, and its URL: known before there is an application behind it."""
    # With its protocol named, or asyncio leaves Nagle's algorithm on and each answer waits for 40 ms.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(256)
        yield listening, f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def serving(app: FastAPI, listening: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False, proxy_headers=False))
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    eventually(lambda: server.started)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def client_of(app: FastAPI, **settings: Any) -> Iterator[httpx.Client]:
    """Somebody patient who calls the application while it is served; `settings` are httpx's."""
    with (
        open_port() as (listening, url),
        serving(app, listening),
        httpx.Client(base_url=url, timeout=60, **settings) as client,
    ):
        yield client
