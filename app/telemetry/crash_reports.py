"""Crashes reported to Sentry, where it is installed (extra `sentry`) and SENTRY_DSN says where to."""

import logging
from typing import TYPE_CHECKING, Any

from app.settings import Settings
from booking_core import correlation

if TYPE_CHECKING:
    from sentry_sdk.types import Event

log = logging.getLogger(__name__)

FACTS = ("event_id", "timestamp", "level", "platform", "logger", "release", "environment")
PLACE = ("filename", "function", "module", "lineno", "in_app")


def start(settings: Settings, **options: Any) -> None:
    """Report what is logged as an error from here on, if that is wanted; `options` are Sentry's."""
    if not settings.sentry_dsn:
        return
    try:
        import sentry_sdk
        from sentry_sdk.integrations.logging import LoggingIntegration
    except ImportError:
        log.error("crashes cannot be reported: install werkstatt-bot[sentry]")
        return
    sentry_sdk.init(
        dsn=settings.sentry_dsn,
        before_send=told,
        max_breadcrumbs=0,
        include_local_variables=False,
        include_source_context=False,
        default_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
        **options,
    )


def told(event: "Event", _: object = None) -> "Event":
    """The few things of an event that hold nobody's words: the program's own, types, and where it was."""
    facts: dict[str, Any] = dict(event)
    words = (facts.get("logentry") or {}).get("message", "")
    exceptions = (facts.get("exception") or {}).get("values", [])
    kept: Any = {name: facts[name] for name in FACTS if name in facts}
    kept["message"] = words if facts.get("logger", "").startswith(("app.", "channels.")) else ""
    kept["exception"] = {"values": [_exception(one) for one in exceptions]}
    kept["tags"] = {"correlation": correlation.known() or ""}
    report: Event = kept
    return report


def _exception(one: dict[str, Any]) -> dict[str, Any]:
    frames = (one.get("stacktrace") or {}).get("frames", [])
    places = [{name: frame[name] for name in PLACE if name in frame} for frame in frames]
    return {"type": one.get("type"), "module": one.get("module"), "stacktrace": {"frames": places}}
