"""Waiting for what other processes do."""

import time
from collections.abc import Callable


def eventually(condition: Callable[[], bool]) -> None:
    """Return as soon as the condition holds; fail if it does not within twenty seconds."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
