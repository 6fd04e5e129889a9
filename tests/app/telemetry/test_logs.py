"""What stands in a log, and what does not."""

import ast
import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from app.settings import CHECKOUT, Settings
from app.telemetry import logs
from app.telemetry.logs import masked, set_up
from booking_core import correlation

NUMBER, MAIL = "+49 151 1234567", "petra@example.de"
log = logging.getLogger("app.somewhere")
LOGGING = {f"log.{how}" for how in ("debug", "info", "warning", "error", "exception", "critical", "log")}


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    yield from _written(monkeypatch, io.StringIO(), Settings(log_key="secret"))


def _written(monkeypatch: pytest.MonkeyPatch, to: io.StringIO, settings: Settings) -> Iterator[io.StringIO]:
    """The root logger as it was, afterwards."""
    root = logging.getLogger()
    names = (*logs.OURS, "uvicorn", "root")
    before = (root.handlers[:], {name: logging.getLogger(name).level for name in names}, logging.raiseExceptions)
    root.handlers[:] = []
    monkeypatch.setattr(sys, "stderr", to)
    set_up(settings)
    yield to
    root.handlers[:], levels, logging.raiseExceptions = before
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def line(written: io.StringIO) -> dict[str, Any]:
    [only] = written.getvalue().splitlines()
    told: dict[str, Any] = json.loads(only)
    return told


def test_only_facts_that_are_allowed_are_told(written: io.StringIO) -> None:
    with correlation.following("0123456789"):
        log.info("a letter was handed over", extra={"channel": "sms", "text": "mein Auto brennt"})
    told = line(written)
    assert told.pop("time").endswith("+00:00")
    assert told == {
        "level": "INFO",
        "logger": "app.somewhere",
        "event": "a letter was handed over",
        "correlation": "0123456789",
        "channel": "sms",
    }


def test_who_somebody_is_stays_untold_and_the_same_person_is_found_again(written: io.StringIO) -> None:
    log.warning("somebody writes more than we read", extra={"who": NUMBER})
    who = line(written)["who"]
    assert who.startswith("…67#")
    assert who == masked(NUMBER) != masked("+49 151 1234568")


def test_another_key_tells_other_names(written: io.StringIO) -> None:
    before = masked(NUMBER)
    set_up(Settings(log_key="another"))
    assert masked(NUMBER) != before


@pytest.mark.parametrize("contact", [NUMBER, "+4915112345678", "0151 / 12345-67", MAIL])
def test_libraries_may_not_name_anybody_either(written: io.StringIO, contact: str) -> None:
    logging.getLogger("smtplib").warning("550 no such user: <%s>", contact)
    assert contact not in line(written)["event"]
    assert masked(contact) in line(written)["event"]


def test_libraries_are_heard_from_warnings_on(written: io.StringIO) -> None:
    logging.getLogger("httpx").info("POST https://api.telegram.org/bot4711:secret/sendMessage")
    logging.getLogger("telegram").debug("an update")
    assert written.getvalue() == ""


def test_an_exception_is_told_by_type_and_place_and_not_by_its_words(written: io.StringIO) -> None:
    try:
        try:
            raise ValueError(f"Key (phone)=({NUMBER}) exists")
        except ValueError as error:
            raise RuntimeError("mein Auto brennt") from error
    except RuntimeError:
        log.exception("a message could not be answered")
    told = line(written)
    assert [one["type"] for one in told["exception"]] == ["builtins.RuntimeError", "builtins.ValueError"]
    assert __file__ in told["exception"][0]["at"][0]
    assert "brennt" not in written.getvalue()
    assert "1234567" not in written.getvalue()


def test_one_event_is_one_line_whatever_is_in_it(written: io.StringIO) -> None:
    log.info("evil\r\n{}\x1b[31m\u2028\u202e", extra={"kind": "a\nb"})
    [only] = written.getvalue().splitlines()
    assert only.isprintable()
    assert only.isascii()


def test_people_at_a_terminal_get_something_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    for written in _written(monkeypatch, Terminal(), Settings(log_level="DEBUG")):
        log.debug("evil\x1b[31m", extra={"channel": "sms"})
        try:
            raise ValueError("what it says")
        except ValueError:
            log.exception("it failed")
        first, second, third, *_ = written.getvalue().splitlines()
        assert first.endswith("DEBUG   evil\\x1b[31m  logger=app.somewhere channel=sms")
        assert "it failed" in second
        assert third == "  builtins.ValueError what it says", "who asks for DEBUG sees everything"


@pytest.mark.parametrize("package", logs.OURS)
def test_our_own_lines_are_constant_words_and_numbers(package: str) -> None:
    """Whatever else varies is a field by name, so that only what is allowed gets out."""
    loose = []
    for path in (CHECKOUT / package).rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in LOGGING:
                words = call.args[1 if ast.unparse(call.func) == "log.log" else 0]
                if not isinstance(words, ast.Constant) or re.search("%[^d]", str(words.value)):
                    loose.append(f"{path.name}: {ast.unparse(call)}")
    assert loose == []
