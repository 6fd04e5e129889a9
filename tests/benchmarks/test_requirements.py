"""The page of requirements says what is asked and what was measured, and nothing else."""

from pathlib import Path

import pytest

from benchmarks.figures import Chapter, Figure, kept
from benchmarks.requirements import Requirement, asked, written

ROOT = Path(__file__).parents[2]
ASKED = asked(ROOT / "docs/requirements.toml")


def test_the_page_is_as_it_would_be_written_now() -> None:
    chapters = kept(sorted((ROOT / "docs/performance").glob("*.json")))
    page = (ROOT / "docs/NFR.md").read_text(encoding="utf-8")
    assert page == written(ASKED, chapters), "run: python -m benchmarks.requirements"


@pytest.mark.parametrize("one", ASKED, ids=lambda one: one.asked)
def test_a_requirement_can_be_seen_to_be_met_or_says_why_not(one: Requirement) -> None:
    assert one.tests or one.figure or one.open
    assert bool(one.figure) == bool(one.command)
    for test in one.tests:
        assert "def test_" in (ROOT / test).read_text(encoding="utf-8")


def test_a_figure_that_misses_its_target_is_shown_as_missing_it() -> None:
    one = Requirement(
        "Speed", "It is fast", "≤ 5 ms", "by a watch", figure="^walk", command="python -m benchmarks walk"
    )
    chapter = Chapter("1-walk", "Walking", "", (Figure("walk", "ms", (4, 8, 9), at_most=5), Figure("walker", "", (1,))))
    assert "walk: **8 ms** ✗ |" in written([one], [chapter])
    assert "no figure kept yet: `python -m benchmarks walk`" in written([one], [])
