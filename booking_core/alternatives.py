"""The free starts nearest in time to a wish that could not be served."""

from collections.abc import Iterator, Sequence

from booking_core.quarters import first, last, span
from booking_core.searches import Search
from booking_core.values import Period, Slot

HOW_MANY = 10
APART = 4
"""Quarter hours between two alternatives in one workshop: five starts within an hour are no choice."""


def alternatives(searches: Sequence[tuple[Search, int]], windows: Sequence[Period]) -> tuple[Slot, ...]:
    """Up to ten, from searches and their free starts: the nearest of each workshop, then the second nearest of each."""
    ranked = sorted(
        (rank, distance, order, quarter)
        for order, (search, free) in enumerate(searches)
        for rank, (distance, quarter) in enumerate(_nearest(free, [_edges(search, window) for window in windows]))
    )
    return tuple(searches[order][0].slot(quarter) for _, _, order, quarter in ranked[:HOW_MANY])


def _edges(search: Search, window: Period) -> tuple[int, int]:
    """The first quarter of a window and the one after its last; either may lie far outside the line."""
    return search.line.quarter_not_before(window.start), search.line.quarter_not_before(window.end)


def _nearest(free: int, wishes: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The nearest free quarters on either side of the wishes, each with its distance."""
    for _ in range(HOW_MANY):
        before = (
            (start - quarter, quarter) for start, _ in wishes if (quarter := last(free, before=start)) is not None
        )
        after = ((quarter - end + 1, quarter) for _, end in wishes if (quarter := first(free, since=end)) is not None)
        nearest = min([*before, *after], default=None)
        if nearest is None:
            return
        yield nearest
        free &= ~span(nearest[1] - APART + 1, nearest[1] + APART)
