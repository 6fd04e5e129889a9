"""`python -m benchmarks.booking`: ours and pgbench in turn, on the same server; several rounds of each."""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from app.database import engine_for
from app.embedded import Postgres, shared, temporary_home
from app.throwaway import template_database, throwaway_database
from benchmarks.booking import replay, town
from benchmarks.booking.clients import Tally, race

ROUNDS, ATTEMPTS, SECONDS = 5, 3_000, 5


def main() -> None:
    with temporary_home() as home, shared(Postgres(), home) as server, TemporaryDirectory() as folder:
        template = template_database(server, kind="empty", fill=lambda engine: None)
        with throwaway_database(server, template) as url:
            with engine_for(url) as engine:
                town.build(engine)
            report(url, Path(folder))


def report(url: str, folder: Path) -> None:
    first = 0
    script = folder / "booking.sql"
    script.write_text(replay.script(url), encoding="utf-8")

    def ours(clients: int, processes: int) -> float:
        nonlocal first
        tally = race(url, clients=clients, processes=processes, attempts=ATTEMPTS, first=first)
        first += ATTEMPTS
        assert tally.outcomes == {"booked": tally.outcomes.total()}, tally.outcomes
        return tally.rate

    print(f"{'bookings a second':38} {'min':>7} {'median':>7} {'max':>7}")
    for clients, processes in ((1, 1), (2, 2), (16, 1), (16, 2)):
        rates = {"ours": list[float](), "pgbench": list[float]()}
        for _ in range(ROUNDS):
            rates["ours"].append(ours(clients, processes))
            rates["pgbench"].append(replay.bookings_per_second(url, script, clients=clients, seconds=SECONDS))
        for side, measured in rates.items():
            name = f"{side}, {clients} clients" + (f", {processes} processes" if side == "ours" else "")
            print(f"{name:38} {min(measured):7.0f} {median(measured):7.0f} {max(measured):7.0f}")
        print(f"{'ours / pgbench':38} {median(rates['ours']) / median(rates['pgbench']):31.0%}")
    crowd(lambda **how: race(url, crowded=True, first=first, **how))


def crowd(rush: Callable[..., Tally]) -> None:
    """Everybody wants the same day: as many are booked as there is room, and nobody waits long."""
    tally = rush(clients=16, processes=2, attempts=2 * town.ROOM * town.HOURS)
    assert tally.outcomes["booked"] == town.ROOM * town.HOURS, tally.outcomes
    print(
        f"one day, 16 clients: {tally.rate:.0f} attempts/s, p99 {tally.percentile(0.99):.0f} ms, {dict(tally.outcomes)}"
    )


if __name__ == "__main__":
    main()
