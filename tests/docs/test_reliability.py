"""The page about what breaks names tests that exist, or says why there is none."""

import re

import pytest

from tests.docs.pages import ROOT
from tests.named import exists

PAGE = (ROOT / "docs" / "Reliability.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d+) \| (.+) \|$", PAGE, re.MULTILINE)
ALL = 52


def test_every_fault_is_there() -> None:
    assert [int(number) for number, _ in ROWS] == list(range(1, ALL + 1))


@pytest.mark.parametrize(("number", "row"), ROWS, ids=[number for number, _ in ROWS])
def test_a_fault_has_its_test_or_a_reason(number: str, row: str) -> None:
    named = re.findall(r"`(tests/[^`]+)`", row)
    assert named or "Not here: " in row
    assert [test for test in named if not exists(test)] == []
