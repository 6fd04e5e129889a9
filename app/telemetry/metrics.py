"""What each process counts for itself; Prometheus adds it up. What the database knows is in `app.telemetry.gauges`.

Where one machine has several processes, PROMETHEUS_MULTIPROC_DIR names an empty directory that they share: then each
of them serves what all have counted.
"""

import os
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from booking_core.witnesses import MISS, REFUSAL

REGISTRY = CollectorRegistry()
"""Of this process."""

AT_ONCE = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
"""Seconds that somebody waits for an answer of ours."""

HTTP = Histogram(
    "werkstatt_http_request_seconds",
    "Requests by template of their path, from first byte to last",
    ["method", "path", "status"],
    buckets=AT_ONCE,
    registry=REGISTRY,
)
TURNS = Histogram(
    "werkstatt_turn_seconds",
    "Turns of the dialog, from taking up a message to the commit of its answer",
    ["channel", "outcome"],
    buckets=AT_ONCE,
    registry=REGISTRY,
)
SENDS = Histogram(
    "werkstatt_send_seconds",
    "Letters handed to a provider, by what became of them: sent, later, refused or unknown",
    ["channel", "outcome"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=REGISTRY,
)
BREAKERS = Gauge(
    "werkstatt_breaker_open",
    "1 while a provider that failed several times in a row is left alone",
    ["channel"],
    registry=REGISTRY,
    multiprocess_mode="livemax",
)
REFUSALS = Counter(
    "werkstatt_refusals",
    "How often the calendar said no, by reason; slot_taken are conflicts: somebody else was faster",
    ["reason"],
    registry=REGISTRY,
)
MISSES = Counter(
    "werkstatt_understanding_misses",
    "Messages of which the dialog could make nothing, by the state it was in",
    ["state"],
    registry=REGISTRY,
)
ProcessCollector(registry=REGISTRY)


def _count(counter: Counter) -> Callable[[str], None]:
    return lambda what: counter.labels(what).inc()


REFUSAL.append(_count(REFUSALS))
MISS.append(_count(MISSES))


class Counted(Collector):
    """All that was counted here; with a shared directory, by all processes that share it."""

    def collect(self) -> Iterable[Metric]:
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return REGISTRY.collect()
        found: Iterable[Metric] = MultiProcessCollector(None).collect()  # type: ignore[no-untyped-call]
        return found

    def describe(self) -> Iterable[Metric]:
        return REGISTRY.collect()
