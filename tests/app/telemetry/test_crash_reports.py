"""What a crash report and a span may tell of what happened."""

from typing import Any

from app.telemetry import crash_reports, tracing
from booking_core import correlation

WORDS = "mein Auto brennt"


def test_a_report_says_where_and_what_kind_and_nothing_that_was_said() -> None:
    frame: Any = {
        "filename": "app/x.py",
        "lineno": 3,
        "function": "answer",
        "vars": {"text": WORDS},
        "context_line": WORDS,
    }
    event: Any = {
        "event_id": "1",
        "level": "error",
        "logger": "app.mailroom",
        "logentry": {"message": "a message could not be answered", "params": [WORDS]},
        "exception": {"values": [{"type": "KeyError", "value": WORDS, "stacktrace": {"frames": [frame]}}]},
        "request": {"url": f"https://x/?q={WORDS}", "data": WORDS},
        "user": {"ip_address": "203.0.113.7"},
        "extra": {"text": WORDS},
        "server_name": "petras-laptop",
    }
    with correlation.following("0123456789"):
        told: Any = crash_reports.told(event)
    assert told == {
        "event_id": "1",
        "level": "error",
        "logger": "app.mailroom",
        "message": "a message could not be answered",
        "exception": {
            "values": [
                {
                    "type": "KeyError",
                    "module": None,
                    "stacktrace": {"frames": [{"filename": "app/x.py", "lineno": 3, "function": "answer"}]},
                }
            ]
        },
        "tags": {"correlation": "0123456789"},
    }


def test_the_words_of_libraries_stay_here() -> None:
    event: Any = {"logger": "smtplib", "logentry": {"message": WORDS}}
    told: Any = crash_reports.told(event)
    assert told["message"] == ""


def test_a_span_keeps_what_is_on_the_list() -> None:
    seen = {
        "http.route": "/api/slots",
        "url.query": f"q={WORDS}",
        "http.response.status_code": 200,
        "exception.message": WORDS,
    }
    assert tracing.allowed(seen) == {"http.route": "/api/slots", "http.response.status_code": 200}


def test_where_nothing_is_configured_nothing_begins(monkeypatch: Any) -> None:
    for name in tracing.SWITCHES:
        monkeypatch.delenv(name, raising=False)
    assert not tracing.is_wanted()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
    assert tracing.is_wanted()
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    assert not tracing.is_wanted()
