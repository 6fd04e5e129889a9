"""Our own side of the race: clients that hold and confirm, one booking after the other, each its own customers."""

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from time import perf_counter

from sqlalchemy.orm import Session, sessionmaker

from app.database import engine_for, in_transaction, session_factory
from app.heap import settle
from benchmarks.booking import town
from booking_core.appointments import confirm
from booking_core.errors import BookingError
from booking_core.reservations import hold_slot
from booking_core.slots import find_slots
from booking_core.values import AppointmentId, Slot, UserId


@dataclass
class Tally:
    """What came of the attempts; `times` are seconds of each hold with its confirmation."""

    outcomes: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        return self.outcomes.total() / self.seconds

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        return sorted(self.times)[int(len(self.times) * share)] * 1000


def race(url: str, *, clients: int, processes: int = 1, attempts: int, first: int, crowded: bool = False) -> Tally:
    """So many clients in so many processes make that many attempts together; `first` numbers the first one.

    No number may come twice on one database, for it decides on time and customer.
    """
    each = attempts // processes
    jobs = [(url, clients // processes, each, first + number * each, crowded) for number in range(processes)]
    spawn = multiprocessing.get_context("spawn")
    if processes == 1:
        tallies = [_process(*jobs[0])]
    else:
        with ProcessPoolExecutor(processes, spawn) as pool:
            tallies = list(pool.map(_process, *zip(*jobs, strict=True)))
    total = Tally(seconds=max(tally.seconds for tally in tallies))
    for tally in tallies:
        total.outcomes += tally.outcomes
        total.times += tally.times
    return total


def _process(url: str, clients: int, attempts: int, first: int, crowded: bool) -> Tally:
    with engine_for(url, pool_size=clients) as engine, ThreadPoolExecutor(clients) as pool:
        sessions = session_factory(engine)
        numbers = iter(range(first, first + attempts))
        tally = Tally()
        list(pool.map(lambda _: sessions().connection().close(), range(clients)))
        with sessions() as session:
            find_slots(session, ["inspection"], workshops=town.EVERY_SHOP, now=town.NOW, limit=1)
        settle()  # As every server and worker does.
        begun = perf_counter()
        for part in pool.map(lambda _: _client(sessions, _shared(numbers), crowded), range(clients)):
            tally.outcomes += part.outcomes
            tally.times += part.times
        tally.seconds = perf_counter() - begun
        return tally


def _shared(numbers: Iterator[int]) -> Iterator[int]:
    """Iterators over a range are safe to share between threads, but a generator is not."""
    while chunk := list(islice(numbers, 1)):
        yield chunk[0]


def _client(sessions: sessionmaker[Session], numbers: Iterator[int], crowded: bool) -> Tally:
    tally = Tally()
    wanted = _crowded if crowded else _spread
    for number in numbers:
        begun = perf_counter()
        tally.outcomes[_book(sessions, wanted(number), UserId(1 + number % town.CUSTOMERS))] += 1
        tally.times.append(perf_counter() - begun)
    return tally


def _spread(number: int) -> Slot:
    day, shop = divmod(number, town.SHOPS)
    return town.slot(1 + shop, day // town.HOURS % town.OURS, day % town.HOURS)


def _crowded(number: int) -> Slot:
    return town.slot(town.CROWDED, 0, number % town.HOURS)


def _book(sessions: Callable[[], Session], slot: Slot, who: UserId) -> str:
    def hold(session: Session) -> AppointmentId:
        return hold_slot(session, slot, who, channel="web", now=town.NOW).id

    try:
        appointment = in_transaction(sessions, hold)
        in_transaction(sessions, lambda session: confirm(session, appointment, who, now=town.NOW))
    except BookingError as refusal:
        return refusal.code
    return "booked"
