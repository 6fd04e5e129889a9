"""How long the public API takes over HTTP, limits and audit included: `python -m benchmarks.api`.

The demonstration's workshops, one server process, callers on the same machine: the free times of a day, and bookings in
one go, each at a time of its own.
"""

import socket
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice
from multiprocessing import get_context
from statistics import quantiles
from time import perf_counter

import httpx

from app import demo
from app.embedded import Postgres, shared, temporary_home
from app.throwaway import template_database, throwaway_database

SEARCHES, BOOKINGS, AT_ONCE = 400, 120, 8
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
            with socket.create_server(("127.0.0.1", 0)) as free:
                port = free.getsockname()[1]
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


def book(start: str) -> Call:
    customer = {"name": "Jo Li", "email": f"{uuid.uuid4().hex}@example.de"}
    body = {"workshop_id": 1, "service_ids": [1], "start": start, "customer": customer}
    return lambda client: client.post("/api/appointments", json=body, headers={"Idempotency-Key": str(uuid.uuid4())})


def starts(client: httpx.Client) -> Iterator[str]:
    """One time of each hour that is free, from tomorrow on."""
    for ahead in range(1, 100):
        free = search(date.today() + timedelta(days=ahead))(client).json()["slots"]  # noqa: DTZ011 - Any day will do.
        yield from (one["start"] for one in free if one["start"][14:16] == "00")


def measure(name: str, url: str, calls: list[Call], *, callers: int) -> None:
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
    cuts = quantiles(took, n=100)
    print(f"{name:<32}{callers:>3} callers  p50 {cuts[49]:6.1f} ms  p95 {cuts[94]:6.1f} ms  {per_second:6.0f}/s")


def main() -> None:
    with served() as url, httpx.Client(base_url=url, timeout=60) as client:
        times = list(islice(starts(client), 2 * BOOKINGS))
        day = date.fromisoformat(times[0][:10])
        measure("free times of a day", url, [search(day)] * SEARCHES, callers=1)
        measure("free times of a day", url, [search(day)] * SEARCHES, callers=AT_ONCE)
        measure("bookings in one go", url, [book(start) for start in times[:BOOKINGS]], callers=1)
        measure("bookings in one go", url, [book(start) for start in times[BOOKINGS:]], callers=AT_ONCE)


if __name__ == "__main__":
    main()
