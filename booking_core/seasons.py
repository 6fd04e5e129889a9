"""The part of every year in which a service is offered."""

from dataclasses import dataclass
from datetime import date, datetime

from booking_core.hours import BadHours


@dataclass(frozen=True)
class Season:
    """Pairs of "MM-DD", both ends included; a pair that runs backwards goes over New Year."""

    pairs: tuple[tuple[str, str], ...]

    def holds(self, day: date) -> bool:
        today = f"{day:%m-%d}"
        return any(
            start <= today <= end if start <= end else today >= start or today <= end for start, end in self.pairs
        )

    def __str__(self) -> str:
        return ", ".join(f"{start}/{end}" for start, end in self.pairs)


def read_season(written: object) -> Season:
    """Read `[["10-01", "04-15"], …]`. Raises BadHours."""
    if not isinstance(written, list | tuple):
        raise BadHours(f'a season is a list of ["MM-DD", "MM-DD"] pairs, not {written!r}')
    return Season(tuple(_read_pair(pair) for pair in written))


def _read_pair(written: object) -> tuple[str, str]:
    match written:
        case [str(start), str(end)] if _is_a_day(start) and _is_a_day(end):
            return start, end
        case _:
            raise BadHours(f'{written!r} is no pair of days like ["10-01", "04-15"]')


def _is_a_day(written: str) -> bool:
    """Any day of a leap year will do: a season may end on the last of February."""
    try:
        return f"{datetime.fromisoformat(f'2028-{written}'):%m-%d}" == written
    except ValueError:
        return False
