"""Three minutes of customers: whatever is dead, whoever asks is answered."""

import pytest

from tests.faults.house import House
from tests.faults.soak import soaking, told

SECONDS, GOOD = 180, 0.999


@pytest.mark.long
def test_whatever_is_dead_nearly_all_are_answered_well(house: House) -> None:
    with soaking(house) as soak:
        soak.run(SECONDS)
    assert soak.asked >= SECONDS * 20 * 0.9
    assert len(soak.bad) <= soak.asked * (1 - GOOD), (told(soak), soak.bad)
