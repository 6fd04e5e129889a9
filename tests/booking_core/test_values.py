"""Periods are half-open, aware, and never run backwards."""

from datetime import datetime, timedelta

import pytest

from booking_core.values import Period
from tests.booking_core.builders import NOW

HOUR = timedelta(hours=1)


def test_a_period_holds_its_start_but_not_its_end() -> None:
    period = Period(NOW, NOW + HOUR)
    assert period.holds(NOW)
    assert not period.holds(NOW + HOUR)


def test_periods_that_only_touch_do_not_overlap() -> None:
    period = Period(NOW, NOW + HOUR)
    assert not period.overlaps(Period(NOW + HOUR, NOW + 2 * HOUR))
    assert period.overlaps(Period(NOW + HOUR / 2, NOW + 2 * HOUR))


@pytest.mark.parametrize(
    ("start", "end", "complaint"),
    [
        (datetime(2026, 11, 24), NOW, "aware"),  # noqa: DTZ001 - the naive one is the point.
        (NOW, datetime(2026, 11, 24), "aware"),  # noqa: DTZ001
        (NOW, NOW - HOUR, "before it starts"),
    ],
)
def test_a_period_that_cannot_be_is_refused(start: datetime, end: datetime, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        Period(start, end)
