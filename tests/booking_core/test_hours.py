"""Opening hours: how they are read, and that they agree with somebody who looks at the clock every minute."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_core.hours import WEEKDAYS, BadHours, parse_week, read_week
from booking_core.quarters import ones
from booking_core.stretches import midnight, stretch
from tests.booking_core.builders import BERLIN

MINUTE = timedelta(minutes=1)
ZONES = [BERLIN, *map(ZoneInfo, ("Europe/London", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago", "UTC"))]
CLOCK_CHANGES = [
    date(year, month, day)
    for year, month, day in (
        (2026, 3, 29),
        (2026, 10, 25),
        (2027, 3, 28),
        (2027, 10, 31),
        (2028, 3, 26),
        (2028, 10, 29),
    )
]
"""The nights of 2026 to 2028 in which Germany changes its clocks."""

NIGHT_SHIFT: dict[str, Any] = {
    "mon": [["07:30", "12:00"], ["13:00", "17:30"]],
    "tue": [["07:40", "12:05"], ["12:20", "24:00"]],
    "thu": [["00:00", "24:00"]],
    "fri": [["00:00", "02:15"], ["02:45", "03:10"], ["18:00", "22:00"]],
    "sat": [["08:00", "13:00"]],
    "sun": [["01:00", "02:30"], ["02:40", "03:20"], ["03:30", "06:00"], ["23:45", "24:00"]],
}


def minute_of_day(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


@st.composite
def weeks(draw: st.DrawFn) -> dict[str, Any]:
    written = {}
    for day in draw(st.sets(st.sampled_from(WEEKDAYS))):
        edges = sorted(draw(st.sets(st.integers(0, 288), min_size=2, max_size=6)))
        times = [f"{edge // 12:02}:{edge % 12 * 5:02}" for edge in edges[: len(edges) // 2 * 2]]
        written[day] = [list(pair) for pair in zip(times[::2], times[1::2], strict=True)]
    return written


def open_quarters_by_the_minute(written: dict[str, Any], day: date, zone: ZoneInfo) -> list[int]:
    """The quarters counted from midnight in each minute of which the clock on the wall shows an open time."""
    moment, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    minutes = []
    while moment < end:
        wall = moment.astimezone(zone)
        shown = wall.hour * 60 + wall.minute
        hours = written.get(WEEKDAYS[wall.weekday()], [])
        minutes.append(any(minute_of_day(opens) <= shown < minute_of_day(closes) for opens, closes in hours))
        moment += MINUTE
    return [start // 15 for start in range(0, len(minutes), 15) if all(minutes[start : start + 15])]


def open_quarters(written: dict[str, Any], day: date, zone: ZoneInfo) -> list[int]:
    return list(ones(stretch(zone, day, 1).week(read_week(written))))


def test_three_years_agree_with_the_clock_on_the_wall() -> None:
    day = date(2026, 1, 1)
    while day < date(2029, 1, 1):
        assert open_quarters(NIGHT_SHIFT, day, BERLIN) == open_quarters_by_the_minute(NIGHT_SHIFT, day, BERLIN), day
        day += timedelta(days=1)


@given(
    written=weeks(),
    day=st.sampled_from(CLOCK_CHANGES) | st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    zone=st.sampled_from(ZONES),
)
def test_any_hours_on_any_day_agree_with_the_clock_on_the_wall(
    written: dict[str, Any], day: date, zone: ZoneInfo
) -> None:
    assert open_quarters(written, day, zone) == open_quarters_by_the_minute(written, day, zone)


@given(written=weeks(), first=st.dates(date(2026, 1, 1), date(2028, 12, 31)), number=st.integers(1, 20))
def test_a_stretch_is_its_days_end_to_end(written: dict[str, Any], first: date, number: int) -> None:
    line = stretch(BERLIN, first, number)
    day_by_day = [
        midnight(day, BERLIN) + quarter * timedelta(minutes=15)
        for day in (first + timedelta(days=further) for further in range(number))
        for quarter in open_quarters(written, day, BERLIN)
    ]
    assert [line.moment(quarter) for quarter in ones(line.week(read_week(written)))] == day_by_day


def test_half_past_two_does_not_exist_in_spring_and_comes_twice_in_autumn() -> None:
    hours = {"sun": [["02:30", "02:45"]]}
    assert open_quarters(hours, date(2027, 3, 28), BERLIN) == []
    assert open_quarters(hours, date(2027, 10, 31), BERLIN) == [10, 14]


def test_hours_tell_their_days_and_times() -> None:
    week = parse_week(json.dumps(NIGHT_SHIFT))
    assert week is parse_week(json.dumps(NIGHT_SHIFT)), "the same text is read once"
    assert week.weekdays == {0, 1, 3, 4, 5, 6}
    assert week.times_on(date(2026, 11, 23)) == (("07:30", "12:00"), ("13:00", "17:30"))
    assert week.times_on(date(2026, 11, 25)) == ()


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ([], 'opening hours map "mon" to "sun"'),
        ({"montag": []}, "'montag' is no weekday"),
        ({"mon": "07:30-12:00"}, "mon: a list of pairs is wanted"),
        ({"tue": [["07:30"]]}, "tue: .* is no pair"),
        ({"tue": [["7:30", "12:00"]]}, "tue: .* is no pair"),
        ({"wed": [["07:30", "24:15"]]}, "wed: .* is no pair"),
        ({"wed": [["07:30", 12]]}, "wed: .* is no pair"),
        ({"thu": [["12:00", "12:00"]]}, "thu: 12:00 is not after 12:00"),
        ({"fri": [["08:00", "12:00"], ["12:00", "16:00"]]}, "fri: 12:00 does not come after 12:00"),
        ({"fri": [["13:00", "16:00"], ["08:00", "12:00"]]}, "fri: 08:00 does not come after 16:00"),
    ],
)
def test_badly_written_hours_are_refused_with_the_day_and_the_fault(written: object, complaint: str) -> None:
    with pytest.raises(BadHours, match=complaint):
        read_week(written)


def test_a_day_has_92_or_96_or_100_quarters() -> None:
    lengths = {day.isoformat(): stretch(BERLIN, day, 1).length for day in CLOCK_CHANGES[2:4]}
    assert lengths == {"2027-03-28": 92, "2027-10-31": 100}
    line = stretch(BERLIN, date(2027, 10, 30), 2)
    assert line.midnights == (0, 96, 196)
    assert line.origin == datetime(2027, 10, 29, 22, tzinfo=UTC)
    assert stretch(BERLIN, date(2027, 10, 30), 2) is line, "the same days are the same stretch"
