"""The simulated customers themselves: they talk, they are told apart, and what they report is true."""

from collections.abc import Iterator
from datetime import datetime
from random import Random

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from benchmarks.customers.calendar import opened
from benchmarks.customers.goals import a_plate
from benchmarks.customers.hearing import moments
from benchmarks.customers.judging import Outcome
from benchmarks.customers.report import report
from benchmarks.customers.slips import slipped
from benchmarks.customers.talking import Talk, talk
from benchmarks.customers.wishes import BERLIN
from booking_core.tables import AppointmentRow

CHANNELS = ("telegram", "sms", "whatsapp")
NOW = datetime(2026, 12, 20, 10, tzinfo=BERLIN)


@pytest.fixture(scope="module")
def workshops(server: str) -> Iterator[Engine]:
    with opened(server) as engine:
        yield engine


@pytest.fixture(scope="module")
def talks(workshops: Engine) -> list[Talk]:
    return [talk(workshops, seed, CHANNELS) for seed in range(20)]


def test_nobody_is_hung_up_on(talks: list[Talk]) -> None:
    assert [one.transcript for one in talks if one.outcome is Outcome.CRASH] == []


def test_most_people_get_what_they_came_for(talks: list[Talk]) -> None:
    assert sum(one.outcome.good for one in talks) >= 18, report(talks, 0)


def test_a_seed_is_a_conversation(workshops: Engine, talks: list[Talk]) -> None:
    said = [line for line in talks[7].lines if "Customer" in line]
    again = [line for line in talk(workshops, 7, CHANNELS).lines if "Customer" in line]
    assert said == again


def test_a_conversation_leaves_no_trace(workshops: Engine, talks: list[Talk]) -> None:
    with Session(workshops) as session:
        assert session.scalar(select(func.count()).select_from(AppointmentRow)) == 0


def test_the_report_counts_every_conversation(talks: list[Talk]) -> None:
    assert "20 conversations in 3 s" in report(talks, 3)


def test_times_are_read_in_both_languages() -> None:
    assert moments("Di, 22.12., 08:00 Uhr", NOW) == moments("Tue, 22 Dec, 08:00", NOW)


def test_a_time_in_january_is_next_year_s() -> None:
    assert moments("Mo, 04.01., 08:30", NOW) == [datetime(2027, 1, 4, 8, 30, tzinfo=BERLIN)]


def test_plates_have_at_most_eight_letters_and_digits() -> None:
    dice = Random(1)
    assert max(sum(map(str.isalnum, a_plate(dice))) for _ in range(200)) == 8


def test_nobody_mistypes_their_own_name() -> None:
    assert slipped("Hofstetter", Random(1), ["Bernd Hofstetter"]) == "Hofstetter"
