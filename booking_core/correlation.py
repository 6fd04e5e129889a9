"""One id for all that follows from one cause: a provider's call, its message, the turn, the letters, their sending."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_id: ContextVar[str | None] = ContextVar("correlation", default=None)


def known() -> str | None:
    """The id of what goes on in this thread or task; None where nothing began that has one."""
    return _id.get()


def current() -> str:
    """The same; a new one where nothing began that has one."""
    return _id.get() or new()


def new() -> str:
    return secrets.token_hex(12)


def follow(cause: str | None) -> None:
    """From here to the end of the innermost block below all follows from this cause, if there is one."""
    if cause:
        _id.set(cause)


@contextmanager
def following(cause: str | None) -> Iterator[str]:
    """All within the block follows from this cause; from a new one without it."""
    token = _id.set(cause or new())
    try:
        yield current()
    finally:
        _id.reset(token)
