"""When a reminder is due, held against somebody who tries minute after minute."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking_core.lead_times import (
    AT_LEAST,
    BEFORE_QUIET,
    Kind,
    MondaysOn,
    Rules,
    due_after,
    due_ahead,
    wake_up,
)
from tests.booking_core.builders import BERLIN, berlin

MINUTE = timedelta(minutes=1)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
CLOCK_CHANGES = [berlin("2027-03-28 03:00"), berlin("2027-10-31 03:00")]


def around_clock_changes() -> st.SearchStrategy[datetime]:
    quarters = st.integers(-4 * 96, 4 * 96).map(lambda count: count * timedelta(minutes=15))
    return st.builds(lambda change, by: change.astimezone(UTC) + by, st.sampled_from(CLOCK_CHANGES), quarters)


def minutes_of(first: time, last: time) -> st.SearchStrategy[time]:
    return st.times(first, last).map(lambda clock: clock.replace(second=0, microsecond=0))


rules = st.builds(
    Rules,
    hours_before=st.integers(1, 12),
    quiet_from=minutes_of(time(12), time(23, 59)),
    quiet_until=minutes_of(time(4), time(11)),
    mondays_on=st.sampled_from(MondaysOn),
)
ahead = st.sampled_from([Kind.DAY_BEFORE, Kind.HOURS_BEFORE])


def oracle(kind: Kind, start: datetime, house: Rules) -> datetime:
    """Look for the wanted moment on the wall clock, then step out of the night minute by minute."""
    due = _wanted(kind, start, house)
    morning = due
    while house.quiet(morning, BERLIN):
        morning += MINUTE
    if morning == due or morning <= start - AT_LEAST:
        return morning
    while house.quiet(due, BERLIN):
        due -= MINUTE
    return due + MINUTE - BEFORE_QUIET


def _wanted(kind: Kind, start: datetime, house: Rules) -> datetime:
    if kind is Kind.HOURS_BEFORE:
        assert house.hours_before is not None
        return start - timedelta(hours=house.hours_before)
    local = start.astimezone(BERLIN)
    back = 3 if local.isoweekday() == 1 and house.mondays_on is MondaysOn.FRIDAY else 1
    day = local.date() - timedelta(days=back)
    moment = start - timedelta(days=back, hours=3)
    while True:
        shown = moment.astimezone(BERLIN)
        if (shown.date(), shown.time()) == (day, local.time()):
            return moment
        if shown.date() > day:  # A time that this night skips: what the clock would show had it not been put forward.
            return _wanted(kind, start - timedelta(hours=1), house) + timedelta(hours=1)
        moment += MINUTE


@settings(max_examples=300)
@given(kind=ahead, start=around_clock_changes(), house=rules)
def test_it_is_due_when_somebody_with_patience_and_a_wall_clock_says(kind: Kind, start: datetime, house: Rules) -> None:
    due = due_ahead(kind, start, now=LONG_AGO, zone=BERLIN, rules=house)
    assert due == oracle(kind, start, house)
    assert due < start
    assert not house.quiet(due, BERLIN)


@given(kind=ahead, start=around_clock_changes(), house=rules, hours=st.integers(0, 60))
def test_who_books_inside_the_lead_time_is_not_reminded(kind: Kind, start: datetime, house: Rules, hours: int) -> None:
    booked = start - timedelta(hours=hours)
    due = due_ahead(kind, start, now=booked, zone=BERLIN, rules=house)
    wanted = oracle(kind, start, house)
    assert due == (None if _wanted(kind, start, house) <= booked or wanted <= booked else wanted)


@given(moment=around_clock_changes(), house=rules)
def test_the_night_ends_when_the_clock_says_so(moment: datetime, house: Rules) -> None:
    awake = wake_up(moment, BERLIN, house)
    expected = moment
    while house.quiet(expected, BERLIN):
        expected += MINUTE
    assert awake == expected


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2027-03-28 10:00", "2027-03-27 10:00"),
        ("2027-03-29 10:00", "2027-03-28 10:00"),
        ("2027-10-31 10:00", "2027-10-30 10:00"),
        ("2027-11-01 10:00", "2027-10-31 10:00"),
        ("2026-11-26 07:30", "2026-11-25 08:00"),
        ("2026-11-26 20:30", "2026-11-26 08:00"),
    ],
)
def test_the_day_before_is_the_same_time_on_the_wall_outside_of_the_night(start: str, due: str) -> None:
    assert due_ahead(Kind.DAY_BEFORE, berlin(start), now=LONG_AGO, zone=BERLIN, rules=Rules()) == berlin(due)


@pytest.mark.parametrize(
    ("start", "due"),
    [("2026-11-26 10:00", "2026-11-26 08:00"), ("2026-11-26 09:30", "2026-11-26 08:00"),
     ("2026-11-26 08:00", "2026-11-25 19:45"), ("2026-11-26 15:00", "2026-11-26 13:00")],
)  # fmt: skip
def test_two_hours_before_an_early_appointment_is_the_evening_before(start: str, due: str) -> None:
    house = Rules(hours_before=2)
    assert due_ahead(Kind.HOURS_BEFORE, berlin(start), now=LONG_AGO, zone=BERLIN, rules=house) == berlin(due)


@pytest.mark.parametrize(("mondays_on", "due"), [("sunday", "2026-11-29 10:00"), ("friday", "2026-11-27 10:00")])
def test_a_mondays_reminder_comes_when_the_workshop_wants(mondays_on: str, due: str) -> None:
    house = Rules(mondays_on=MondaysOn(mondays_on))
    monday = berlin("2026-11-30 10:00")
    assert due_ahead(Kind.DAY_BEFORE, monday, now=LONG_AGO, zone=BERLIN, rules=house) == berlin(due)


@pytest.mark.parametrize("kind", Kind)
def test_what_a_workshop_does_not_want_is_not_due(kind: Kind) -> None:
    house = Rules(day_before=False, hours_before=None, ready=False, no_show=False)
    now = berlin("2026-11-23 10:00")
    if kind.ahead:
        assert due_ahead(kind, berlin("2026-12-23 10:00"), now=now, zone=BERLIN, rules=house) is None
    else:
        assert due_after(kind, now=now, zone=BERLIN, rules=house) is None


@pytest.mark.parametrize(
    ("kind", "now", "due"),
    [(Kind.READY, "2026-11-23 16:00", "2026-11-23 16:00"), (Kind.READY, "2026-11-23 21:00", "2026-11-24 08:00"),
     (Kind.NO_SHOW, "2026-11-23 10:00", "2026-11-23 11:00"), (Kind.NO_SHOW, "2026-11-23 19:30", "2026-11-24 08:00")],
)  # fmt: skip
def test_news_is_told_at_once_and_a_missed_appointment_later(kind: Kind, now: str, due: str) -> None:
    assert due_after(kind, now=berlin(now), zone=BERLIN, rules=Rules()) == berlin(due)
