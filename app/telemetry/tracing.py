"""Traces of requests, statements and tasks, where OpenTelemetry is installed (extra `tracing`) and told where to send.

It is set up by the standard variables, of which OTEL_EXPORTER_OTLP_ENDPOINT or its like for traces switches it on.
"""

import logging
import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from opentelemetry import trace

from booking_core import correlation

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
    from opentelemetry.sdk.trace.export import SpanExporter
    from sqlalchemy import Engine

log = logging.getLogger(__name__)
tracer = trace.get_tracer("werkstatt")

SWITCHES = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
UNTRACED = frozenset({"/healthz", "/readyz", "/metrics"})
CORRELATION = "werkstatt.correlation"

TOLD = frozenset(
    {
        CORRELATION, "channel", "duty",
        "http.request.method", "http.route", "http.response.status_code", "error.type", "code.function.name",
        "db.system", "db.name", "db.operation", "db.statement",  # A statement has names where its parameters were.
        "celery.action", "celery.state", "celery.task_name", "messaging.operation",
    }
)  # fmt: skip
"""Attributes that leave the process; of all others, and of what exceptions say, nobody knows what is in them."""

_started: list[bool] = []


def is_wanted() -> bool:
    return any(os.environ.get(name) for name in SWITCHES) and os.environ.get("OTEL_SDK_DISABLED", "").lower() != "true"


def start() -> None:
    """Trace from here on, if that is wanted; once per process."""
    if _started or not is_wanted():
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.instrumentation.celery import CeleryInstrumentor
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.error("traces are wanted and cannot be made: install werkstatt-bot[tracing]")
        return
    _started.append(True)
    name = os.environ.get("OTEL_SERVICE_NAME", "werkstatt")
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(_naming_the_cause())
    provider.add_span_processor(BatchSpanProcessor(_discreet(OTLPSpanExporter())))
    trace.set_tracer_provider(provider)
    CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]


def follow(engine: "Engine") -> None:
    """Make a span of each of its statements, if we trace."""
    if _started:
        from opentelemetry.instrumentation.sqlalchemy import SQLAlchemyInstrumentor

        SQLAlchemyInstrumentor().instrument(engine=engine)


def allowed(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (attributes or {}).items() if name in TOLD}


def _naming_the_cause() -> "SpanProcessor":
    from opentelemetry.sdk.trace import SpanProcessor

    class Naming(SpanProcessor):
        def on_start(self, span: Any, **_: Any) -> None:  # type: ignore[override]
            if cause := correlation.known():
                span.set_attribute(CORRELATION, cause)

    return Naming()


def _discreet(exporter: "SpanExporter") -> "SpanExporter":
    """Hands on what may be told."""
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
    from opentelemetry.trace import Status

    class Discreet(SpanExporter):
        def export(self, spans: "Sequence[ReadableSpan]") -> SpanExportResult:
            return exporter.export([self._told(span) for span in spans])

        def shutdown(self) -> None:
            exporter.shutdown()

        def force_flush(self, timeout_millis: int = 30_000) -> bool:
            return exporter.force_flush(timeout_millis)

        def _told(self, span: "ReadableSpan") -> ReadableSpan:
            return ReadableSpan(
                name=span.name,
                context=span.context,
                parent=span.parent,
                resource=span.resource,
                attributes=allowed(span.attributes),
                kind=span.kind,
                status=Status(span.status.status_code),
                start_time=span.start_time,
                end_time=span.end_time,
                instrumentation_scope=span.instrumentation_scope,
            )

    return Discreet()
