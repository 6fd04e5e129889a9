"""Sixty random deaths under load: nothing acknowledged is lost, nothing is done twice, nothing is left lying."""

import pytest

from tests.faults.storm import rage, told

KILLS, SEED = 60, 1


@pytest.mark.long
def test_deaths_cost_nothing() -> None:
    storm, wrong = rage(KILLS, SEED)
    assert wrong == [], told(storm, wrong)
    assert storm.killed.total() >= KILLS
    assert storm.journal.booked
    assert storm.journal.updates
