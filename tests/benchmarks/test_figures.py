"""What benchmarks tell is kept and shown without loss."""

from pathlib import Path

import pytest

from benchmarks import page
from benchmarks.figures import FOLDER, Chapter, Figure, kept, number, ratio, tell


def test_a_figure_is_held_against_its_target_by_its_median() -> None:
    assert Figure("hold", "ms", (1.0, 2.0, 9.0), at_most=2).holds
    assert not Figure("hold", "ms", (1.0, 2.1, 9.0), at_most=2).holds
    assert not Figure("bookings", "/s", (390.0,), at_least=400).holds
    assert Figure("bookings", "/s", (390.0,)).holds is None


def test_a_ratio_is_taken_round_by_round() -> None:
    assert ratio("ours by theirs", [2, 9], [1, 3]).rounds == (2, 3)


@pytest.mark.parametrize(
    ("value", "shown"), [(0.12345, "0.123"), (4.567, "4.57"), (78.94, "78.9"), (12345.6, "12,346"), (3, "3")]
)
def test_numbers_have_the_digits_that_mean_something(value: float, shown: str) -> None:
    assert number(value) == shown


def test_chapters_are_kept_and_become_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chapter = Chapter("search", "Search", "All of it.", (Figure("a day", "ms", (0.5, 0.7), at_most=1),), "The plan.")
    monkeypatch.setenv(FOLDER, str(tmp_path))
    tell(chapter)
    assert kept(tmp_path.glob("*.json")) == [chapter]
    page.write(tmp_path / "page.md", tmp_path)
    written = (tmp_path / "page.md").read_text()
    assert "| a day | ms | 0.500 | 0.600 | 0.700 | ≤ 1 ✓ |  |" in written
    assert written.endswith("The plan.\n")


def test_the_page_is_what_was_measured() -> None:
    assert page.PAGE.read_text() == page.written(kept(sorted(page.FIGURES.glob("*.json"))))
