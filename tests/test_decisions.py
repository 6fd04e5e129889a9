"""Decisions have one form, one number each, and a place in the list."""

import re
from datetime import date
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "decisions"
DECISIONS = sorted(FOLDER.glob("ADR-*.md"))
FORM = re.compile(
    r"# (?P<number>ADR-\d{4}): (?P<title>[^\n]+)\n\n"
    r"- \*\*Status:\*\* (?P<status>[^\n]+)\n"
    r"- \*\*Date:\*\* (?P<date>[^\n]+)\n"
    r"- \*\*Deciders:\*\* (?P<deciders>[^\n]+)\n\n"
    r"## Context\n\n(?P<context>.+?)\n\n"
    r"## Decision\n\n(?P<decision>.+?)\n\n"
    r"## Consequences\n\n"
    r"- \*\*Positive\.\*\* (?P<positive>.+?)\n"
    r"- \*\*Negative\.\*\* (?P<negative>.+?)\n"
    r"- \*\*Mitigations\.\*\* (?P<mitigations>.+?)\n",
    re.DOTALL,
)
SEED = {
    "0001": "framework",
    "0002": "database",
    "0003": "authentication",
    "0004": "slot-locking",
    "0005": "notifications",
}


def parts(path: Path) -> dict[str, str]:
    match = FORM.match(path.read_text(encoding="utf-8"))
    assert match is not None, f"{path.name} does not have the form of template.md"
    return match.groupdict()


@pytest.mark.parametrize("path", [*DECISIONS, FOLDER / "template.md"], ids=lambda path: path.stem)
def test_a_decision_has_all_its_parts(path: Path) -> None:
    told = parts(path)
    assert re.fullmatch(r"proposed|accepted|superseded by ADR-\d{4}", told["status"])
    assert date.fromisoformat(told["date"]) >= date(2026, 1, 1)
    assert len(told["title"]) <= 100
    if path in DECISIONS:
        assert path.name.startswith(f"{told['number']}-")


def test_numbers_are_given_once_and_the_first_five_are_what_they_were_asked_for() -> None:
    numbers = [path.name[4:8] for path in DECISIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert {number: path.stem[9:] for number, path in zip(numbers, DECISIONS, strict=True) if number in SEED} == SEED


def test_the_list_names_them_all() -> None:
    listed = re.findall(
        r"^\| \[(ADR-\d{4})\]\(([^)]+)\) \| ([^|]+) \| ([^|]+) \|$", (FOLDER / "README.md").read_text(), re.M
    )
    told = [(path, parts(path)) for path in DECISIONS]
    assert listed == [(one["number"], path.name, one["title"], one["status"]) for path, one in told]


def test_what_replaces_a_decision_is_there() -> None:
    numbers = {path.name[:8] for path in DECISIONS}
    replaced = {parts(path)["status"].removeprefix("superseded by ") for path in DECISIONS}
    assert replaced - {"accepted", "proposed"} <= numbers
