"""The mutants of `make mutants` still have something to take away, and tests that ought to notice."""

import pytest

from app.settings import CHECKOUT
from tests.faults.mutants import Mutant, mutants
from tests.named import exists

LEAST = 30


def test_there_are_enough() -> None:
    assert len(list(mutants())) >= LEAST


@pytest.mark.parametrize("mutant", list(mutants()), ids=lambda mutant: mutant.name)
def test_its_guard_stands_in_the_code_once_and_its_tests_exist(mutant: Mutant) -> None:
    assert mutant.matches(CHECKOUT) == 1
    assert mutant.old != mutant.new
    assert [test for test in mutant.tests if not exists(test)] == []
