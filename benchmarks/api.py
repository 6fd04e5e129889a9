"""How long the public API takes over HTTP, limits and audit included: `python -m benchmarks.api`.

The demonstration's workshops, one server process, callers on the same machine: the free times of a day, and bookings in
one go, each at a time of its own.
"""

import json
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from multiprocessing import get_context
from time import perf_counter

import httpx

from app import demo
from app.embedded import Postgres, shared, temporary_home
from app.throwaway import template_database, throwaway_database
from benchmarks.figures import Chapter, Figure, percentile, tell
from benchmarks.served import Caller, steadily
from tests.app.ports import free_port

RATE = 100
STEADY = (
    "The same server, called at a steady rate whether answers come or not. Times count from the moment at which a call "
    "was due."
)
ROUNDS, SEARCHES, BOOKINGS, AT_ONCE = 5, 200, 40, 8
TEXT = (
    "One server process on the demonstration's workshops, callers on the same machine and new bookings each time; "
    "limits, audit log and idempotency keys included."
)
Call = Callable[[httpx.Client], httpx.Response]


def serve(database: str, port: int) -> None:
    import uvicorn

    from app.database import connect
    from app.http.rates import Rate, Rates
    from app.http.site import Site
    from app.web import create_app

    plenty = Rates(default=Rate("default", 10**6, 60), booking=Rate("booking", 10**6, 60))
    app = create_app(connect(database, pool_size=20), {}, Site(rates=plenty))
    uvicorn.run(app, port=port, access_log=False, log_level="warning")


@contextmanager
def served() -> Iterator[str]:
    with temporary_home() as home, shared(Postgres(durable=True), home) as server:
        template = template_database(server, kind="demo", fill=demo.fill, sources=demo.SOURCES)
        with throwaway_database(server, template) as database:
            port = free_port()
            process = get_context("spawn").Process(target=serve, args=(database, port), daemon=True)
            process.start()
            url = f"http://127.0.0.1:{port}"
            ready = threading.Event()
            while not ready.wait(0.2):
                try:
                    httpx.get(f"{url}/healthz")
                    ready.set()
                except httpx.TransportError:
                    continue
            yield url
            process.terminate()
            process.join()


def search(day: date) -> Call:
    path = f"/api/slots?workshop_id=1&service_id=1&date={day.isoformat()}"
    return lambda client: client.get(path)


def wish(start: str) -> dict[str, object]:
    customer = {"name": "Jo Li", "email": f"{uuid.uuid4().hex}@example.de"}
    return {"workshop_id": 1, "service_ids": [1], "start": start, "customer": customer}


def book(start: str) -> Call:
    body = wish(start)
    return lambda client: client.post("/api/appointments", json=body, headers={"Idempotency-Key": str(uuid.uuid4())})


def starts(client: httpx.Client) -> Iterator[str]:
    """One time of each hour that is free, from tomorrow on."""
    for ahead in range(1, 100):
        free = search(date.today() + timedelta(days=ahead))(client).json()["slots"]  # noqa: DTZ011 - Any day will do.
        yield from (one["start"] for one in free if one["start"][14:16] == "00")


def rate_and_p95(url: str, calls: list[Call], *, callers: int) -> tuple[float, float]:
    """Calls a second, and the milliseconds in which 95 of a hundred were answered."""
    clients = [httpx.Client(base_url=url, timeout=60) for _ in range(callers)]

    def run(share: int) -> list[float]:
        took = []
        for call in calls[share::callers]:
            begun = perf_counter()
            answer = call(clients[share])
            took.append((perf_counter() - begun) * 1000)
            assert answer.is_success, answer.text
        return took

    begun = perf_counter()
    with ThreadPoolExecutor(callers) as pool:
        took = [one for share in pool.map(run, range(callers)) for one in share]
    per_second = len(took) / (perf_counter() - begun)
    for client in clients:
        client.close()
    return per_second, percentile(took, 0.95)


def steady(url: str, times: Iterator[str]) -> Chapter:
    """Every endpoint a customer's program needs, one after the other, at a steady rate."""
    caller = Caller(int(url.rpartition(":")[2]))
    day = date.today() + timedelta(days=7)  # noqa: DTZ011
    paths = {
        "workshops near a postcode": "/api/workshops?plz=50667",
        "services of a workshop": "/api/services?workshop_id=1",
        "free times of a day": f"/api/slots?workshop_id=1&service_id=1&date={day.isoformat()}",
    }
    late: dict[str, list[float]] = defaultdict(list)
    for _ in range(ROUNDS):
        for name, path in paths.items():
            took = steadily(lambda _, path=path: caller("GET", path), rate=RATE, calls=2 * RATE)  # type: ignore[misc]
            late[name].append(percentile(took, 0.95))
        bodies = [json.dumps(wish(start)).encode() for start in islice(times, BOOKINGS)]
        headers = [{"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())} for _ in bodies]
        took = steadily(
            lambda number, bodies=bodies, headers=headers: caller(  # type: ignore[misc]
                "POST", "/api/appointments", bodies[number], headers[number]
            ),
            rate=RATE,
            calls=len(bodies),
            good=frozenset({201}),
        )
        late["booking in one go"].append(percentile(took, 0.95))
    figures = tuple(Figure(f"{name}, p95", "ms", tuple(values), at_most=25.0) for name, values in late.items())
    return Chapter("5-api-steady", f"The API at {RATE} requests a second", STEADY, figures)


def main() -> None:
    with served() as url, httpx.Client(base_url=url, timeout=60) as client:
        times = starts(client)
        tell(steady(url, times))
        day = date.today() + timedelta(days=7)  # noqa: DTZ011
        measured: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for _ in range(ROUNDS):
            for callers in (1, AT_ONCE):
                searches = [search(day)] * SEARCHES
                bookings = [book(start) for start in islice(times, BOOKINGS)]
                measured[f"free times of a day, {callers} callers"].append(rate_and_p95(url, searches, callers=callers))
                measured[f"booking in one go, {callers} callers"].append(rate_and_p95(url, bookings, callers=callers))
    figures = []
    for name, rounds in measured.items():
        limit = 500.0 if name.startswith("free") else 200.0
        figures.append(Figure(f"{name}, p95", "ms", tuple(p95 for _, p95 in rounds), at_most=limit))
        figures.append(Figure(name, "/s", tuple(rate for rate, _ in rounds)))
    tell(Chapter("5-api", "The API over HTTP", TEXT, tuple(figures)))


if __name__ == "__main__":
    main()
