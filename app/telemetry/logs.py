"""What is logged, and how: one line of JSON for each event, or a readable one on a terminal; never what customers say.

A line has the words of the program, fields of `FIELDS` and no others, and of an exception its type and where it was.
Libraries are heard from warnings on, and what looks like somebody's number or address is masked in their words.
"""

import hashlib
import hmac
import json
import logging
import re
import secrets
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from app.settings import Settings
from booking_core import correlation

FIELDS = (
    "channel", "kind", "outcome", "next", "letter", "duty", "due", "error", "who",
    "method", "path", "status", "seconds",
)  # fmt: skip
"""Which of a record's `extra` facts get into a log."""

OURS = ("app", "channels", "bot", "booking_core")
DEEPEST = 20
"""Frames of an exception that are told, the innermost ones."""

_CONTACT = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+|(?:\+|(?<![\w.:-]))\d[\d ()/-]{5,}\d")
_key = secrets.token_bytes(16)


def set_up(settings: Settings) -> None:
    """Log to stderr as the settings say."""
    global _key
    if settings.log_key:
        _key = hashlib.sha256(settings.log_key.encode()).digest()
    frank = settings.log_level == "DEBUG"
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Readable(frank) if sys.stderr.isatty() else Json(frank))
    logging.raiseExceptions = False  # A log that cannot be written is no reason to fail.
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(settings.log_level)
    logging.getLogger("uvicorn").setLevel(logging.INFO)  # It says where it listens.


def masked(contact: str) -> str:
    """A number's last two digits, and a hash by which lines about the same person are found and nobody is."""
    hashed = hmac.digest(_key, contact.encode(), "sha256").hex()[:10]
    digits = re.sub(r"\D", "", contact)
    return f"…{digits[-2:]}#{hashed}" if "@" not in contact and len(digits) > 2 else f"#{hashed}"


class Json(logging.Formatter):
    """Control characters and everything else beyond ASCII are escaped, so a line is a line."""

    def __init__(self, frank: bool = False) -> None:
        """A `frank` one also tells what exceptions say."""
        super().__init__()
        self._frank = frank

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self.facts(record), default=str)

    def facts(self, record: logging.LogRecord) -> dict[str, Any]:
        """All that is told of a record."""
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "event": _masked_in(record.getMessage()),
        }
        if cause := getattr(record, "correlation", None) or correlation.known():
            told["correlation"] = cause
        for name in FIELDS:
            if (value := getattr(record, name, None)) is not None:
                told[name] = masked(str(value)) if name == "who" else value
        if record.exc_info and record.exc_info[1]:
            told["exception"] = [_described(one, self._frank) for one in _chain(record.exc_info[1])]
        return told


class Readable(Json):
    """The same for people."""

    def format(self, record: logging.LogRecord) -> str:
        told = self.facts(record)
        time, level, event = told.pop("time")[11:23], told.pop("level"), told.pop("event")
        exceptions = told.pop("exception", [])
        facts = " ".join(f"{name}={value}" for name, value in told.items())
        lines = [f"{time} {level:7} {event}  {facts}"]
        for one in exceptions:
            lines += [f"  {one['type']} {one.get('says', '')}".rstrip(), *(f"    {place}" for place in one["at"])]
        return "\n".join(map(_visible, lines))


def _masked_in(words: str) -> str:
    return _CONTACT.sub(lambda found: masked(found[0]), words)


def _visible(line: str) -> str:
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in line)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and what led to it."""
    cause: BaseException | None = error
    for _ in range(5):
        if cause is None:
            return
        yield cause
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)


def _described(error: BaseException, frank: bool) -> dict[str, Any]:
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST:]
    told: dict[str, Any] = {
        "type": f"{type(error).__module__}.{type(error).__qualname__}",
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }
    return told | {"says": str(error)} if frank else told
