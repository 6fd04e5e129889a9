"""Any workshop one can think of, as plain facts, and a patient clerk who looks at every quarter hour of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from typing import Any, Literal, TypeVar

from hypothesis import strategies as st

from booking_core.feast_days import feast_day
from booking_core.hours import WEEKDAYS
from booking_core.values import CELL, Period
from tests.booking_core.builders import BERLIN

MINUTE = timedelta(minutes=1)

T = TypeVar("T")

KINDS = ("lift", "rig")
CODES = ("oil-change", "tyre-change", "wheel-alignment")
Hours = dict[str, Any]
Fate = Literal["confirmed", "held", "dead", "ignored"]


@dataclass(frozen=True)
class Unit:
    kind: str
    capacity: int
    windows: Hours | None


@dataclass(frozen=True)
class Service:
    code: str
    minutes: int
    before: int
    after: int
    kinds: tuple[str, ...]
    windows: Hours | None
    season: list[list[str]] | None

    @property
    def length(self) -> int:
        return -(-self.minutes // 15)


@dataclass(frozen=True)
class Closure:
    """`unit` is a place in the list of units, or None for the whole workshop."""

    unit: int | None
    period: Period


@dataclass(frozen=True)
class Booking:
    unit: int
    start: datetime
    length: int
    fate: Fate

    def holds(self, cell: datetime) -> bool:
        return self.start <= cell < self.start + self.length * CELL

    @property
    def cells(self) -> list[datetime]:
        return [self.start + number * CELL for number in range(self.length)]


@dataclass(frozen=True)
class World:
    now: datetime
    hours: Hours
    notice: int
    horizon_days: int
    units: list[Unit]
    services: dict[str, Service]
    closures: list[Closure]
    bookings: list[Booking]

    def quarters(self) -> Iterator[datetime]:
        """Every quarter hour from now to the end of the last bookable day."""
        today = self.now.astimezone(BERLIN).date()
        moment = self.now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        while moment.astimezone(BERLIN).date() <= today + timedelta(days=self.horizon_days):
            if moment >= self.now:
                yield moment
            moment += CELL


class Clerk:
    """Knows for every start whether a visit can begin there, by looking at one quarter hour after the other."""

    def __init__(self, world: World, codes: tuple[str, ...]) -> None:
        self.world = world
        self.services = [world.services[code] for code in codes]
        self.working = cache(self._working)
        self.usable = cache(self._usable)

    @cached_property
    def starts(self) -> list[datetime]:
        earliest = self.world.now + timedelta(minutes=self.world.notice)
        return [moment for moment in self.world.quarters() if moment >= earliest and self.possible(moment)]

    def possible(self, start: datetime) -> bool:
        return all(self.working(service, cell) for service, cell in self.work(start)) and all(
            self.able(start, kind) for kind in self.kinds
        )

    @property
    def kinds(self) -> list[str]:
        return [kind for kind in KINDS if any(kind in service.kinds for service in self.services)]

    def work(self, start: datetime) -> Iterator[tuple[int, datetime]]:
        for number, service in enumerate(self.services):
            for _ in range(service.length):
                yield number, start
                start += CELL

    def _working(self, service: int, cell: datetime) -> bool:
        """Whether the workshop would work on this service in this quarter hour."""
        day = cell.astimezone(BERLIN).date()
        return (
            within(self.world.hours, cell)
            and within(self.services[service].windows, cell)
            and in_season(self.services[service].season, day)
            and feast_day(day, "NW", catholic=False) is None
            and not self.closed(None, cell)
        )

    def closed(self, unit: int | None, cell: datetime) -> bool:
        return any(
            closure.unit == unit
            and closure.period.end > self.world.now
            and closure.period.overlaps(Period(cell, cell + CELL))
            for closure in self.world.closures
        )

    def able(self, start: datetime, kind: str) -> list[int]:
        """The units of a kind that could serve the whole visit."""
        work = [cell for service, cell in self.work(start) if kind in self.services[service].kinds]
        kept = self.kept(start, kind)
        return [
            number
            for number, unit in enumerate(self.world.units)
            if unit.kind == kind
            and all(within(unit.windows, cell) for cell in work)
            and all(self.usable(number, cell) for cell in kept)
        ]

    def kept(self, start: datetime, kind: str) -> list[datetime]:
        """The quarter hours, buffers included, in which a visit wants its unit of this kind for itself."""
        cells = set()
        for service in self.services:
            if kind in service.kinds:
                before, after = (-(-buffer // 15) for buffer in (service.before, service.after))
                cells |= {start + number * CELL for number in range(-before, service.length + after)}
            start += service.length * CELL
        return sorted(cells)

    def _usable(self, unit: int, cell: datetime) -> bool:
        taken = sum(
            booking.unit == unit and booking.fate in {"confirmed", "held"} and booking.holds(cell)
            for booking in self.world.bookings
        )
        return taken < self.world.units[unit].capacity and not self.closed(unit, cell)

    def room_around(self, unit: int, start: datetime, kind: str) -> int:
        """How many quarter hours of its working time a unit would have left right before and right after."""
        kept = self.kept(start, kind)
        return self._room(unit, kept[0] - CELL, -CELL) + self._room(unit, kept[-1] + CELL, CELL)

    def _room(self, unit: int, cell: datetime, step: timedelta) -> int:
        room = 0
        while (
            cell + CELL > self.world.now
            and within(self.world.hours, cell)
            and within(self.world.units[unit].windows, cell)
            and feast_day(cell.astimezone(BERLIN).date(), "NW", catholic=False) is None
            and not self.closed(None, cell)
            and self.usable(unit, cell)
        ):
            room += 1
            cell += step
        return room


def within(hours: Hours | None, cell: datetime) -> bool:
    """Whether the wall clock shows an open time throughout; hours are only ever drawn in steps of five minutes."""
    return hours is None or all(_shows_open(hours, cell + timedelta(minutes=step)) for step in (0, 5, 10))


def _shows_open(hours: Hours, moment: datetime) -> bool:
    day, time = wall_clock(moment)
    return any(opens <= time < closes for opens, closes in hours.get(day, []))


@cache
def wall_clock(moment: datetime) -> tuple[str, str]:
    """("mon", "07:30")"""
    wall = moment.astimezone(BERLIN)
    return WEEKDAYS[wall.weekday()], f"{wall:%H:%M}"


def in_season(season: list[list[str]] | None, day: date) -> bool:
    today = f"{day:%m-%d}"
    return season is None or any(
        start <= today <= end if start <= end else not end < today < start for start, end in season
    )


def _rarely(strategy: st.SearchStrategy[T]) -> st.SearchStrategy[T | None]:
    return st.integers(0, 4).flatmap(lambda dice: st.none() if dice else strategy)


def _several(strategy: st.SearchStrategy[T], most: int) -> st.SearchStrategy[list[T]]:
    """Lists of any length alike, where Hypothesis would rather draw short ones."""
    return st.integers(0, most).flatmap(lambda size: st.lists(strategy, min_size=size, max_size=size))


@st.composite
def hours(draw: st.DrawFn, mostly: bool = False) -> Hours:
    """Opening hours in steps of five minutes; `mostly` open, so that there is something to find."""
    if mostly:
        opens, pause = draw(st.integers(0, 120)), draw(st.integers(130, 160))
        closes = draw(st.integers(pause + 10, 288))
        one_day = [[_clock(opens), _clock(pause)], [_clock(pause + draw(st.integers(1, 9))), _clock(closes)]]
        return {day: one_day for day in WEEKDAYS if draw(st.integers(0, 5))}
    edges = sorted(draw(st.sets(st.integers(0, 288), min_size=2, max_size=4)))
    times = [_clock(edge) for edge in edges[: len(edges) // 2 * 2]]
    pairs = [list(pair) for pair in zip(times[::2], times[1::2], strict=True)]
    return dict.fromkeys(draw(st.sets(st.sampled_from(WEEKDAYS), min_size=3)), pairs)


def _clock(fives: int) -> str:
    return f"{fives // 12:02}:{fives % 12 * 5:02}"


moments = st.sampled_from(
    [
        datetime(2027, 3, 27, 15, 20, tzinfo=BERLIN),  # the clocks go forward in the night
        datetime(2027, 10, 30, 21, 0, tzinfo=BERLIN),  # and back
        datetime(2026, 12, 23, 9, 41, tzinfo=BERLIN),  # Christmas
        datetime(2026, 11, 23, 10, 0, tzinfo=BERLIN),
        datetime(2028, 2, 28, 0, 0, tzinfo=BERLIN),
    ]
)
seasons = st.sampled_from([[["10-28", "02-29"]], [["03-01", "03-28"], ["12-24", "12-25"]]])


@st.composite
def services(draw: st.DrawFn, code: str) -> Service:
    return Service(
        code,
        draw(st.integers(5, 100)),
        draw(st.sampled_from([0, 0, 10, 30])),
        draw(st.sampled_from([0, 0, 15, 40])),
        tuple(draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=2, unique=True))),
        draw(_rarely(hours())),
        draw(_rarely(seasons)),
    )


@st.composite
def worlds(draw: st.DrawFn) -> World:
    now = draw(moments)
    origin = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    units = [
        *(Unit(kind, draw(st.integers(1, 2)), draw(_rarely(hours()))) for kind in KINDS),
        *draw(st.lists(st.builds(Unit, st.sampled_from(KINDS), st.integers(0, 2), _rarely(hours())), max_size=3)),
    ]
    places = st.integers(0, len(units) - 1)
    closures = st.builds(
        lambda unit, start, minutes: Closure(
            unit, Period(now.astimezone(UTC) + start * MINUTE, now.astimezone(UTC) + (start + minutes) * MINUTE)
        ),
        st.none() | places,
        st.integers(-600, 5000),
        st.integers(1, 900),
    )
    bookings = st.builds(
        lambda unit, start, length, fate: Booking(unit, origin + start * CELL, length, fate),
        places,
        st.integers(-8, 300),
        st.integers(4, 60),
        st.sampled_from(["confirmed", "confirmed", "held", "dead", "ignored"]),
    )
    return World(
        now,
        draw(hours(mostly=True)),
        draw(st.sampled_from([0, 0, 45, 600])),
        draw(st.integers(1, 3)),
        units,
        {code: draw(services(code)) for code in CODES},
        draw(_several(closures, 5)),
        _that_fit(units, draw(_several(bookings, 40))),
    )


def _that_fit(units: list[Unit], bookings: list[Booking]) -> list[Booking]:
    fitting: list[Booking] = []
    for booking in bookings:
        mine = [other for other in fitting if other.unit == booking.unit]
        if all(sum(other.holds(cell) for other in mine) < units[booking.unit].capacity for cell in booking.cells):
            fitting.append(booking)
    return fitting
